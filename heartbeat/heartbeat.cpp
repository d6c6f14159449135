#include "heartbeat/heartbeat.hpp"

#include <algorithm>

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
    const double periods = 1 + static_cast<double>(release.missed);
    ticked_.fire({release.scheduled, release.woken, release.missed, period_.seconds() * periods});
    if (!finished_) release = clock_->wait();
  }
}

void HeartBeat::run_out() {
  const kernel::Duration step = std::min(period_.times(1), 10 * kernel::millisecond);
  kernel::Port& port = kernel_.port();
  while (!finished_) {
    const kernel::Time next = port.now() + step;
    {
      const kernel::InterruptMask mask(port);
      while (port.now() < next) port.wait_until(next);
    }
    ticked_.fire({next, port.now(), 0, static_cast<double>(step) * 1e-9});
  }
}

void HeartBeat::go_on(Instant origin, std::uint64_t beat) {
  origin_ = origin;
  now_ = {beat, origin.time_ns + period_.times(beat - origin.beat)};
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
