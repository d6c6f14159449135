#include "plugins/waveform/waveform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "plugins/waveform/sine_of_turn.hpp"
#include "tests/plugins/plugin_bench.hpp"

namespace tactus::plugins {
namespace {

using Bench = testing::ComponentBench<Waveform>;

Bench make(const char* shape, double period = 0.25) {
  Bench bench(period);
  bench.choose("shape", shape);
  bench.set("low", 3.0);
  bench.set("high", 6.0);
  return bench;
}

std::vector<double> record(Bench& bench, std::size_t beats) {
  std::vector<double> values;
  for (std::size_t i = 0; i < beats; ++i) {
    bench.run_beat();
    values.push_back(bench.output("value"));
  }
  return values;
}

TEST(Waveform, ConstantIsItsValue) {
  Bench bench = make("constant");
  bench.set("value", -1.5);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(record(bench, 3), std::vector<double>(3, -1.5));
}

TEST(Waveform, StepGoesFromLowToHighAtStart) {
  Bench bench = make("step");
  bench.set("start", 0.5);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(record(bench, 4), (std::vector<double>{3, 3, 6, 6}));
}

TEST(Waveform, StepMayGoDown) {
  Bench bench = make("step");
  bench.set("low", 6.0);
  bench.set("high", 3.0);
  bench.set("start", 0.25);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(record(bench, 2), (std::vector<double>{6, 3}));
}

TEST(Waveform, SquareIsHighForItsDuty) {
  Bench bench = make("square");
  bench.set("period", 1.0);
  bench.set("duty", 0.25);
  bench.set("start", 0.5);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(record(bench, 8), (std::vector<double>{3, 3, 6, 3, 3, 3, 6, 3}));
}

TEST(Waveform, PhaseShiftsASquareByPartsOfItsPeriodEitherWay) {
  for (const double phase : {std::numbers::pi, -std::numbers::pi}) {
    Bench bench = make("square");
    bench.set("period", 1.0);
    bench.set("phase", phase);
    ASSERT_TRUE(bench.configure());
    EXPECT_EQ(record(bench, 4), (std::vector<double>{3, 3, 6, 6})) << phase;
  }
}

TEST(Waveform, TriangleRisesAndFalls) {
  Bench bench = make("triangle");
  bench.set("period", 1.0);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(record(bench, 5), (std::vector<double>{3, 4.5, 6, 4.5, 3}));
}

TEST(Waveform, RampRisesThenHolds) {
  Bench bench = make("ramp");
  bench.set("start", 0.25);
  bench.set("rise", 0.5);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(record(bench, 5), (std::vector<double>{3, 3, 4.5, 6, 6}));
}

TEST(Waveform, SineFollowsTheClosedFormAndRestsInTheMiddleBeforeItsStart) {
  Bench bench = make("sine", 0.01);
  bench.set("period", 0.7);
  bench.set("phase", 0.3);
  bench.set("start", 0.1);
  ASSERT_TRUE(bench.configure());
  const auto values = record(bench, 1000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double since = std::max(static_cast<double>(i) * 0.01 - 0.1, 0.0);
    EXPECT_NEAR(values[i], 4.5 + 1.5 * std::sin(2 * std::numbers::pi * since / 0.7 + 0.3), 1e-7) << i;
  }
}

TEST(Waveform, DoesNotDriftHoweverLongTheRun) {
  Bench bench = make("sine", 0.001);
  bench.set("period", 0.008);
  ASSERT_TRUE(bench.configure());
  const auto first = record(bench, 8);
  bench.jump_to(8ULL * 12'500'000'000ULL);  // a bit more than three years
  EXPECT_EQ(record(bench, 8), first);
}

TEST(Waveform, RefusesNonsenseAndNamesTheParameter) {
  for (const char* shape : {"square", "sine", "triangle"}) {
    Bench bench = make(shape);
    EXPECT_TRUE(bench.configure().refuses("period", "missing")) << shape;
    bench.set("period", 0.4);
    EXPECT_TRUE(bench.configure().refuses("period", "0.5 s")) << shape;
    bench.set("period", 10.0);
    bench.set("high", 2.0);
    EXPECT_TRUE(bench.configure().refuses("high", "above low, 3")) << shape;
  }
  Bench ramp = make("ramp");
  EXPECT_TRUE(ramp.configure().refuses("rise", "missing"));
  Bench step = make("step");
  step.set("high", 3.0);
  EXPECT_TRUE(step.configure().refuses("high", "equals low"));
  Bench square = make("square");
  square.set("period", 10.0);
  square.set("duty", 0.999);
  EXPECT_TRUE(square.configure().refuses("duty", "less than a beat"));
  Bench constant = make("constant");
  constant.set("value", std::nan(""));
  EXPECT_TRUE(constant.configure().refuses("value", "finite"));
}

TEST(SineOfTurn, IsTheSine) {
  constexpr std::int64_t turn = 1'000'003;
  for (std::int64_t i = 0; i < turn; i += 7) {
    const auto angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(i) / turn;
    ASSERT_NEAR(sine_of_turn(i, turn), static_cast<double>(std::sin(angle)), 2.3e-16) << i;
  }
}

TEST(SineOfTurn, IsExactAtTheQuarters) {
  static_assert(sine_of_turn(0, 8) == 0 && sine_of_turn(2, 8) == 1);
  static_assert(sine_of_turn(4, 8) == 0 && sine_of_turn(6, 8) == -1);
  static_assert(sine_of_turn(1, 8) == sine_of_turn(3, 8) && sine_of_turn(1, 8) == -sine_of_turn(5, 8));
}

}  // namespace
}  // namespace tactus::plugins
