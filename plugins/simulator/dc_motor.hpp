#pragma once
#include <Eigen/Core>
#include <cstdint>

#include "plugins/simulator/random.hpp"
#include "plugins/simulator/stopwatch.hpp"
#include "tactus.hpp"

namespace tactus::plugins {

/// A permanent-magnet DC motor with encoder and current sensor: current i, speed w, angle a, voltage v held
/// over each beat.
///
///     L di/dt = v - R i - ke w
///     J dw/dt = kt i - damping w - load - friction sign(w)
///       da/dt = w
///
/// The linear part is solved exactly, by the matrix exponential for a held input, at any period. Dry friction
/// is treated as a torque that is held over one sub-step and just large enough, up to `friction`, to stop the
/// motor (the implicit time-stepping scheme of Moreau and Jean): it sticks and breaks loose without
/// chattering, and is exact while the speed keeps its sign. Sub-steps are at most `step` long; they are of
/// use to the friction only.
///
/// | channel | direction | unit  |                                                                   |
/// |---------|-----------|-------|-------------------------------------------------------------------|
/// | encoder | input     | count | angle in whole counts, `counts` a turn, from 0 at the start       |
/// | current | input     | A     | current with noise, quantised                                     |
/// | speed   | input     | rad/s | the true speed, for checks                                        |
/// | voltage | output    | V     | within plus and minus `supply`; 0 V until it is written           |
///
/// The defaults are typical of a 90 W motor for 24 V. If the period changes at a swap, the time of that one
/// beat is rounded to whole sub-steps.
class DcMotor final : public Device {
 public:
  void configure(Configuration& configuration) override;
  std::vector<Channel> channels() const override;
  bool is_hardware() const override { return false; }
  DeviceResult advance(const Beat& beat) override;
  DeviceResult read(const ChannelGroup& group, std::span<double> values, std::span<Status> statuses) override;
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override;
  void state(StateVisitor& visitor) override;

 private:
  enum State : int { current, speed, angle };
  /// One sub-step: x <- transition x + voltage v + torque t, with t the torque that drives the shaft.
  struct Discrete {
    Eigen::Matrix3d transition = Eigen::Matrix3d::Identity();
    Eigen::Vector3d voltage = Eigen::Vector3d::Zero();
    Eigen::Vector3d torque = Eigen::Vector3d::Zero();
    double step = 1;
  };

  void integrate(double load_torque);
  void measure();

  Parameter<double> resistance{*this, "resistance", {.unit = "ohm", .initial = 0.61}, "of the winding, R"};
  Parameter<double> inductance{*this, "inductance", {.unit = "H", .initial = 0.12e-3}, "of the winding, L"};
  Parameter<double> kt{*this, "kt", {.unit = "N.m/A", .initial = 0.0292, .min = 0}, "torque for each ampere"};
  Parameter<double> ke{
      *this, "ke", {.unit = "V.s/rad", .initial = 0.0292, .min = 0}, "voltage induced for each rad/s"};
  Parameter<double> inertia{
      *this, "inertia", {.unit = "kg.m2", .initial = 7.9e-6}, "of rotor and load together, J"};
  Parameter<double> damping{
      *this, "damping", {.unit = "N.m.s/rad", .initial = 1e-6, .min = 0}, "viscous friction"};
  Parameter<double> friction{*this, "friction", {.unit = "N.m", .initial = 2.6e-3, .min = 0}, "dry friction"};
  Parameter<double> load{
      *this, "load", {.unit = "N.m", .initial = 0.0}, "torque of the load, against positive speed"};
  Parameter<double> load_step{
      *this, "load_step", {.unit = "N.m", .initial = 0.0}, "is added to the load from load_step_time on"};
  Parameter<double> load_step_time{*this,
                                   "load_step_time",
                                   {.unit = "s", .initial = 0.0, .min = 0, .max = 9e9},
                                   "takes effect at the first beat from this time on"};
  Parameter<std::int64_t> counts{*this, "counts", {.initial = 2000, .min = 1}, "of the encoder for one turn"};
  Parameter<double> supply{
      *this, "supply", {.unit = "V", .initial = 24.0, .min = 0}, "the amplifier's largest voltage"};
  Parameter<double> noise{*this,
                          "noise",
                          {.unit = "A", .initial = 0.01, .min = 0},
                          "standard deviation of the current sensor's noise"};
  Parameter<double> resolution{*this,
                               "resolution",
                               {.unit = "A", .initial = 0.0, .min = 0},
                               "smallest step of the current sensor; 0: continuous"};
  Parameter<std::int64_t> seed{
      *this, "seed", {.initial = 1, .min = 0}, "of the noise: equal seeds, equal noise"};
  Parameter<double> step{*this, "step", {.unit = "s", .initial = 1e-3}, "longest sub-step"};
  Derived<Discrete> discrete_{*this};

  Stopwatch stopwatch_;
  Random random_;
  Eigen::Vector3d x_ = Eigen::Vector3d::Zero();
  double voltage_ = 0;
  double measured_current_ = 0;
};

}  // namespace tactus::plugins
