#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "supervisor/watchdog_device.hpp"

namespace tactus {

/// Feeds a watchdog from a thread of its own, four times in each time-out, as long as it is told that all is
/// well. Ordinary domain.
class WatchdogFeeder {
 public:
  /// `is_well` is called by the thread.
  WatchdogFeeder(WatchdogDevice device, std::function<bool()> is_well);
  /// Without `release` the computer restarts.
  ~WatchdogFeeder();
  WatchdogFeeder(const WatchdogFeeder&) = delete;
  WatchdogFeeder& operator=(const WatchdogFeeder&) = delete;

  /// Stops the watchdog and the thread. Once.
  void release();

 private:
  void run();
  void end();

  WatchdogDevice device_;
  std::function<bool()> is_well_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace tactus
