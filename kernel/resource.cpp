#include "kernel/resource.hpp"

#include "kernel/kernel.hpp"
#include "kernel/task.hpp"

namespace tactus::kernel {

Resource::Resource(Kernel& kernel, const char* kind, const char* name, Protocol protocol,
                   Priority ceiling) noexcept
    : WaitQueue(kernel, kind, name, Order::priority), protocol_(protocol), ceiling_(ceiling) {
  inherits_ = protocol == Protocol::inheritance;
}

Resource::~Resource() {
  if (holder_ == nullptr) return;
  const Call call(*this, "destructor");
  let_go();
  if (empty()) call.reschedule();  // otherwise when all have been told
}

Priority Resource::urgency() const noexcept {
  if (protocol_ == Protocol::ceiling) return ceiling_;
  return inherits_ && !empty() ? first()->priority() : Priority{0};
}

void Resource::hand_over() noexcept {
  let_go();
  Task* const next = first();
  if (next == nullptr) return;
  hold(*next);
  wake(*next);
}

Result Resource::wait_to_hold(const Call& call, WaitLimit limit) noexcept {
  if (!limit.is_at_once() && kernel().closes_circle(call.task(), *this)) return Result::deadlock;
  return call.wait(*this, limit);
}

void Resource::transfer(const Call& call, Task& task) noexcept {
  if (holder_ == nullptr) {
    hold(task);
    kernel().wake(task, Result::ok);
    return;
  }
  if (kernel().closes_circle(task, *this)) call.misuse(Misuse::never_held_again);
  kernel().wait_in_any_case(task);
  kernel().move(task, *this);
}

void Resource::give_to(Task& task) noexcept {
  let_go();
  hold(task);
  kernel().wake(task, Result::ok);
}

Result Resource::hold_again(const Call& call) noexcept {
  Task& self = call.task();
  if (holder_ == nullptr) {
    hold(self);
    return Result::ok;
  }
  if (kernel().closes_circle(self, *this)) call.misuse(Misuse::never_held_again);
  return call.wait_in_any_case(*this);
}

}  // namespace tactus::kernel
