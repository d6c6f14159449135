#include "kernel/timer.hpp"

#include <utility>

namespace tactus::kernel {

Timer::Timer(Kernel& kernel, Priority priority, Entry body) noexcept
    : kernel_(kernel), tasklet_(kernel, priority, body), expiry_(*this) {
  expiry_.priority = priority;
}

Timer::~Timer() { stop(); }

void Timer::start(Time first, Duration period) noexcept {
  const InterruptMask mask(kernel_.port());
  if (!kernel_.is_here()) kernel_.fail_at(Misuse::outside_task, "Timer::start", "");
  if (period < 0) kernel_.fail_at(Misuse::out_of_range, "Timer::start", "");
  stop();
  running_ = true;
  period_ = period;
  expiry_.when = first;
  kernel_.timeouts_.insert(expiry_);
  kernel_.reschedule();
}

bool Timer::stop() noexcept {
  const InterruptMask mask(kernel_.port());
  if (!kernel_.is_here()) kernel_.fail_at(Misuse::outside_task, "Timer::stop", "");
  kernel_.timeouts_.remove(expiry_);
  const bool due = tasklet_.cancel();
  return std::exchange(running_, false) || due;
}

void Timer::expire() noexcept {
  running_ = period_ > 0;
  if (running_) {
    expiry_.when += period_;
    kernel_.timeouts_.insert(expiry_);
  }
  tasklet_.schedule();
}

Timer::Expiry::Expiry(Timer& expiring) noexcept
    : Timeout([](Timeout& timeout) { static_cast<Expiry&>(timeout).timer.expire(); }), timer(expiring) {}

}  // namespace tactus::kernel
