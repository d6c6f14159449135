#include "supervisor/watchdog_device.hpp"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace tactus {
namespace {

std::string advice(int error) {
  if (error == EBUSY) return "; another program feeds it, such as systemd (RuntimeWatchdogSec=) or watchdogd";
  if (error == EACCES || error == EPERM) return "; give the user write access to it (a udev rule)";
  if (error == ENOENT || error == ENODEV) return "; without such hardware there is `modprobe softdog`";
  return "";
}

}  // namespace

// Without waiting: what is no watchdog might keep who opens it.
WatchdogDevice::WatchdogDevice(const std::string& path, int timeout_s)
    : path_(path), device_(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {
  if (device_.number() < 0)
    throw WatchdogError("watchdog " + path + ": " + error_text(errno) + advice(errno));
  watchdog_info about{};
  if (ioctl(device_.number(), WDIOC_GETSUPPORT, &about) != 0)
    throw WatchdogError("watchdog " + path + ": that is no watchdog: " + error_text(errno));
  take_timeout(timeout_s);
}

void WatchdogDevice::take_timeout(int timeout_s) {
  timeout_s_ = timeout_s;
  if (ioctl(device_.number(), WDIOC_SETTIMEOUT, &timeout_s_) == 0) return;
  const int error = errno;
  if (error == EINVAL) refuse("its driver does not take a time-out of " + std::to_string(timeout_s) + " s");
  // It has but one.
  if (ioctl(device_.number(), WDIOC_GETTIMEOUT, &timeout_s_) != 0 || timeout_s_ <= 0)
    refuse("its time-out can't be set: " + error_text(error));
}

void WatchdogDevice::refuse(const std::string& why) {
  release();
  throw WatchdogError("watchdog " + path_ + ": " + why);
}

void WatchdogDevice::feed() noexcept { ioctl(device_.number(), WDIOC_KEEPALIVE, 0); }

void WatchdogDevice::release() noexcept {
  static_cast<void>(!write(device_.number(), "V", 1));
  device_ = FileDescriptor();
}

}  // namespace tactus
