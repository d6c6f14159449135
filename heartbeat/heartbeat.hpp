#pragma once
// Derives virtual system time from the kernel's clock and fires the beat.

#include <cstdint>
#include <optional>

#include "event/event.hpp"
#include "heartbeat/period.hpp"
#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"

namespace tactus {

/// One tick of the kernel's clock, as it came.
struct Tick {
  kernel::Time scheduled = 0;  ///< when it was to be
  kernel::Time woken = 0;      ///< when it was
  std::uint64_t missed = 0;    ///< ticks that had passed unserved before it
  double elapsed = 0;          ///< s since the last one that was served, as planned
};

/// Virtual system time: a beat and its instant, a function of the beat's number alone while the period stays.
struct Instant {
  std::uint64_t beat = 0;
  std::int64_t time_ns = 0;
};

/// Waits for the ticks, fires `ticked` for each, and counts the beats. Real-time; one task owns it.
class HeartBeat {
 public:
  HeartBeat(kernel::Kernel& kernel, Period period, kernel::Late late);

  /// Fires `ticked` period after period until `finish` is called or the kernel stops.
  void run();
  /// Goes on after the kernel has stopped, when it waits for nobody any more, until `finish` is called: for
  /// work that cannot be left half done. Its ticks come at least every 10 ms.
  void run_out();
  /// Ends `run` and `run_out` after the tick at hand.
  void finish() { finished_ = true; }
  Event<Tick>& ticked() { return ticked_; }

  /// Moves virtual system time to the next beat, `missed` beats further than the one after the last.
  Instant advance(std::uint64_t missed);
  const Instant& now() const { return now_; }
  /// Where the present period began.
  const Instant& origin() const { return origin_; }
  /// Before it runs: its first beat is `beat`, of a period that began at `origin`.
  void go_on(Instant origin, std::uint64_t beat);
  const Period& period() const { return period_; }

  /// From the present beat on beats have this period; time goes on without a step.
  void change_period(Period period);

 private:
  kernel::Schedule schedule(kernel::Time start) const {
    return {start, {period_.numerator, period_.denominator}, late_};
  }

  kernel::Kernel& kernel_;
  Period period_;
  kernel::Late late_;
  std::optional<kernel::Periodic> clock_;
  kernel::Time last_tick_ = 0;
  Event<Tick> ticked_;
  Instant origin_;  // where the present period began
  Instant now_;
  bool begun_ = false;
  bool finished_ = false;
};

}  // namespace tactus
