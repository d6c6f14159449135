#include "supervisor/watchdog_feeder.hpp"

#include <utility>

namespace tactus {

WatchdogFeeder::WatchdogFeeder(WatchdogDevice device, std::function<bool()> is_well)
    : device_(std::move(device)), is_well_(std::move(is_well)), thread_(&WatchdogFeeder::run, this) {}

WatchdogFeeder::~WatchdogFeeder() { end(); }

void WatchdogFeeder::run() {
  const std::chrono::milliseconds between(device_.timeout_s() * 1000 / 4);
  std::unique_lock lock(mutex_);
  do {
    if (is_well_()) device_.feed();
  } while (!wake_.wait_for(lock, between, [this] { return ends_; }));
}

void WatchdogFeeder::end() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void WatchdogFeeder::release() {
  end();
  device_.release();
}

}  // namespace tactus
