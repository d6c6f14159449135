#include "plugins/pid/pid.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "plugins/number_text.hpp"

namespace tactus::plugins {

void Pid::configure(Configuration& configuration) {
  check(configuration);
  if (!configuration.refusals().empty()) return;

  // Without proportional gain there is no Ti: such a controller is led back within one beat.
  const double integral_time = ki != 0 ? kp / ki : 0;
  const double derivative_time = kp != 0 ? std::abs(kd / kp) : 0;
  const double usual_tracking =
      derivative_time > 0 ? std::sqrt(integral_time * derivative_time) : integral_time;
  Times& times = times_.edit();
  times.filter = filter > 0 ? filter() : derivative_time / 10;
  times.tracking = tracking > 0 ? tracking() : std::max(usual_tracking, configuration.dt());
}

void Pid::check(Configuration& configuration) const {
  const Parameter<double>* const finite[] = {&kp, &ki, &kd, &b, &c, &filter, &tracking};
  for (const Parameter<double>* parameter : finite) {
    if (!std::isfinite((*parameter)())) configuration.refuse(parameter->description().name, "must be finite");
  }
  if (!(low < high)) {
    configuration.refuse("high", number_text(high) + " must be above low, " + number_text(low));
  }
  if (kp * ki < 0) {
    configuration.refuse("ki", number_text(ki) + " and kp, " + number_text(kp) +
                                   ", have opposite signs: the integral would work against the loop");
  }
  if (kd != 0 && kp == 0 && filter == 0) {
    configuration.refuse("filter", "is missing: with kd but without kp there is no kd/kp to derive it from");
  }
  if (tracking > 0 && tracking < configuration.dt()) {
    configuration.refuse("tracking", number_text(tracking) + " s is shorter than a beat, " +
                                         number_text(configuration.dt()) + " s; 0 s chooses it");
  }
}

void Pid::start(const Beat&) {
  integral_ = slope_ = error_ = unlimited_ = limited_ = 0;
  continues_ = false;
}

void Pid::update(const Beat& beat) {
  if (!inputs_usable()) {
    output.set(limited_, Status::bad);
    continues_ = false;
    return;
  }
  if (continues_ && !beat.resumed) {
    keep_continuous();
    integrate(beat.elapsed);
    differentiate(beat.elapsed);
  } else {
    take_over();
  }
  const double p = proportional_part(kp, b, setpoint, measurement);
  const double d = kd * slope_;
  unlimited_ = p + integral_ + d + feedforward;
  limited_ = std::clamp(unlimited_, low(), high());

  setpoint_ = setpoint;
  measurement_ = measurement;
  error_ = setpoint - measurement;
  kp_ = kp;
  b_ = b;
  continues_ = true;

  // `applied` has no say: an output that was made safe would never become good again.
  const Status status = worst(worst(setpoint.status(), measurement.status()), feedforward.status());
  output.set(limited_, status);
  proportional.set(p, status);
  integral.set(integral_, status);
  derivative.set(d, status);
}

bool Pid::inputs_usable() const {
  const auto usable = [](const Input& input) {
    return input.status() != Status::bad && std::isfinite(input);
  };
  return usable(setpoint) && usable(measurement) && usable(feedforward);
}

bool Pid::applied_usable() const {
  return applied.connected() && applied.status() != Status::bad && std::isfinite(applied);
}

double Pid::proportional_part(double gain, double weight, double r, double y) const {
  return gain * (weight * r - y);
}

/// The first beat, and the first one after a gap: there is no past to take differences from.
void Pid::take_over() {
  slope_ = 0;
  if (ki != 0 && applied_usable()) {
    integral_ = applied - proportional_part(kp, b, setpoint, measurement) - feedforward;
  }
}

/// New gains: the integral takes up what they would have changed on the last beat. Without integral action it
/// would never let go of that again, so there the formula holds as it stands.
void Pid::keep_continuous() {
  if (ki == 0 || (kp == kp_ && b == b_)) return;
  integral_ +=
      proportional_part(kp_, b_, setpoint_, measurement_) - proportional_part(kp, b, setpoint_, measurement_);
}

void Pid::integrate(double elapsed) {
  if (ki == 0) return;
  const double really = applied_usable() ? static_cast<double>(applied) : limited_;
  const double excess = unlimited_ - really;
  const double step = ki * error_ * elapsed;
  switch (anti_windup) {
    case AntiWindup::back_calculation:
      // A gap longer than `tracking` leads all the way back, not beyond.
      integral_ += step - std::min(elapsed / times_->tracking, 1.0) * excess;
      break;
    case AntiWindup::clamping: {
      // A conversion to the hardware's units and back may leave a rounding error: that is no limit.
      const bool limited = std::abs(excess) > 1e-9 * (std::abs(unlimited_) + std::abs(really));
      if (!limited || excess * step < 0) integral_ += step;
      break;
    }
    case AntiWindup::none:
      integral_ += step;
      break;
  }
}

void Pid::differentiate(double elapsed) {
  const double change = c * (setpoint - setpoint_) - (measurement - measurement_);
  slope_ = (times_->filter * slope_ + change) / (times_->filter + elapsed);
}

void Pid::state(StateVisitor& visitor) {
  visitor.visit("integral", integral_);
  visitor.visit("slope", slope_);
  visitor.visit("setpoint", setpoint_);
  visitor.visit("measurement", measurement_);
  visitor.visit("error", error_);
  visitor.visit("unlimited", unlimited_);
  visitor.visit("limited", limited_);
  visitor.visit("kp", kp_);
  visitor.visit("b", b_);
  visitor.visit("continues", continues_);
}

TACTUS_PLUGIN(Pid, "pid", "PID controller with two degrees of freedom, anti-windup and bumpless changes")

}  // namespace tactus::plugins
