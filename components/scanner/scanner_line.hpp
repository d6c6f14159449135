#pragma once
// One input on its way from the device to everybody else: what is believed, and what stands in for the rest.

#include <cstdint>
#include <limits>
#include <string>

#include "mediator/counter.hpp"
#include "mediator/status.hpp"
#include "plugin/supervision.hpp"

namespace tactus {

/// What a sample that is bad (or stale) leads to: the last good one is held for a while, then comes `then`.
struct OnBad {
  enum class Then : std::uint8_t {
    pass,        ///< nothing: it goes on as it is
    bad,         ///< it goes on with the status bad
    substitute,  ///< `value` in its place
    fault,
  };
  std::int64_t hold_ns = 0;  ///< longest age of what is held, in virtual system time; 0: nothing is held
  Then then = Then::pass;
  double value = 0;  ///< of a substitute, in the signal's unit
};

/// One signal of a scanner: signal = scale x raw + offset, where raw is in the channel's unit.
struct ScannerLine {
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  std::string signal;
  std::string unit = "1";
  std::size_t channel = 0;  ///< index into Device::channels()
  double scale = 1;
  double offset = 0;
  double jump = infinity;     ///< fastest change that is believed, per second
  std::int64_t stuck_ns = 0;  ///< how long the very same value makes it a bad one; 0: never
  OnBad on_bad{};
};

/// How often samples were found bad, and what became of those. Written by the beat, read by anyone.
struct InputCounters {
  Counter outliers;     ///< changes that were too fast
  Counter stuck;        ///< samples of a sensor that seems to be stuck
  Counter held;         ///< the last good sample stood in
  Counter substituted;  ///< the user's value stood in
  Counter bad;          ///< nothing stood in: the signal was bad or stale
};

/// What a line remembers of its samples: part of its scanner's state.
struct InputHistory {
  static constexpr std::int64_t never = -1;

  double good = 0;  ///< the last good one
  std::int64_t good_at_ns = never;
  double last = 0;  ///< the last one, and since when it has been the same
  std::int64_t same_since_ns = never;
};

/// A value in the signal's unit, and how far it can be trusted.
struct Sample {
  double value = 0;
  Status status = Status::good;
};

/// What a sample is worth, in this order: the status that it comes with, the finite check, stuck, outlier;
/// and what goes on in its place if that is not enough. What is not finite never goes on as better than bad.
/// `now_ns` is virtual system time. Real-time.
Sample judge_sample(const ScannerLine& line, Sample sample, std::int64_t now_ns, InputHistory& history,
                    InputCounters& counters, FaultLatch& fault);

}  // namespace tactus
