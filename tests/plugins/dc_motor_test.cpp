#include "plugins/simulator/dc_motor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "tests/plugins/plugin_bench.hpp"
#include "tests/plugins/state_archive.hpp"

namespace tactus::plugins {
namespace {

constexpr double R = 0.61, L = 0.12e-3, kt = 0.0292, ke = 0.0292, J = 7.9e-6, b = 1e-6;

class MotorBench : public testing::DeviceBench<DcMotor> {
 public:
  explicit MotorBench(double period = 1e-3, double friction = 0) : DeviceBench<DcMotor>(period) {
    set("noise", 0.0);
    set("friction", friction);
  }
  void begin() {
    ASSERT_TRUE(configure());
    open();
  }
  double speed() const { return read("speed"); }
};

// The step response of the speed without friction: a sum of two exponentials, from the poles of
// L J s^2 + (R J + L b) s + (R b + kt ke), which may be complex.
double speed_after_step(double v, double t) {
  const std::complex<double> half = (R * J + L * b) / (2 * L * J);
  const std::complex<double> root = std::sqrt(half * half - (R * b + kt * ke) / (L * J));
  const std::complex<double> p = -half + root, q = -half - root;
  const double final_speed = kt * v / (R * b + kt * ke);
  const auto value = 1.0 + (q * std::exp(p * t) - p * std::exp(q * t)) / (p - q);
  return final_speed * value.real();
}

TEST(DcMotor, StepResponseIsExactAtAnyPeriod) {
  for (const double period : {1e-5, 1e-4, 1e-3, 1e-2}) {
    MotorBench bench(period);
    bench.begin();
    bench.write("voltage", 6.0);
    for (int k = 0; k * period < 0.05; ++k) {
      bench.run_beat();
      ASSERT_NEAR(bench.speed(), speed_after_step(6, k * period), 1e-8) << period << ' ' << k;
    }
  }
}

TEST(DcMotor, LoadSlowsItDownAsTheEquationsSay) {
  MotorBench bench;
  bench.set("load", 0.02);
  bench.begin();
  bench.write("voltage", 6.0);
  bench.run_beats(2000);
  EXPECT_NEAR(bench.speed(), (kt * 6 - R * 0.02) / (R * b + kt * ke), 1e-8);
  EXPECT_NEAR(bench.read("current"), (0.02 + b * bench.speed()) / kt, 1e-9);
}

TEST(DcMotor, LoadStepTakesEffectAtItsTime) {
  MotorBench bench;
  bench.set("load_step", 0.02);
  bench.set("load_step_time", 2.0);
  bench.begin();
  bench.write("voltage", 6.0);
  bench.run_beats(2001);  // up to t = 2 s
  const double before = bench.speed();
  EXPECT_NEAR(before, kt * 6 / (R * b + kt * ke), 1e-8);
  bench.run_beat();
  EXPECT_LT(bench.speed(), before - 1);
}

TEST(DcMotor, DryFrictionHoldsUntilTheTorqueExceedsIt) {
  MotorBench bench(1e-3, 0.01);
  bench.begin();
  bench.write("voltage", 0.99 * 0.01 * R / kt);
  bench.run_beats(1000);
  EXPECT_EQ(bench.speed(), 0);
  EXPECT_EQ(bench.read("encoder"), 0);
  EXPECT_NEAR(bench.read("current"), 0.99 * 0.01 / kt, 1e-9);
  bench.write("voltage", 1.01 * 0.01 * R / kt);
  bench.run_beats(1000);
  EXPECT_GT(bench.speed(), 0);
}

TEST(DcMotor, DryFrictionTakesItsTorqueWhileTurningEitherWay) {
  for (const double sign : {1.0, -1.0}) {
    MotorBench bench(1e-3, 0.01);
    bench.begin();
    bench.write("voltage", sign * 6);
    bench.run_beats(2000);
    EXPECT_NEAR(bench.speed(), sign * (kt * 6 - R * 0.01) / (R * b + kt * ke), 1e-8);
  }
}

TEST(DcMotor, FrictionStopsItForGood) {
  MotorBench bench(1e-3, 0.01);
  bench.begin();
  bench.write("voltage", 6.0);
  bench.run_beats(500);
  ASSERT_GT(bench.speed(), 100);
  bench.write("voltage", 0.0);
  bench.run_beats(500);
  const double rest = bench.read("encoder");
  for (int i = 0; i < 500; ++i) {
    bench.run_beat();
    ASSERT_EQ(bench.speed(), 0);
    ASSERT_EQ(bench.read("encoder"), rest);
  }
}

TEST(DcMotor, SubStepsLeaveTheResultAsItIs) {
  std::vector<double> speeds;
  for (const double step : {1e-3, 1e-4, 1e-5}) {
    MotorBench bench(1e-3, 0.01);
    bench.set("step", step);
    bench.begin();
    bench.write("voltage", 6.0);
    bench.run_beats(20);
    speeds.push_back(bench.speed());
  }
  // The moment at which it breaks loose is known to one sub-step only.
  EXPECT_NEAR(speeds[0], speeds[2], 1e-3);
  EXPECT_NEAR(speeds[1], speeds[2], 1e-3);
}

TEST(DcMotor, EncoderCountsTurnsDownwardsToo) {
  for (const double sign : {1.0, -1.0}) {
    MotorBench bench;
    bench.set("counts", 500);
    bench.begin();
    bench.write("voltage", sign * 6);
    bench.run_beats(2001);
    // After the transient of time constant T the angle grows by the final speed: a(t) = w (t - T').
    double angle = 0;
    constexpr int parts = 200'000;
    for (int i = 0; i < parts; ++i) angle += speed_after_step(sign * 6, (i + 0.5) * 2 / parts) * 2 / parts;
    EXPECT_EQ(bench.read("encoder"), std::floor(angle / (2 * std::numbers::pi) * 500));
  }
}

TEST(DcMotor, MissedBeatsAreMadeUpFor) {
  MotorBench steady, missing;
  for (MotorBench* bench : {&steady, &missing}) {
    bench->begin();
    bench->write("voltage", 6.0);
    bench->run_beat();
  }
  steady.run_beats(30);
  missing.jump_to(30);
  missing.run_beat();
  EXPECT_EQ(steady.inputs(), missing.inputs());
}

std::vector<double> noisy_run(std::int64_t seed) {
  MotorBench bench(1e-3, 0.0026);
  bench.set("noise", 0.01);
  bench.set("resolution", 0.001);
  bench.set("seed", seed);
  bench.begin();
  std::vector<double> all;
  for (int i = 0; i < 1000; ++i) {
    bench.write("voltage", i % 200 < 100 ? 6 : -3);
    bench.run_beat();
    all.insert(all.end(), bench.inputs().begin(), bench.inputs().end());
  }
  return all;
}

TEST(DcMotor, EqualSeedsGiveEqualRuns) {
  EXPECT_EQ(noisy_run(3), noisy_run(3));
  EXPECT_NE(noisy_run(3), noisy_run(4));
}

TEST(DcMotor, RestoredStateContinuesIdentically) {
  MotorBench first(1e-3, 0.0026), second(1e-3, 0.0026);
  for (MotorBench* bench : {&first, &second}) {
    bench->set("noise", 0.01);
    bench->begin();
    bench->write("voltage", 6.0);
  }
  first.run_beats(100);
  testing::restore(second.plugin(), testing::save(first.plugin()));
  second.jump_to(100);
  for (int i = 0; i < 200; ++i) {
    first.run_beat();
    second.run_beat();
    ASSERT_EQ(first.inputs(), second.inputs());
  }
}

TEST(DcMotor, ChannelsSayTheirRanges) {
  MotorBench bench;
  bench.set("supply", 12.0);
  bench.begin();
  const auto channels = bench.plugin().channels();
  EXPECT_EQ(channels.back().name, "voltage");
  EXPECT_EQ(channels.back().min, -12);
  EXPECT_EQ(channels.back().max, 12);
  EXPECT_FALSE(bench.plugin().is_hardware());
}

TEST(DcMotor, RefusesNonsenseAndNamesTheParameter) {
  for (const char* name : {"resistance", "inductance", "inertia", "step"}) {
    MotorBench bench;
    bench.set(name, 0.0);
    EXPECT_TRUE(bench.configure().refuses(name, "above 0")) << name;
  }
  MotorBench bench;
  bench.set("step", 1e-9);
  EXPECT_TRUE(bench.configure().refuses("step", "longer"));
}

}  // namespace
}  // namespace tactus::plugins
