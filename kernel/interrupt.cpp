#include "kernel/interrupt.hpp"

#include <bit>
#include <utility>

#include "kernel/call.hpp"
#include "kernel/kernel.hpp"

namespace tactus::kernel {

Interrupt::Interrupt(Kernel& kernel, unsigned source, const char* name) noexcept
    : waiting_(kernel, "interrupt", name, Order::priority), source_(source) {
  const Call call(waiting_, "Interrupt");
  if (source >= kernel.interrupts_.size()) call.misuse(Misuse::out_of_range);
  if (kernel.interrupts_[source] != nullptr) call.misuse(Misuse::source_taken);
  kernel.interrupts_[source] = this;
}

Interrupt::Interrupt(Kernel& kernel, unsigned source, const char* name, Entry handler) noexcept
    : Interrupt(kernel, source, name) {
  handler_ = handler;
}

Interrupt::~Interrupt() {
  const Call call(waiting_, "destructor");
  waiting_.kernel().interrupts_[source_] = nullptr;
}

void Interrupt::raise() noexcept {
  Kernel& kernel = waiting_.kernel();
  // release: the handler sees what was written before the interrupt was raised.
  kernel.raised_.fetch_or(std::uint64_t{1} << source_, std::memory_order_release);
  kernel.port().wake();
}

Result Interrupt::await(WaitLimit limit) noexcept {
  const Call call(waiting_, "Interrupt::await");
  if (std::exchange(remembered_, false)) return Result::ok;
  return call.wait(waiting_, limit);
}

void Interrupt::serve() noexcept {
  if (handler_) (*handler_)();
  remembered_ = waiting_.empty();
  waiting_.wake_all();
}

// -- The kernel's part

void Kernel::run_interrupts() noexcept {
  const bool nested = std::exchange(in_handler_, true);
  // acquire: pairs with the release of each that was raised.
  std::uint64_t raised = raised_.exchange(0, std::memory_order_acquire);
  for (; raised != 0; raised &= raised - 1) {
    const auto source = static_cast<unsigned>(std::countr_zero(raised));
    if (interrupts_[source] != nullptr) interrupts_[source]->serve();
    count_turn();
  }
  in_handler_ = nested;
}

}  // namespace tactus::kernel
