#include "plugins/cascaded-tanks-ekf/cascaded_tanks_ekf.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <vector>

#include "plugins/csv/table.hpp"
#include "plugins/simulator/cascaded_tanks.hpp"
#include "tests/plugins/plugin_bench.hpp"
#include "tests/plugins/state_archive.hpp"

namespace tactus::plugins {
namespace {

using Bench = testing::ComponentBench<CascadedTanksEkf>;

Table reference() {
  std::ifstream stream(TACTUS_EKF_REFERENCE, std::ios::binary);
  return parse_table(std::string{std::istreambuf_iterator<char>(stream), {}});
}

/// The record of the real rig, played to the filter.
class EkfTest : public ::testing::Test {
 protected:
  Table record = reference();

  double of(std::size_t row, const char* column) const { return record.at(row, record.find(column)); }
  /// Beat `row`: the pump's voltage is the one of the row before, which acted until now.
  void run(Bench& bench, std::size_t row) {
    bench.connect("level", of(row, "level"));
    bench.connect("pump", of(row > 0 ? row - 1 : 0, "pump"));
    bench.run_beat();
  }
};

TEST_F(EkfTest, ReproducesTheReferenceImplementation) {
  Bench bench(4);
  ASSERT_TRUE(bench.configure());
  ASSERT_EQ(record.rows(), 1024);
  for (std::size_t row = 0; row < record.rows(); ++row) {
    run(bench, row);
    for (const char* output : {"prediction", "innovation", "upper", "lower"}) {
      ASSERT_NEAR(bench.output(output), of(row, output), 1e-9) << output << " in row " << row;
      ASSERT_EQ(bench.status(output), Status::good);
    }
  }
}

TEST_F(EkfTest, PredictsTheRealRigToTheNoiseOfItsSensor) {
  Bench bench(4);
  ASSERT_TRUE(bench.configure());
  double squares = 0, persistence = 0;
  for (std::size_t row = 0; row < record.rows(); ++row) {
    run(bench, row);
    if (row < 10) continue;
    squares += std::pow(bench.output("innovation"), 2);
    persistence += std::pow(of(row, "level") - of(row - 1, "level"), 2);
  }
  EXPECT_LT(std::sqrt(squares / 1014), 0.05);
  EXPECT_GT(persistence, 4 * squares) << "must be far better than to expect the last level again";
}

TEST_F(EkfTest, BadLevelMakesAPredictionOnly) {
  Bench bench(4), unseen(4);
  ASSERT_TRUE(bench.configure());
  ASSERT_TRUE(unseen.configure());
  for (std::size_t row = 0; row < 100; ++row) run(bench, row);
  testing::restore(unseen.plugin(), testing::save(bench.plugin()));
  unseen.already_started();
  bench.connect("level", 3.0, Status::bad);
  unseen.connect("level", std::numeric_limits<double>::quiet_NaN());  // another way to be useless
  unseen.connect("pump", of(98, "pump"));
  const double before = bench.output("lower");
  for (int i = 0; i < 5; ++i) {
    bench.run_beat();
    unseen.run_beat();
    EXPECT_EQ(bench.output("lower"), bench.output("prediction"));
    EXPECT_EQ(bench.output("lower"), unseen.output("lower"));
    EXPECT_EQ(bench.status("upper"), Status::substituted);
    EXPECT_EQ(bench.status("lower"), Status::substituted);
    EXPECT_EQ(bench.status("innovation"), Status::bad);
    EXPECT_EQ(bench.output("innovation"), 0);
  }
  EXPECT_NE(bench.output("lower"), before) << "the tanks go on";
}

TEST_F(EkfTest, WaitsForTheFirstGoodLevel) {
  Bench bench(4);
  ASSERT_TRUE(bench.configure());
  bench.connect("pump", 3.0);
  bench.connect("level", 9.0, Status::bad);
  bench.run_beats(3);
  EXPECT_EQ(bench.status("lower"), Status::bad);
  EXPECT_EQ(bench.output("lower"), 0);
  bench.connect("level", 5.0);
  bench.run_beat();
  EXPECT_EQ(bench.output("lower"), 5);
  EXPECT_EQ(bench.status("lower"), Status::good);
}

TEST_F(EkfTest, RestoredStateContinuesIdentically) {
  Bench first(4), second(4);
  ASSERT_TRUE(first.configure());
  ASSERT_TRUE(second.configure());
  for (std::size_t row = 0; row < 500; ++row) run(first, row);
  testing::restore(second.plugin(), testing::save(first.plugin()));
  second.already_started();
  for (std::size_t row = 500; row < record.rows(); ++row) {
    run(first, row);
    run(second, row);
    for (const char* output : {"prediction", "innovation", "upper", "lower"})
      ASSERT_EQ(first.output(output), second.output(output)) << output;
  }
}

// The rig's upper tank has no sensor; the simulator's has.
TEST_F(EkfTest, FindsTheLevelThatNobodyMeasures) {
  testing::DeviceBench<CascadedTanks> rig(4);
  rig.set("initial_upper", 8.0);
  rig.set("initial_lower", 3.0);
  ASSERT_TRUE(rig.configure());
  rig.open();
  Bench bench(4);
  ASSERT_TRUE(bench.configure());
  double squares = 0;
  for (std::size_t row = 0; row < 1000; ++row) {
    rig.write("ao0", of(row, "pump"));
    rig.run_beat();
    bench.connect("level", rig.read("ai0"));
    bench.connect("pump", of(row > 0 ? row - 1 : 0, "pump"));
    bench.run_beat();
    const double error = bench.output("upper") - rig.read("upper");
    if (row == 0) {
      EXPECT_GT(std::abs(error), 1) << "it begins with a wrong level";
    }
    if (row >= 20) squares += error * error;
  }
  EXPECT_LT(std::sqrt(squares / 980), 0.5);
}

TEST_F(EkfTest, StaysWithinTheTanksWhateverComes) {
  Bench bench(4);
  ASSERT_TRUE(bench.configure());
  for (const double level : {5.0, 0.0, 10.0, 1e6, -1e6, 10.0, 0.01}) {
    for (const double pump : {0.0, 10.0, -5.0}) {
      bench.connect("level", level);
      bench.connect("pump", pump);
      for (int i = 0; i < 100; ++i) {
        bench.run_beat();
        ASSERT_TRUE(bench.output("upper") >= 0 && bench.output("upper") <= 10);
        ASSERT_TRUE(bench.output("lower") >= 0 && bench.output("lower") <= 10.3);
      }
    }
  }
}

TEST_F(EkfTest, BeginsAnewAfterAGapThatIsTooLong) {
  Bench bench(4);
  ASSERT_TRUE(bench.configure());
  for (std::size_t row = 0; row < 100; ++row) run(bench, row);
  bench.connect("level", 2.0);
  bench.jump_to(1'000'000'000);
  bench.run_beat();
  EXPECT_EQ(bench.output("lower"), 2);
  EXPECT_EQ(bench.output("innovation"), 0);
  EXPECT_EQ(bench.status("upper"), Status::good);
}

TEST_F(EkfTest, RefusesNonsenseAndNamesTheParameter) {
  for (const char* name : {"k1", "k2", "k3", "r", "step", "floor"}) {
    Bench bench(4);
    bench.set(name, 0.0);
    EXPECT_TRUE(bench.configure().refuses(name, "above 0")) << name;
  }
  Bench bench(4);
  bench.set("step", 1e-4);
  EXPECT_TRUE(bench.configure().refuses("step", "longer"));
}

}  // namespace
}  // namespace tactus::plugins
