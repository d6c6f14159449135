#include "kernel/barrier.hpp"

#include "kernel/call.hpp"

namespace tactus::kernel {

Barrier::Barrier(Kernel& kernel, const char* name, std::size_t parties) noexcept
    : waiting_(kernel, "barrier", name, Order::priority), parties_(parties) {
  if (parties == 0) kernel.fail_at(Misuse::out_of_range, "Barrier", name);
}

Result Barrier::wait(WaitLimit limit) noexcept {
  const Call call(waiting_, "Barrier::wait");
  // Those who wait are the count: whoever leaves early is out of it by that.
  if (waiting_.size() + 1 < parties_) return call.wait(waiting_, limit);
  waiting_.wake_all();
  call.reschedule();
  return Result::ok;
}

}  // namespace tactus::kernel
