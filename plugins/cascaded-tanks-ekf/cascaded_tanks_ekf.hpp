#pragma once
#include <Eigen/Core>

#include "tactus.hpp"

namespace tactus::plugins {

/// Extended Kalman filter for two cascaded tanks: estimates both levels from the sensor of the lower one and
/// the voltage of the pump. Levels x1 (upper) and x2 (lower) in the volts of the sensor:
///
///     dx1/dt = k4 max(pump - dead, 0) - k1 sqrt(x1/1 V) + w1,      w1 of density q1
///     dx2/dt = k2 sqrt(x1/1 V)        - k3 sqrt(x2/1 V) + w2,      w2 of density q2
///     level  = min(x2, range) + v,                                 v of variance r
///
/// Of what runs over the upper rim the part `caught` falls into the lower tank. Between beats the state goes
/// on by Euler's method in steps of at most `step`, the covariance with the product of their Jacobians; the
/// rims bound the state, not the covariance. The update is in Joseph's form (Simon, Optimal State Estimation,
/// 2006, sections 5.1 and 13.2), which keeps the covariance positive. A sensor that reads its end while the
/// estimate is beyond it tells nothing, and makes no update.
///
/// `pump` is what acted since the last beat: wire it to the actuator's signal; from a record, with a delay
/// of 1. A level that is not good makes no update: upper, lower and prediction are then `substituted` and the
/// innovation is `bad`. Before the first good level all outputs are `bad`. After a gap of more than 4096
/// steps it begins anew.
class CascadedTanksEkf final : public Observer {
 public:
  void configure(Configuration& configuration) override;
  void start(const Beat&) override { started_ = false; }
  void update(const Beat& beat) override;
  void state(StateVisitor& visitor) override;

 private:
  void begin();
  void predict(double time);
  void correct(double innovation);
  void put_out(double predicted, double error, Status status, Status innovation_status);

  Input level{*this, "level", "V", "measured level of the lower tank"};
  Input pump{*this, "pump", "V", "voltage that acted on the pump since the last beat"};

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
  Parameter<double> q1{
      *this, "q1", {.unit = "V2/s", .initial = 0.007, .min = 0}, "noise density of the upper level"};
  Parameter<double> q2{
      *this, "q2", {.unit = "V2/s", .initial = 2.6e-5, .min = 0}, "noise density of the lower level"};
  Parameter<double> r{*this, "r", {.unit = "V2", .initial = 1.5e-4}, "variance of the sensor's noise"};
  Parameter<double> p1{
      *this, "p1", {.unit = "V2", .initial = 4.0, .min = 0}, "variance of the upper level at the start"};
  Parameter<double> step{*this, "step", {.unit = "s", .initial = 0.25}, "longest step of the integration"};
  Parameter<double> floor{*this,
                          "floor",
                          {.unit = "V", .initial = 9e-4},
                          "the slope of the root is taken no nearer to empty than this level"};

  Output upper{*this, "upper", "V", "estimated level of the upper tank"};
  Output lower{*this, "lower", "V", "estimated level of the lower tank"};
  Output prediction{*this, "prediction", "V", "what the sensor was expected to read, one beat ahead"};
  Output innovation{*this, "innovation", "V", "what it read beyond that"};

  Eigen::Vector2d x_ = Eigen::Vector2d::Zero();
  Eigen::Matrix2d p_ = Eigen::Matrix2d::Zero();
  double pump_ = 0;  ///< the last one that was a number
  bool started_ = false;
};

}  // namespace tactus::plugins
