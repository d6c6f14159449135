#pragma once

#include "kernel/mutex.hpp"
#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// To wait, within a mutex, until what it protects has changed: `while (!ready) condition.wait(mutex);`
/// The mutex is given up for the wait and had again after it. Whoever signals goes on with the mutex
/// (signal-and-continue), so the one that is woken has to look again.
///
/// A signalled task goes straight to the mutex's queue: it does not wake up only to wait there.
class Condition {
 public:
  /// `name` must outlive it.
  Condition(Kernel& kernel, const char* name) noexcept
      : waiting_(kernel, "condition", name, Order::priority) {}

  /// *Task*, the owner of `mutex`, and its owner again whatever the result: ok, timed_out (the limit is that
  /// of the signal, not of the mutex), stopped, or deleted. Only if it is the mutex that was deleted there is
  /// none to own. Gives up all locks of a recursive mutex.
  Result wait(Mutex& mutex, WaitLimit limit = {}) noexcept;

  /// Wakes the most urgent who waits, if anybody does. Tasks and handlers, with the mutex or without.
  void signal() noexcept;

  /// Wakes all.
  void broadcast() noexcept;

 private:
  WaitQueue waiting_;
};

}  // namespace tactus::kernel
