#include "plugins/simulator/dc_motor.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "plugins/number_text.hpp"

namespace tactus::plugins {
namespace {

constexpr double most_steps = 1e5;  // in one beat: what follows must end
constexpr const char* too_far = "simulator/dc-motor: too much time since the last beat for its step";

using Matrix5 = Eigen::Matrix<double, 5, 5>;

/// e^matrix: Taylor's series for a part of the matrix that is small enough, then squared as often as it was
/// halved.
Matrix5 exponential(Matrix5 matrix) {
  int halvings = 0;
  for (; matrix.lpNorm<Eigen::Infinity>() > 0.1; ++halvings) matrix /= 2;
  Matrix5 term = Matrix5::Identity();
  Matrix5 sum = Matrix5::Identity();
  for (int n = 1; n <= 16; ++n) {
    term = term * matrix / n;
    sum += term;
  }
  for (int i = 0; i < halvings; ++i) sum = (sum * sum).eval();
  return sum;
}

}  // namespace

void DcMotor::configure(Configuration& configuration) {
  const Parameter<double>* const positive[] = {&resistance, &inductance, &inertia, &step};
  for (const Parameter<double>* parameter : positive) {
    const double value = (*parameter)();
    if (!(value > 0 && std::isfinite(value))) {
      configuration.refuse(
          parameter->description().name,
          number_text(value) + " " + parameter->description().unit + "; must be finite and above 0");
    }
  }
  if (configuration.dt() / step > most_steps / 10) {
    configuration.refuse("step",
                         number_text(step) + " s makes more than 10000 steps of one beat; make it longer");
  }
  if (!configuration.refusals().empty()) return;

  // Van Loan's way: the inputs stand in the matrix as states that do not move.
  Matrix5 continuous = Matrix5::Zero();
  continuous.row(current) << -resistance / inductance, -ke / inductance, 0, 1 / inductance, 0;
  continuous.row(speed) << kt / inertia, -damping / inertia, 0, 0, 1 / inertia;
  continuous(angle, speed) = 1;

  Discrete& discrete = discrete_.edit();
  discrete.step = configuration.dt() / std::ceil(configuration.dt() / step);
  const Matrix5 solved = exponential(continuous * discrete.step);
  discrete.transition = solved.topLeftCorner<3, 3>();
  discrete.voltage = solved.block<3, 1>(0, 3);
  discrete.torque = solved.block<3, 1>(0, 4);
}

std::vector<Channel> DcMotor::channels() const {
  return {{.name = "encoder", .unit = "count", .resolution = 1},
          {.name = "current", .unit = "A", .resolution = resolution},
          {.name = "speed", .unit = "rad/s"},
          {.name = "voltage", .direction = Direction::output, .unit = "V", .min = -supply, .max = supply}};
}

DeviceResult DcMotor::advance(const Beat& beat) {
  if (!stopwatch_.started()) {
    stopwatch_.start(beat);
    random_ = Random(static_cast<std::uint64_t>(seed()));
  } else {
    const bool stepped = stopwatch_.time_ns() >= std::llround(load_step_time * 1e9);
    const double steps = std::nearbyint(stopwatch_.lap(beat) / discrete_->step);
    if (steps > most_steps) return DeviceResult::failed(too_far);
    const double load_torque = stepped ? load + load_step : load();
    for (int i = 0; i < static_cast<int>(steps); ++i) integrate(load_torque);
  }
  measure();
  return DeviceResult::ok();
}

void DcMotor::integrate(double load_torque) {
  const Discrete& discrete = *discrete_;
  const Eigen::Vector3d free =
      discrete.transition * x_ + discrete.voltage * voltage_ - discrete.torque * load_torque;
  // The friction that brings the shaft to rest in this sub-step, if it is strong enough.
  const double stopping = free[speed] / discrete.torque[speed];
  const double braking = std::clamp(stopping, -friction, friction());
  const bool sticks = x_[speed] == 0 && braking == stopping;
  const double angle_before = x_[angle];
  x_ = free - discrete.torque * braking;
  if (braking == stopping) x_[speed] = 0;  // rounding must not make it creep
  if (sticks) x_[angle] = angle_before;
}

/// Once a beat, so that all who read the sensor in it read the same.
void DcMotor::measure() { measured_current_ = quantised(x_[current] + noise * random_.normal(), resolution); }

DeviceResult DcMotor::read(const ChannelGroup& group, std::span<double> values, std::span<Status> statuses) {
  const double turns = x_[angle] / (2 * std::numbers::pi);
  const double readings[] = {std::floor(turns * static_cast<double>(counts())), measured_current_, x_[speed]};
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = readings[group.channels()[i]];
    statuses[i] = Status::good;
  }
  return DeviceResult::ok();
}

DeviceResult DcMotor::write(const ChannelGroup&, std::span<const double> values) {
  if (!values.empty()) voltage_ = values.back();  // there is but one output
  return DeviceResult::ok();
}

void DcMotor::state(StateVisitor& visitor) {
  stopwatch_.state(visitor);
  random_.state(visitor);
  visitor.visit("x", x_.data(), static_cast<std::size_t>(x_.size()));
  visitor.visit("voltage", voltage_);
  visitor.visit("measured_current", measured_current_);
}

TACTUS_PLUGIN(DcMotor, "simulator/dc-motor", "permanent-magnet DC motor with encoder and current sensor")

}  // namespace tactus::plugins
