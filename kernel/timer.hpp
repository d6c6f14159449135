#pragma once

#include "kernel/entry.hpp"
#include "kernel/kernel.hpp"
#include "kernel/tasklet.hpp"
#include "kernel/time.hpp"
#include "kernel/timeout_queue.hpp"

namespace tactus::kernel {

/// Calls a function at a time, once or again and again: a timed `Tasklet`, whose rules hold for it. Of timers
/// that expire at one instant the more urgent is called first. For work that takes long use a task.
class Timer {
 public:
  /// `body` must outlive the timer.
  Timer(Kernel& kernel, Priority priority, Entry body) noexcept;
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Expires at `first`, a time of the kernel's clock, and then every `period`; 0 for never again. What has
  /// passed expires at once; expiries that could not be served one by one are one. Starts anew when it runs
  /// already. By tasks and handlers, and before the run.
  void start(Time first, Duration period = 0) noexcept;

  /// Does not expire any more; false if it was not to.
  bool stop() noexcept;

 private:
  struct Expiry : Timeout {
    explicit Expiry(Timer& expiring) noexcept;
    Timer& timer;
  };

  void expire() noexcept;

  Kernel& kernel_;
  Tasklet tasklet_;
  Expiry expiry_;
  Duration period_ = 0;
  bool running_ = false;
};

}  // namespace tactus::kernel
