#include "components/actuator/output_line.hpp"

#include <algorithm>
#include <cmath>

namespace tactus {
namespace {

double to_limits(const OutputLine& line, double value, OutputCounters& counters, FaultLatch& fault) {
  if (value >= line.low && value <= line.high) return value;
  counters.limited.add();
  if (line.on_limit == OutputLine::OnLimit::fault)
    fault.raise("output beyond its limits", line.signal.c_str(), value);
  return std::clamp(value, line.low, line.high);
}

/// At most `step` further.
double stepped(double from, double to, double step) {
  if (std::abs(to - from) <= step) return to;
  return to > from ? from + step : from - step;
}

double to_slew(const OutputLine& line, double value, double applied, double elapsed,
               OutputCounters& counters) {
  const double reached = stepped(applied, value, line.slew * elapsed);
  if (reached != value) counters.slewed.add();
  return reached;
}

/// The channel's own range, compared where the limits are: in the signal's unit.
double to_range(const OutputLine& line, double value, OutputCounters& counters) {
  const double raw = (value - line.offset) / line.scale;
  if (raw >= line.raw_min && raw <= line.raw_max) return value;
  counters.limited.add();
  return line.scale * std::clamp(raw, line.raw_min, line.raw_max) + line.offset;
}

}  // namespace

double toward_safe(const OutputLine& line, double applied, double elapsed) {
  const double target = safe_value(line, applied);
  const bool at_once = line.safe_slew == OutputLine::infinity;
  return at_once ? target : stepped(applied, target, line.safe_slew * elapsed);
}

double limit_output(const OutputLine& line, double requested, double applied, double elapsed,
                    OutputCounters& counters, FaultLatch& fault) {
  if (!std::isfinite(requested)) {
    fault.raise("output is not finite", line.signal.c_str(), requested);
    return applied;
  }
  double value = to_limits(line, requested, counters, fault);
  value = to_slew(line, value, applied, elapsed, counters);
  return to_range(line, value, counters);
}

}  // namespace tactus
