#include "plugins/cascaded-tanks-ekf/cascaded_tanks_ekf.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "plugins/number_text.hpp"

namespace tactus::plugins {
namespace {

enum Tank : int { upper_tank, lower_tank };

constexpr double most_steps = 4096;  // in one beat: what follows must end

}  // namespace

void CascadedTanksEkf::configure(Configuration& configuration) {
  const Parameter<double>* const positive[] = {&k1, &k2, &k3, &r, &step, &floor};
  for (const Parameter<double>* parameter : positive) {
    if (!((*parameter)() > 0)) {
      configuration.refuse(
          parameter->description().name,
          number_text(*parameter) + " " + parameter->description().unit + "; must be above 0");
    }
  }
  if (step > 0 && configuration.dt() / step > most_steps) {
    configuration.refuse("step",
                         number_text(step) + " s makes more than 4096 steps of one beat; make it longer");
  }
}

void CascadedTanksEkf::update(const Beat& beat) {
  const bool measured = level.good() && std::isfinite(level);
  if (beat.elapsed > most_steps * step) started_ = false;
  if (!started_ && !measured) return put_out(0, 0, Status::bad, Status::bad);
  if (!started_) {
    begin();
    return put_out(level, 0, worst(Status::good, pump.status()), Status::good);
  }
  // A pump that was made safe is driven, too: with the value that was applied.
  const bool driven = pump.status() < Status::stale && std::isfinite(pump);
  if (std::isfinite(pump)) pump_ = pump;
  predict(beat.elapsed);

  const double predicted = std::min(x_[lower_tank], range());
  const double error = measured ? level - predicted : 0;
  const bool at_the_end = level >= range && x_[lower_tank] >= range;
  if (measured && !at_the_end) correct(level - x_[lower_tank]);
  put_out(predicted, error, measured && driven ? Status::good : Status::substituted,
          measured ? Status::good : Status::bad);
}

void CascadedTanksEkf::put_out(double predicted, double error, Status status, Status innovation_status) {
  upper.set(x_[upper_tank], status);
  lower.set(x_[lower_tank], status);
  prediction.set(predicted, status);
  innovation.set(error, innovation_status);
}

/// The first level tells the lower tank; the upper one is taken to be in balance with it.
void CascadedTanksEkf::begin() {
  x_[lower_tank] = std::clamp<double>(level, 0, lower_top);
  const double ratio = k3 / k2;
  x_[upper_tank] = std::min(ratio * ratio * x_[lower_tank], upper_top());
  p_ << p1, 0, 0, r;
  pump_ = std::isfinite(pump) ? static_cast<double>(pump) : 0;
  started_ = true;
}

void CascadedTanksEkf::predict(double time) {
  const double steps = std::max(std::ceil(time / step), 1.0);
  const double h = time / steps;
  const double inflow = k4 * std::max(pump_ - dead, 0.0);
  const double root_floor = std::sqrt(floor);
  double& x1 = x_[upper_tank];
  double& x2 = x_[lower_tank];
  Eigen::Matrix2d transition = Eigen::Matrix2d::Identity();
  for (int i = 0; i < static_cast<int>(steps); ++i) {
    const double root1 = std::sqrt(x1);
    const double root2 = std::sqrt(x2);
    const double slope1 = 0.5 / std::max(root1, root_floor);
    const double slope2 = 0.5 / std::max(root2, root_floor);
    Eigen::Matrix2d jacobian;
    jacobian << 1 - h * k1 * slope1, 0, h * k2 * slope1, 1 - h * k3 * slope2;
    transition = jacobian * transition;

    x1 += h * (inflow - k1 * root1);
    x2 += h * (k2 * root1 - k3 * root2);
    if (x1 > upper_top) x2 += caught * k2 / k1 * (x1 - upper_top);
    x1 = std::clamp(x1, 0.0, upper_top());
    x2 = std::clamp(x2, 0.0, lower_top());
  }
  p_ = (transition * p_ * transition.transpose()).eval();
  p_(upper_tank, upper_tank) += q1 * time;
  p_(lower_tank, lower_tank) += q2 * time;
}

void CascadedTanksEkf::correct(double innovation_of_level) {
  const Eigen::Vector2d gain = p_.col(lower_tank) / (p_(lower_tank, lower_tank) + r);
  x_ += gain * innovation_of_level;
  x_[upper_tank] = std::clamp(x_[upper_tank], 0.0, upper_top());
  x_[lower_tank] = std::clamp(x_[lower_tank], 0.0, lower_top());

  Eigen::Matrix2d kept = Eigen::Matrix2d::Identity();
  kept.col(lower_tank) -= gain;
  const Eigen::Matrix2d joseph = kept * p_ * kept.transpose() + gain * r * gain.transpose();
  p_ = 0.5 * (joseph + joseph.transpose());  // rounding must not make it lose its symmetry
}

void CascadedTanksEkf::state(StateVisitor& visitor) {
  visitor.visit("x", x_.data(), static_cast<std::size_t>(x_.size()));
  visitor.visit("p", p_.data(), static_cast<std::size_t>(p_.size()));
  visitor.visit("pump", pump_);
  visitor.visit("started", started_);
}

TACTUS_PLUGIN(
    CascadedTanksEkf, "cascaded-tanks-ekf",
    "extended Kalman filter for both levels of two cascaded tanks from the lower sensor and the pump")

}  // namespace tactus::plugins
