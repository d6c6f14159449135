#include "plugins/waveform/waveform.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "plugins/number_text.hpp"
#include "plugins/waveform/sine_of_turn.hpp"

namespace tactus::plugins {
namespace {

std::int64_t nanoseconds(double seconds) { return std::llround(seconds * 1e9); }

}  // namespace

bool Waveform::is_periodic() const {
  return shape == Shape::square || shape == Shape::sine || shape == Shape::triangle;
}

void Waveform::configure(Configuration& configuration) {
  check_levels(configuration);
  check_times(configuration);
  if (!configuration.refusals().empty()) return;

  Timing& timing = timing_.edit();
  timing.start = nanoseconds(start_time);
  timing.rise = std::max<std::int64_t>(nanoseconds(rise), 1);
  timing.period = std::max<std::int64_t>(nanoseconds(period), 1);
  timing.active = nanoseconds(duty * period);
  const double turns = phase / (2 * std::numbers::pi);
  timing.phase = nanoseconds((turns - std::floor(turns)) * period) % timing.period;
}

void Waveform::check_levels(Configuration& configuration) const {
  const Parameter<double>* const levels[] = {&value, &low, &high};
  for (const Parameter<double>* level : levels) {
    if (!std::isfinite((*level)())) configuration.refuse(level->description().name, "must be finite");
  }
  if (is_periodic() && !(high > low)) {
    configuration.refuse(
        "high", number_text(high) + " must be above low, " + number_text(low) + "; give low and high");
  } else if ((shape == Shape::step || shape == Shape::ramp) && high == low) {
    configuration.refuse("high",
                         "equals low, " + number_text(low) +
                             ": nothing would move; give low and high, or shape: constant with value");
  }
}

void Waveform::check_times(Configuration& configuration) const {
  const double dt = configuration.dt();
  if (!std::isfinite(phase)) configuration.refuse("phase", "must be finite");
  if (shape == Shape::ramp && !(rise > 0)) {
    configuration.refuse("rise", "is missing: shape ramp needs the time from low to high, above 0 s");
  }
  if (!is_periodic()) return;
  if (!(period > 0)) {
    configuration.refuse("period", "is missing: this shape repeats and needs one, above 0 s");
  } else if (period < 2 * dt) {
    configuration.refuse("period", number_text(period) + " s is shorter than two beats, " +
                                       number_text(2 * dt) + " s: the signal could not be told from another");
  } else if (shape == Shape::square && std::min(duty(), 1 - duty) * period < dt) {
    configuration.refuse("duty", number_text(duty) + " of a period of " + number_text(period) +
                                     " s leaves one level less than a beat, " + number_text(dt) + " s");
  }
}

double Waveform::position(std::int64_t since_start) const {
  const Timing& timing = *timing_;
  // Two steps: the sum before the first remainder might not fit.
  const std::int64_t now = (since_start % timing.period + timing.phase) % timing.period;
  switch (shape) {
    case Shape::constant:
      return 0;
    case Shape::step:
      return 1;
    case Shape::square:
      return now < timing.active ? 1 : 0;
    case Shape::sine:
      return 0.5 + 0.5 * sine_of_turn(now, timing.period);
    case Shape::triangle: {
      const std::int64_t up = std::min(now, timing.period - now);
      return static_cast<double>(2 * up) / static_cast<double>(timing.period);
    }
    case Shape::ramp:
      return static_cast<double>(std::min(since_start, timing.rise)) / static_cast<double>(timing.rise);
  }
  return 0;
}

void Waveform::update(const Beat& beat) {
  if (shape == Shape::constant) {
    output = value;
    return;
  }
  const std::int64_t since_start = beat.time_ns - timing_->start;
  const bool low_before_start = shape == Shape::step || shape == Shape::square;
  const double part =
      since_start < 0 && low_before_start ? 0 : position(std::max<std::int64_t>(since_start, 0));
  output = (1 - part) * low + part * high;  // this way both ends are met exactly
}

TACTUS_PLUGIN(Waveform, "waveform",
              "set-points and test signals: constant, step, square, sine, triangle or ramp")

}  // namespace tactus::plugins
