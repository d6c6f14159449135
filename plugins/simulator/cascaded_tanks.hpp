#pragma once
#include <cstdint>

#include "plugins/simulator/random.hpp"
#include "plugins/simulator/stopwatch.hpp"
#include "tactus.hpp"

namespace tactus::plugins {

/// Two tanks, one above the other: a pump fills the upper one, which drains into the lower one, which drains
/// into a basin. Levels x1 (upper) and x2 (lower) in the volts of the level sensor; the flow out of an
/// orifice goes with the square root of the level (Torricelli):
///
///     dx1/dt = k4 max(u - dead, 0) - k1 sqrt(x1/1 V)
///     dx2/dt = k2 sqrt(x1/1 V)     - k3 sqrt(x2/1 V)
///
/// A tank that is full overflows; the part `caught` of what runs over the upper rim falls into the lower
/// tank. The sensor ends below the lower rim. The parameters' defaults were identified from the records of
/// the cascaded tanks benchmark (Schoukens and Noel, 2016). Integrated with Runge-Kutta of fourth order in
/// steps of at most `step`.
///
/// | channel | direction | unit |                                                                      |
/// |---------|-----------|------|----------------------------------------------------------------------|
/// | ai0     | input     | V    | the level sensor of the lower tank, with noise, quantised             |
/// | upper   | input     | V    | the true level of the upper tank, for checks: the rig has no sensor  |
/// | lower   | input     | V    | the true level of the lower tank, for checks                         |
/// | ao0     | output    | V    | the pump, 0 V to 10 V; 0 V until it is written                        |
class CascadedTanks final : public Device {
 public:
  void configure(Configuration& configuration) override;
  std::vector<Channel> channels() const override;
  bool is_hardware() const override { return false; }
  DeviceResult advance(const Beat& beat) override;
  DeviceResult read(const ChannelGroup& group, std::span<double> values, std::span<Status> statuses) override;
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override;
  void state(StateVisitor& visitor) override;

 private:
  struct Levels {
    double upper = 0;
    double lower = 0;
  };
  Levels rates(const Levels& levels, double inflow) const;
  double spilled(double over) const;
  void integrate(double inflow, double time);
  void measure();

  Parameter<double> k1{
      *this, "k1", {.unit = "V/s", .initial = 0.034, .min = 0}, "outflow of the upper tank at 1 V"};
  Parameter<double> k2{
      *this, "k2", {.unit = "V/s", .initial = 0.045, .min = 0}, "the same water as the lower tank sees it"};
  Parameter<double> k3{
      *this, "k3", {.unit = "V/s", .initial = 0.0477, .min = 0}, "outflow of the lower tank at 1 V"};
  Parameter<double> k4{*this,
                       "k4",
                       {.unit = "1/s", .initial = 0.041, .min = 0},
                       "rise of the upper level for each volt at the pump"};
  Parameter<double> dead{
      *this, "dead", {.unit = "V", .initial = 0.74, .min = 0}, "pump voltage up to which no water flows"};
  Parameter<double> caught{*this,
                           "caught",
                           {.initial = 0.9, .min = 0, .max = 1},
                           "part of the upper overflow that the lower tank catches"};
  Parameter<double> upper_top{
      *this, "upper_top", {.unit = "V", .initial = 10.0, .min = 0}, "rim of the upper tank"};
  Parameter<double> lower_top{
      *this, "lower_top", {.unit = "V", .initial = 10.3, .min = 0}, "rim of the lower tank"};
  Parameter<double> range{*this,
                          "range",
                          {.unit = "V", .initial = 10.0, .min = 0},
                          "the sensor reads this for every level above"};
  Parameter<double> initial_upper{
      *this, "initial_upper", {.unit = "V", .initial = 0.0, .min = 0}, "upper level at the start"};
  Parameter<double> initial_lower{
      *this, "initial_lower", {.unit = "V", .initial = 0.0, .min = 0}, "lower level at the start"};
  Parameter<double> noise{
      *this, "noise", {.unit = "V", .initial = 0.012, .min = 0}, "standard deviation of the sensor's noise"};
  Parameter<double> resolution{*this,
                               "resolution",
                               {.unit = "V", .initial = 10.0 / 32768, .min = 0},
                               "smallest step of the sensor's converter; 0: continuous"};
  Parameter<std::int64_t> seed{
      *this, "seed", {.initial = 1, .min = 0}, "of the noise: equal seeds, equal noise"};
  Parameter<double> step{*this, "step", {.unit = "s", .initial = 0.25}, "longest step of the integration"};

  Stopwatch stopwatch_;
  Random random_;
  Levels levels_;
  double pump_ = 0;
  double measured_ = 0;
};

}  // namespace tactus::plugins
