#pragma once

#include "kernel/kernel.hpp"
#include "kernel/timeout_queue.hpp"

namespace tactus::kernel {

/// Keeps tasks up to a ceiling from running, for a scope; more urgent ones, and all interrupts, go on. Nests:
/// the highest ceiling counts. Never waits itself, and needs no object to share: right for short work on what
/// many tasks use. To wait or to yield while holding one is a misuse; where that is needed, take a `Mutex`.
///
/// The holder runs at the ceiling, so when something more urgent has pre-empted it, it goes on before any
/// task up to the ceiling.
class SchedulerLock {
 public:
  /// *Task.* `ceiling` at least the priority of each task that must not run now.
  SchedulerLock(Kernel& kernel, Priority ceiling) noexcept;
  ~SchedulerLock();
  SchedulerLock(const SchedulerLock&) = delete;
  SchedulerLock& operator=(const SchedulerLock&) = delete;

 private:
  Kernel& kernel_;
  Task& task_;
  Priority outer_;
};

}  // namespace tactus::kernel
