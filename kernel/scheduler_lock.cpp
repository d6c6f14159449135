#include "kernel/scheduler_lock.hpp"

#include <algorithm>

#include "kernel/assert.hpp"

namespace tactus::kernel {

SchedulerLock::SchedulerLock(Kernel& kernel, Priority ceiling) noexcept
    : kernel_(kernel), task_(kernel.caller("SchedulerLock")), outer_(task_.lock_ceiling_) {
  const InterruptMask mask(kernel_.port());
  ++task_.scheduler_locks_;
  task_.lock_ceiling_ = std::max(outer_, ceiling);
  kernel_.update_priority(task_);
}

SchedulerLock::~SchedulerLock() {
  const InterruptMask mask(kernel_.port());
  if (&kernel_.caller("end of SchedulerLock") != &task_) {
    kernel_.fail_at(Misuse::not_the_holder, "end of SchedulerLock", "");
  }
  --task_.scheduler_locks_;
  task_.lock_ceiling_ = outer_;
  kernel_.update_priority(task_);
  kernel_.reschedule();
}

}  // namespace tactus::kernel
