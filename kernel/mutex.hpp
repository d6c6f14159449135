#pragma once

#include "kernel/resource.hpp"
#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"

namespace tactus::kernel {

struct MutexOptions {
  Protocol protocol = Protocol::inheritance;
  Priority ceiling = 0;    ///< for Protocol::ceiling: at least the priority of each task that locks it
  bool recursive = false;  ///< its owner may lock it again, and unlocks it as often
};

/// Mutual exclusion with an owner. Those who wait get it in order of priority, and get it at the unlock:
/// nobody comes between. To wait while holding one is allowed; prefer the `Locked` scope to unlocking by
/// hand.
///
/// A lock that would close a circle of tasks that wait for each other is refused with Result::deadlock.
class Mutex {
 public:
  /// `name` must outlive it.
  Mutex(Kernel& kernel, const char* name, MutexOptions options = {}) noexcept;

  /// Those who wait see Result::deleted; its owner has it no longer.
  ~Mutex() = default;

  /// *Task.* ok, timed_out, stopped, deleted, or deadlock. A mutex that is free is locked also while the
  /// kernel stops.
  Result lock(WaitLimit limit = {}) noexcept;

  /// *Task*, the owner.
  void unlock() noexcept;

  /// Who has it; null for nobody. The kernel's thread.
  [[nodiscard]] const Task* owner() const noexcept { return resource_.holder(); }

 private:
  friend class Condition;

  Resource resource_;
  unsigned again_ = 0;  ///< locks of the owner beyond its first
  bool recursive_;
};

/// Holds a mutex for a scope: `if (const Locked locked{mutex}) ...`, or look at `result`.
class [[nodiscard]] Locked {
 public:
  /// *Task.*
  explicit Locked(Mutex& mutex, WaitLimit limit = {}) noexcept : mutex_(mutex), result_(mutex.lock(limit)) {}
  ~Locked() {
    if (result_ == Result::ok) mutex_.unlock();
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  explicit operator bool() const noexcept { return result_ == Result::ok; }
  [[nodiscard]] Result result() const noexcept { return result_; }

 private:
  Mutex& mutex_;
  Result result_;
};

}  // namespace tactus::kernel
