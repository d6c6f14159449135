#pragma once
#include <algorithm>
#include <cstdint>

namespace tactus {

/// Tells when an engine that should tick has not done so for too long. It knows time only from its caller;
/// all times are in ns, on one clock.
///
/// A watcher that was itself held up (the whole machine stood still, or was swamped) has seen nothing of the
/// engine meanwhile: an engine that is late then gets its limit once more, before it counts as stalled.
class StallWatch {
 public:
  /// The longest silence that a run with this period may show: 50 ms, or three periods.
  static constexpr std::int64_t limit_for(std::int64_t period_ns) {
    constexpr std::int64_t least = 50'000'000;
    return std::max(least, 3 * period_ns);
  }

  /// One look, at `now`: the engine has ticked `ticks` times, the last time at `tick_ns`. True if it has
  /// stalled.
  bool look(std::int64_t now_ns, std::uint64_t ticks, std::int64_t tick_ns, std::int64_t limit_ns) {
    const bool first = next_look_ns_ == 0;
    const bool held_up = !first && now_ns - next_look_ns_ > limit_ns / 2;
    if (first || ticks != ticks_) {
      ticks_ = ticks;
      since_ns_ = tick_ns;
      granted_ = false;
    } else if (held_up && !granted_) {
      since_ns_ = now_ns;
      granted_ = true;
    }
    next_look_ns_ = since_ns_ + limit_ns;
    return now_ns >= next_look_ns_;
  }

  /// When to look again, unless it has stalled.
  std::int64_t next_look_ns() const { return next_look_ns_; }

 private:
  std::uint64_t ticks_ = 0;
  std::int64_t since_ns_ = 0;  // silent
  std::int64_t next_look_ns_ = 0;
  bool granted_ = false;
};

}  // namespace tactus
