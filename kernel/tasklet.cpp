#include "kernel/tasklet.hpp"

#include <utility>

namespace tactus::kernel {

Tasklet::~Tasklet() { cancel(); }

bool Tasklet::cancel() noexcept {
  const InterruptMask mask(kernel_.port());
  if (!kernel_.is_here()) kernel_.fail_at(Misuse::outside_task, "Tasklet::cancel", "");
  if (scheduled_) kernel_.tasklets_.remove(*this);
  return std::exchange(scheduled_, false);
}

void Tasklet::schedule() noexcept {
  const InterruptMask mask(kernel_.port());
  if (!kernel_.is_here()) kernel_.fail_at(Misuse::outside_task, "Tasklet::schedule", "");
  if (scheduled_) return;
  scheduled_ = true;
  kernel_.tasklets_.push_back(*this);
  kernel_.reschedule();
}

// -- The kernel's part

/// Ends when nothing is left to do at this instant: a tasklet may raise interrupts.
void Kernel::run_tasklets() noexcept {
  in_handler_ = true;
  while (ReadyNode* const node = tasklets_.pop()) {
    Tasklet& tasklet = static_cast<Tasklet&>(*node);
    tasklet.scheduled_ = false;
    tasklet.body_();
    count_turn();
    // relaxed: see `serve`.
    if (raised_.load(std::memory_order_relaxed) != 0) run_interrupts();
  }
  in_handler_ = false;
}

}  // namespace tactus::kernel
