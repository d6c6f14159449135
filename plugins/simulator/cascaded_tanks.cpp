#include "plugins/simulator/cascaded_tanks.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "plugins/number_text.hpp"

namespace tactus::plugins {
namespace {

constexpr double pump_range = 10;   // V
constexpr double most_steps = 1e5;  // in one beat: what follows must end
constexpr const char* too_far = "simulator/cascaded-tanks: too much time since the last beat for its step";

double root(double level) { return std::sqrt(std::max(level, 0.0)); }

}  // namespace

void CascadedTanks::configure(Configuration& configuration) {
  if (!(step > 0)) {
    configuration.refuse("step", number_text(step) + " s; must be above 0 s");
  } else if (configuration.dt() / step > most_steps / 10) {
    configuration.refuse("step",
                         number_text(step) + " s makes more than 10000 steps of one beat; make it longer");
  }
  if (initial_upper > upper_top) {
    configuration.refuse("initial_upper", number_text(initial_upper) + " V is above upper_top, " +
                                              number_text(upper_top) + " V");
  }
  if (initial_lower > lower_top) {
    configuration.refuse("initial_lower", number_text(initial_lower) + " V is above lower_top, " +
                                              number_text(lower_top) + " V");
  }
  if (caught > 0 && !(k1 > 0)) {
    configuration.refuse("k1", "must be above 0 V/s: k2/k1 is the ratio of the tanks' cross sections");
  }
}

std::vector<Channel> CascadedTanks::channels() const {
  return {{.name = "ai0", .unit = "V", .min = 0, .max = range, .resolution = resolution},
          {.name = "upper", .unit = "V", .min = 0, .max = upper_top},
          {.name = "lower", .unit = "V", .min = 0, .max = lower_top},
          {.name = "ao0", .direction = Direction::output, .unit = "V", .min = 0, .max = pump_range}};
}

DeviceResult CascadedTanks::advance(const Beat& beat) {
  if (!stopwatch_.started()) {
    stopwatch_.start(beat);
    random_ = Random(static_cast<std::uint64_t>(seed()));
    levels_ = {initial_upper, initial_lower};
  } else {
    const double passed = stopwatch_.lap(beat);
    if (passed > most_steps * step) return DeviceResult::failed(too_far);
    const auto steps = static_cast<int>(std::ceil(passed / step));
    const double inflow = k4 * std::max(pump_ - dead, 0.0);
    for (int i = 0; i < steps; ++i) integrate(inflow, passed / steps);
  }
  measure();
  return DeviceResult::ok();
}

CascadedTanks::Levels CascadedTanks::rates(const Levels& levels, double inflow) const {
  const double between = root(std::min(levels.upper, upper_top()));
  double rise = inflow - k1 * between;
  double lower_inflow = k2 * between;
  if (levels.upper >= upper_top && rise > 0) {
    lower_inflow += spilled(rise);
    rise = 0;
  }
  return {rise, lower_inflow - k3 * root(levels.lower)};
}

/// What the lower tank gets of water that runs over the upper rim. k2/k1: the ratio of the cross sections.
double CascadedTanks::spilled(double over) const { return over > 0 ? caught * k2 / k1 * over : 0; }

/// One step of the classical Runge-Kutta method. In the one that reaches the rim, what is above it runs over.
void CascadedTanks::integrate(double inflow, double time) {
  const auto at = [this](const Levels& rate, double after) {
    return Levels{levels_.upper + after * rate.upper, levels_.lower + after * rate.lower};
  };
  const Levels a = rates(levels_, inflow);
  const Levels b = rates(at(a, time / 2), inflow);
  const Levels c = rates(at(b, time / 2), inflow);
  const Levels d = rates(at(c, time), inflow);
  levels_ = at({a.upper + 2 * b.upper + 2 * c.upper + d.upper, a.lower + 2 * b.lower + 2 * c.lower + d.lower},
               time / 6);

  levels_.lower += spilled(levels_.upper - upper_top);
  levels_.upper = std::clamp(levels_.upper, 0.0, upper_top());
  levels_.lower = std::clamp(levels_.lower, 0.0, lower_top());
}

/// Once a beat, so that all who read the sensor in it read the same.
void CascadedTanks::measure() {
  const double reading = quantised(levels_.lower + noise * random_.normal(), resolution);
  measured_ = std::clamp(reading, 0.0, range());
}

DeviceResult CascadedTanks::read(const ChannelGroup& group, std::span<double> values,
                                 std::span<Status> statuses) {
  const double readings[] = {measured_, levels_.upper, levels_.lower};
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = readings[group.channels()[i]];
    statuses[i] = Status::good;
  }
  return DeviceResult::ok();
}

DeviceResult CascadedTanks::write(const ChannelGroup&, std::span<const double> values) {
  if (!values.empty()) pump_ = values.back();  // there is but one output
  return DeviceResult::ok();
}

void CascadedTanks::state(StateVisitor& visitor) {
  stopwatch_.state(visitor);
  random_.state(visitor);
  visitor.visit("upper", levels_.upper);
  visitor.visit("lower", levels_.lower);
  visitor.visit("pump", pump_);
  visitor.visit("measured", measured_);
}

TACTUS_PLUGIN(CascadedTanks, "simulator/cascaded-tanks",
              "two tanks, one above the other, with pump and level sensor")

}  // namespace tactus::plugins
