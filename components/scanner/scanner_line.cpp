#include "components/scanner/scanner_line.hpp"

#include <bit>
#include <cmath>

namespace tactus {
namespace {

/// Bit by bit: a sensor with noise never gives the same twice for long.
bool is_stuck(const ScannerLine& line, double value, std::int64_t now_ns, InputHistory& history) {
  if (line.stuck_ns == 0) return false;
  const bool same = history.same_since_ns != InputHistory::never &&
                    std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(history.last);
  if (!same) {
    history.last = value;
    history.same_since_ns = now_ns;
  }
  return same && now_ns - history.same_since_ns >= line.stuck_ns;
}

/// Measured from the last good sample, so that a value which stays there is believed after a while.
bool is_outlier(const ScannerLine& line, double value, std::int64_t now_ns, const InputHistory& history) {
  if (history.good_at_ns == InputHistory::never) return false;
  const double elapsed = static_cast<double>(now_ns - history.good_at_ns) * 1e-9;
  return std::abs(value - history.good) > line.jump * elapsed;
}

/// Why the sample is of no use; null if it is.
const char* complaint(const ScannerLine& line, const Sample& sample, std::int64_t now_ns,
                      InputHistory& history, InputCounters& counters) {
  const bool stuck = is_stuck(line, sample.value, now_ns, history);
  if (sample.status >= Status::stale) return "input is bad";
  if (!std::isfinite(sample.value)) return "input is not finite";
  if (stuck) {
    counters.stuck.add();
    return "input is stuck";
  }
  if (line.jump < ScannerLine::infinity && is_outlier(line, sample.value, now_ns, history)) {
    counters.outliers.add();
    return "input is an outlier";
  }
  return nullptr;
}

}  // namespace

Sample judge_sample(const ScannerLine& line, Sample sample, std::int64_t now_ns, InputHistory& history,
                    InputCounters& counters, FaultLatch& fault) {
  const char* const reason = complaint(line, sample, now_ns, history, counters);
  if (reason == nullptr) {
    if (sample.status == Status::good) {
      history.good = sample.value;
      history.good_at_ns = now_ns;
    }
    return sample;
  }
  const OnBad& on_bad = line.on_bad;
  if (history.good_at_ns != InputHistory::never && now_ns - history.good_at_ns <= on_bad.hold_ns) {
    counters.held.add();
    return {history.good, Status::substituted};
  }
  if (on_bad.then == OnBad::Then::substitute) {
    counters.substituted.add();
    return {on_bad.value, Status::substituted};
  }
  if (on_bad.then == OnBad::Then::fault) fault.raise(reason, line.signal.c_str(), sample.value);
  counters.bad.add();
  const bool stale = sample.status == Status::stale && std::isfinite(sample.value);
  return {sample.value, stale && on_bad.then == OnBad::Then::pass ? Status::stale : Status::bad};
}

}  // namespace tactus
