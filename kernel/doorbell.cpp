#include "kernel/doorbell.hpp"

namespace tactus::kernel {

void Doorbell::ring() noexcept {
  // acq_rel: release, so that whoever answers sees what was written before this ring even when another one
  // has put the bell into the list; acquire, so that the link may be written again only after the kernel has
  // read it.
  if (listed_.exchange(true, std::memory_order_acq_rel)) return;
  kernel_.list_rung(*this);
}

Result Doorbell::wait() noexcept {
  const InterruptMask mask(kernel_.port());
  Task& self = kernel_.caller("Doorbell::wait");
  if (rung_) {
    rung_ = false;
    return kernel_.stopping() ? Result::stopped : Result::ok;
  }
  waiting_ = &self;
  const Result result = kernel_.block(self, "a doorbell", forever);
  waiting_ = nullptr;
  return result;
}

void Doorbell::answer() noexcept {
  // acq_rel: acquire pairs with every ring so far, release with the next one, see `ring`.
  listed_.exchange(false, std::memory_order_acq_rel);
  if (waiting_ == nullptr || waiting_->state() != TaskState::waiting) {
    rung_ = true;
    return;
  }
  kernel_.wake(*waiting_, Result::ok);
  waiting_ = nullptr;
}

}  // namespace tactus::kernel
