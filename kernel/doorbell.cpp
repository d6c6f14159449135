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
  Task& self = kernel_.checked("Doorbell::wait");
  if (rung_) {
    rung_ = false;
    return kernel_.stopping() ? Result::stopped : Result::ok;
  }
  waiting_ = &self;
  const Result result = kernel_.block(self, {.what = "a doorbell"});
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

// -- The kernel's part

void Kernel::list_rung(Doorbell& bell) noexcept {
  Doorbell* first = rung_.load(std::memory_order_relaxed);  // relaxed: the exchange below checks it
  do {
    bell.next_rung_ = first;
    // release: the kernel that takes the list sees the link. Another round only if another bell came between.
  } while (!rung_.compare_exchange_weak(first, &bell, std::memory_order_release, std::memory_order_relaxed));
  port_.wake();
}

void Kernel::answer_doorbells() noexcept {
  // acquire: pairs with the release that made each bell the first of the list.
  Doorbell* bell = rung_.exchange(nullptr, std::memory_order_acquire);
  Doorbell* in_order = nullptr;  // the list is the last first; those who wait get up in the order of ringing
  while (bell != nullptr) {
    Doorbell* const next = bell->next_rung_;
    bell->next_rung_ = in_order;
    in_order = bell;
    bell = next;
  }
  while (in_order != nullptr) {
    Doorbell* const next = in_order->next_rung_;  // before the answer, after which it may ring again
    in_order->answer();
    in_order = next;
  }
}

}  // namespace tactus::kernel
