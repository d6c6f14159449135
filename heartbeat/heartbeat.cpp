#include "heartbeat/heartbeat.hpp"

namespace tactus {

HeartBeat::HeartBeat(kernel::Kernel& kernel, Period period, kernel::Late late)
    : kernel_(kernel), period_(period), late_(late), ticked_("heartbeat.ticked") {}

void HeartBeat::run() {
  finished_ = kernel_.stopping();
  const kernel::Time start = kernel_.now();
  clock_.emplace(kernel_, schedule(start));
  // The first tick is now: the phase of all others is counted from it, so it is never late.
  clock_->set_next(1);
  kernel::Release release{.scheduled = start, .woken = start};
  while (release && !finished_) {
    last_tick_ = release.scheduled;
    ticked_.fire({release.scheduled, release.woken, release.missed});
    if (!finished_) release = clock_->wait();
  }
}

Instant HeartBeat::advance(std::uint64_t missed) {
  if (begun_) now_.beat += 1 + missed;
  begun_ = true;
  now_.time_ns = origin_.time_ns + period_.times(now_.beat - origin_.beat);
  return now_;
}

void HeartBeat::change_period(Period period) {
  if (period == period_) return;
  period_ = period;
  origin_ = now_;
  clock_.emplace(kernel_, schedule(last_tick_));
  clock_->set_next(1);
}

}  // namespace tactus
