#include "kernel/mutex.hpp"

#include "kernel/kernel.hpp"
#include "kernel/task.hpp"

namespace tactus::kernel {

Mutex::Mutex(Kernel& kernel, const char* name, MutexOptions options) noexcept
    : resource_(kernel, "mutex", name, options.protocol, options.ceiling), recursive_(options.recursive) {}

Result Mutex::lock(WaitLimit limit) noexcept {
  const Call call(resource_, "Mutex::lock");
  Task& self = call.task();
  if (resource_.is_above_ceiling(self)) call.misuse(Misuse::above_ceiling);
  if (resource_.holder() == nullptr) {
    resource_.hold(self);
    return Result::ok;
  }
  if (resource_.holder() == &self && recursive_) {
    ++again_;
    return Result::ok;
  }
  return resource_.wait_to_hold(call, limit);
}

void Mutex::unlock() noexcept {
  const Call call(resource_, "Mutex::unlock");
  Task& self = call.task();
  if (resource_.holder() != &self) call.misuse(Misuse::not_the_holder);
  if (again_ > 0) {
    --again_;
    return;
  }
  if (resource_.empty() && self.priority() == self.base_priority()) return resource_.let_go();
  resource_.hand_over();
  call.reschedule();
}

}  // namespace tactus::kernel
