#pragma once

#include "kernel/mutex.hpp"
#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// To wait, within a mutex, until what it protects has changed: `while (!ready) condition.wait(mutex);`
/// The mutex is given up for the wait and had again after it. A mutex and its conditions make a monitor, in
/// either of two semantics:
///
/// - `signal`: whoever signals goes on (signal-and-continue), so the one that is woken has to look again;
/// - `signal_and_wait`: the one that is woken runs at once and finds things as they were at the signal.
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

  /// *Task*, the owner of `mutex`. Gives it to the most urgent who waits, and waits to have it again: ok, or
  /// deleted with the mutex. Goes on if nobody waits.
  Result signal_and_wait(Mutex& mutex) noexcept;

  /// Wakes all.
  void broadcast() noexcept;

 private:
  WaitQueue waiting_;
};

}  // namespace tactus::kernel
