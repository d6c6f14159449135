#pragma once
#include <stdexcept>
#include <string>

#include "reporter/recording_file.hpp"

namespace tactus {

/// A watchdog of the computer can't be had. The message is for the user.
class WatchdogError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A watchdog of the computer, as Linux offers it under /dev/watchdog: from the moment it is opened the
/// computer restarts unless it is fed in time, until it is released. Closing it otherwise, as the death of a
/// process does, does not stop it (with drivers that know the magic close; all usual ones do). Ordinary
/// domain, one thread.
class WatchdogDevice {
 public:
  /// Opens it and asks for a time-out in seconds. Throws WatchdogError; it is released then.
  WatchdogDevice(const std::string& path, int timeout_s);

  /// The time-out that the driver took, in seconds: some know steps, or one time only.
  [[nodiscard]] int timeout_s() const noexcept { return timeout_s_; }
  void feed() noexcept;
  /// The computer need no longer restart. A driver that was loaded with `nowayout` does not stop at that.
  void release() noexcept;

 private:
  [[noreturn]] void refuse(const std::string& why);
  void take_timeout(int timeout_s);

  std::string path_;
  FileDescriptor device_;
  int timeout_s_ = 0;
};

}  // namespace tactus
