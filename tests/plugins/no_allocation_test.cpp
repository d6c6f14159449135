// The beat of every plug-in takes no memory and gives none back.
#include <gtest/gtest.h>

#include "plugins/cascaded-tanks-ekf/cascaded_tanks_ekf.hpp"
#include "plugins/csv/csv.hpp"
#include "plugins/pid/pid.hpp"
#include "plugins/simulator/cascaded_tanks.hpp"
#include "plugins/simulator/dc_motor.hpp"
#include "plugins/waveform/waveform.hpp"
#include "tests/plugins/plugin_bench.hpp"
#include "tests/plugins/temporary_directory.hpp"
#include "tests/support/memory_calls.hpp"

namespace tactus::plugins {
namespace {

using test::MemoryCalls;
using test::no_memory_calls;

template <class Bench>
MemoryCalls memory_calls_of_a_run(Bench& bench) {
  return test::memory_calls_in([&] { bench.run_beats(1000); });
}

TEST(NoAllocation, Waveform) {
  testing::ComponentBench<Waveform> bench(0.01);
  bench.choose("shape", "sine");
  bench.set("high", 1);
  bench.set("period", 1);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(memory_calls_of_a_run(bench), no_memory_calls);
}

TEST(NoAllocation, Pid) {
  testing::ComponentBench<Pid> bench(0.01);
  bench.set("kp", 1);
  bench.set("ki", 1);
  bench.set("kd", 1);
  bench.connect("setpoint", 1);
  bench.connect("measurement", 0);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(memory_calls_of_a_run(bench), no_memory_calls);
}

TEST(NoAllocation, CascadedTanks) {
  testing::DeviceBench<CascadedTanks> bench(4);
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 5);
  EXPECT_EQ(memory_calls_of_a_run(bench), no_memory_calls);
}

TEST(NoAllocation, DcMotor) {
  testing::DeviceBench<DcMotor> bench(1e-3);
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("voltage", 5);
  EXPECT_EQ(memory_calls_of_a_run(bench), no_memory_calls);
}

TEST(NoAllocation, CascadedTanksEkf) {
  testing::ComponentBench<CascadedTanksEkf> bench(4);
  bench.connect("level", 5);
  bench.connect("pump", 3);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(memory_calls_of_a_run(bench), no_memory_calls);
}

TEST(NoAllocation, Csv) {
  const testing::TemporaryDirectory directory;
  std::string rows = "x\n";
  for (int i = 0; i < 1000; ++i) rows += "1\n";
  directory.write("in.csv", rows);
  testing::DeviceBench<Csv> bench(0.01, true, directory.path());
  bench.set("file", "in.csv");
  bench.set("time_column", "");
  bench.set("outputs", "u");
  bench.set("output", "out.csv");
  ASSERT_TRUE(bench.configure());
  bench.open();
  EXPECT_EQ(memory_calls_of_a_run(bench), no_memory_calls);
  bench.plugin().close();
}

}  // namespace
}  // namespace tactus::plugins
