#pragma once

#include "kernel/kernel.hpp"
#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// A call into an object, for its scope: interrupts are masked, and the thread is the kernel's (before and
/// after the run, any). The seam for objects; inline, for it is on the path of every one of them.
class Call {
 public:
  /// `function` names the call in the report of a misuse, `queue` the object.
  Call(const WaitQueue& queue, const char* function) noexcept
      : kernel_(queue.kernel()), function_(function), object_(queue.name()), mask_(kernel_.port()) {
    if (!kernel_.is_here()) misuse(Misuse::outside_task);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  [[nodiscard]] Kernel& kernel() const noexcept { return kernel_; }

  /// The calling task; a call from anywhere else is a misuse.
  [[nodiscard]] Task& task() const noexcept { return kernel_.caller(function_, object_); }

  /// The calling task waits in `queue`. `request` is anything that those who serve it need to know.
  Result wait(WaitQueue& queue, WaitLimit limit, void* request = nullptr) const noexcept;

  /// Like `wait` without a limit, but also while the kernel stops: for what a task must have back.
  Result wait_in_any_case(WaitQueue& queue) const noexcept;

  /// Gives the processor to a more urgent task, if this call has made one ready. Last in a call.
  void reschedule() const noexcept { kernel_.reschedule(); }

  /// Reports a misuse of the object.
  [[noreturn]] void misuse(Misuse number) const noexcept { kernel_.fail_at(number, function_, object_); }

 private:
  Kernel& kernel_;
  const char* function_;
  const char* object_;
  InterruptMask mask_;
};

}  // namespace tactus::kernel
