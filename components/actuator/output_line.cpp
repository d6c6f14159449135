#include "components/actuator/output_line.hpp"

#include <algorithm>
#include <cmath>

namespace tactus {
namespace {

double to_limits(const OutputLine& line, double value, OutputCounters& counters, FaultLatch& fault) {
  if (value >= line.low && value <= line.high) return value;
  counters.count_limited();
  if (line.on_limit == OutputLine::OnLimit::fault)
    fault.raise("output beyond its limits", line.signal.c_str(), value);
  return std::clamp(value, line.low, line.high);
}

double to_slew(const OutputLine& line, double value, double applied, double elapsed,
               OutputCounters& counters) {
  const double step = line.slew * elapsed;
  if (std::abs(value - applied) <= step) return value;
  counters.count_slewed();
  return value > applied ? applied + step : applied - step;
}

/// The channel's own range, compared where the limits are: in the signal's unit.
double to_range(const OutputLine& line, double value, OutputCounters& counters) {
  const double raw = (value - line.offset) / line.scale;
  if (raw >= line.raw_min && raw <= line.raw_max) return value;
  counters.count_limited();
  return line.scale * std::clamp(raw, line.raw_min, line.raw_max) + line.offset;
}

}  // namespace

double limit_output(const OutputLine& line, double requested, Status status, double applied, double elapsed,
                    OutputCounters& counters, FaultLatch& fault) {
  if (status >= Status::stale) {
    counters.count_made_safe();
    return safe_value(line, applied);
  }
  if (!std::isfinite(requested)) {
    fault.raise("output is not finite", line.signal.c_str(), requested);
    return safe_value(line, applied);
  }
  double value = to_limits(line, requested, counters, fault);
  value = to_slew(line, value, applied, elapsed, counters);
  return to_range(line, value, counters);
}

}  // namespace tactus
