#include "kernel/semaphore.hpp"

#include "kernel/call.hpp"

namespace tactus::kernel {

Semaphore::Semaphore(Kernel& kernel, const char* name, std::uint32_t initial,
                     SemaphoreOptions options) noexcept
    : waiting_(kernel, "semaphore", name, options.order), value_(initial), maximum_(options.maximum) {
  if (initial > maximum_ || maximum_ == 0) kernel.fail_at(Misuse::out_of_range, "Semaphore", name);
}

Result Semaphore::acquire(WaitLimit limit) noexcept {
  const Call call(waiting_, "Semaphore::acquire");
  if (value_ == 0) return call.wait(waiting_, limit);
  --value_;
  return Result::ok;
}

Result Semaphore::release() noexcept {
  const Call call(waiting_, "Semaphore::release");
  if (waiting_.wake_first()) {
    call.reschedule();
    return Result::ok;
  }
  if (value_ == maximum_) return Result::full;
  ++value_;
  return Result::ok;
}

}  // namespace tactus::kernel
