#pragma once

#include <cstdint>
#include <limits>

#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

struct SemaphoreOptions {
  std::uint32_t maximum = std::numeric_limits<std::uint32_t>::max();  ///< 1 makes it binary
  Order order = Order::priority;                                      ///< in which those who wait are woken
};

/// A number of permits: to wait for something that happens (begin with 0), or to share n equal things (begin
/// with n: a multiplex). It has no owner and knows nothing of priorities: to exclude, use a `Mutex`.
class Semaphore {
 public:
  /// `initial` at most the maximum. `name` must outlive it.
  Semaphore(Kernel& kernel, const char* name, std::uint32_t initial, SemaphoreOptions options = {}) noexcept;

  /// *Task.* Takes a permit: ok, timed_out, stopped or deleted. By handlers, and in critical sections, with
  /// `at_once`.
  Result acquire(WaitLimit limit = {}) noexcept;

  /// Gives one to the first who waits, or keeps it; `full` if it has the maximum already. Tasks and handlers,
  /// and before the run.
  Result release() noexcept;

  /// The permits that are left. The kernel's thread.
  [[nodiscard]] std::uint32_t value() const noexcept { return value_; }

 private:
  WaitQueue waiting_;
  std::uint32_t value_;
  std::uint32_t maximum_;
};

}  // namespace tactus::kernel
