#include "plugins/simulator/cascaded_tanks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/plugins/plugin_bench.hpp"
#include "tests/plugins/state_archive.hpp"

namespace tactus::plugins {
namespace {

using Bench = testing::DeviceBench<CascadedTanks>;

Bench make(double period = 4) {
  Bench bench(period);
  bench.set("noise", 0.0);
  bench.set("resolution", 0.0);
  return bench;
}

TEST(CascadedTanks, StartsAtItsInitialLevels) {
  Bench bench = make();
  bench.set("initial_upper", 4.0);
  bench.set("initial_lower", 5.0);
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.run_beat();
  EXPECT_EQ(bench.read("upper"), 4);
  EXPECT_EQ(bench.read("lower"), 5);
  EXPECT_EQ(bench.read("ai0"), 5);
}

// dx/dt = -k sqrt(x) has the solution (sqrt(x0) - k t/2)^2 until the tank is empty.
TEST(CascadedTanks, UpperTankDrainsByTorricellisLaw) {
  Bench bench = make(1);
  bench.set("initial_upper", 9.0);
  ASSERT_TRUE(bench.configure());
  bench.open();
  for (int t = 0; t < 250; ++t) {
    bench.run_beat();
    const double root = std::max(3 - 0.034 * t / 2, 0.0);
    // The rate has a corner at the moment it runs empty, where the method is only of first order.
    ASSERT_NEAR(bench.read("upper"), root * root, root > 0.1 ? 1e-9 : 1e-4) << t;
  }
}

TEST(CascadedTanks, SettlesWhereInflowEqualsOutflow) {
  Bench bench = make();
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 3.0);
  bench.run_beats(2000);
  const double flow = 0.041 * (3 - 0.74);
  EXPECT_NEAR(bench.read("upper"), std::pow(flow / 0.034, 2), 1e-9);
  EXPECT_NEAR(bench.read("lower"), std::pow(flow / 0.034 * 0.045 / 0.0477, 2), 1e-9);
}

TEST(CascadedTanks, PumpBelowItsDeadZoneMovesNothing) {
  Bench bench = make();
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 0.74);
  bench.run_beats(100);
  EXPECT_EQ(bench.read("lower"), 0);
}

TEST(CascadedTanks, FullTanksOverflowAndTheSensorEnds) {
  Bench bench = make();
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 10.0);
  bench.run_beats(1000);
  EXPECT_EQ(bench.read("upper"), 10);
  EXPECT_EQ(bench.read("lower"), 10.3);
  EXPECT_EQ(bench.read("ai0"), 10);
}

// While the upper tank overflows the lower one gets what flows through, and the part `caught` of the rest.
TEST(CascadedTanks, LowerTankCatchesItsPartOfTheOverflow) {
  const double through = 0.034 * std::sqrt(10.0);
  const double pumped = 0.041 * (5 - 0.74);
  for (const double caught : {0.0, 0.4}) {
    Bench bench = make();
    bench.set("caught", caught);
    bench.set("k2", 0.02);  // a wide lower tank, that stays below its rim
    ASSERT_TRUE(bench.configure());
    bench.open();
    bench.write("ao0", 5.0);
    bench.run_beats(3000);
    const double inflow = 0.02 / 0.034 * (through + caught * (pumped - through));
    EXPECT_EQ(bench.read("upper"), 10);
    EXPECT_NEAR(bench.read("lower"), std::pow(inflow / 0.0477, 2), 1e-9);
  }
}

TEST(CascadedTanks, OutputIsHeldFromBeatToBeat) {
  Bench bench = make(1);
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 4.0);
  bench.run_beat();
  bench.write("ao0", 0.0);
  bench.run_beat();  // the 4 V acted until now
  const double level = bench.read("upper");
  EXPECT_NEAR(level, 0.041 * (4 - 0.74), 0.01);
  bench.run_beat();
  EXPECT_LT(bench.read("upper"), level);
}

TEST(CascadedTanks, ResultDoesNotDependOnThePeriodOrOnMissedBeats) {
  std::vector<double> levels;
  for (const double period : {0.5, 4.0, 20.0}) {
    Bench bench = make(period);
    ASSERT_TRUE(bench.configure());
    bench.open();
    bench.write("ao0", 4.0);
    bench.run_beat();
    bench.jump_to(static_cast<std::uint64_t>(200 / period));
    bench.run_beat();
    levels.push_back(bench.read("lower"));
  }
  EXPECT_NEAR(levels[0], levels[1], 1e-9);
  EXPECT_NEAR(levels[0], levels[2], 1e-9);
  EXPECT_GT(levels[0], 0.5);
}

std::vector<double> noisy_run(std::int64_t seed) {
  Bench bench(4);
  bench.set("seed", seed);
  bench.set("initial_lower", 5.0);
  EXPECT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 3.0);
  std::vector<double> all;
  for (int i = 0; i < 500; ++i) {
    bench.run_beat();
    all.insert(all.end(), bench.inputs().begin(), bench.inputs().end());
  }
  return all;
}

TEST(CascadedTanks, EqualSeedsGiveEqualRuns) {
  EXPECT_EQ(noisy_run(3), noisy_run(3));
  EXPECT_NE(noisy_run(3), noisy_run(4));
}

TEST(CascadedTanks, NoiseHasItsStandardDeviationAndTheConverterItsSteps) {
  Bench bench(4);
  bench.set("noise", 0.1);
  bench.set("resolution", 0.01);
  bench.set("initial_lower", 5.0);
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 3.0);
  double squares = 0;
  for (int i = 0; i < 4000; ++i) {
    bench.run_beat();
    const double reading = bench.read("ai0");
    ASSERT_NEAR(reading, std::round(reading / 0.01) * 0.01, 1e-12);
    squares += std::pow(reading - bench.read("lower"), 2);
  }
  EXPECT_NEAR(std::sqrt(squares / 4000), 0.1, 0.005);
}

TEST(CascadedTanks, RestoredStateContinuesIdentically) {
  Bench first(4), second(4);
  for (Bench* bench : {&first, &second}) {
    bench->set("seed", 5);
    ASSERT_TRUE(bench->configure());
    bench->open();
    bench->write("ao0", 3.3);
  }
  first.run_beats(100);
  testing::restore(second.plugin(), testing::save(first.plugin()));
  second.jump_to(100);
  for (int i = 0; i < 100; ++i) {
    first.run_beat();
    second.run_beat();
    ASSERT_EQ(first.inputs(), second.inputs());
  }
}

TEST(CascadedTanks, RefusesNonsenseAndNamesTheParameter) {
  Bench step = make();
  step.set("step", 0.0);
  EXPECT_TRUE(step.configure().refuses("step", "above 0 s"));
  step.set("step", 1e-5);
  EXPECT_TRUE(step.configure().refuses("step", "longer"));
  Bench level = make();
  level.set("initial_upper", 11.0);
  EXPECT_TRUE(level.configure().refuses("initial_upper", "10 V"));
}

TEST(CascadedTanks, TooLongAGapIsAFailureNotAnEndlessLoop) {
  Bench bench = make();
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.run_beat();
  bench.jump_to(1'000'000);
  EXPECT_EQ(bench.run_beat().kind, DeviceResult::Kind::failed);
}

}  // namespace
}  // namespace tactus::plugins
