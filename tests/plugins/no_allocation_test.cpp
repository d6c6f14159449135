// The beat of every plug-in takes no memory: counted on this thread, by operators new of the test's own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "plugins/cascaded-tanks-ekf/cascaded_tanks_ekf.hpp"
#include "plugins/csv/csv.hpp"
#include "plugins/pid/pid.hpp"
#include "plugins/simulator/cascaded_tanks.hpp"
#include "plugins/simulator/dc_motor.hpp"
#include "plugins/waveform/waveform.hpp"
#include "tests/plugins/plugin_bench.hpp"
#include "tests/plugins/temporary_directory.hpp"

namespace {
thread_local std::size_t allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  const std::size_t whole = (size + alignment - 1) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, whole > 0 ? whole : alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

// noinline: the compiler must not look through them and take malloc and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace tactus::plugins {
namespace {

template <class Bench>
std::size_t allocations_of_a_run(Bench& bench) {
  const std::size_t before = allocations;
  bench.run_beats(1000);
  return allocations - before;
}

TEST(NoAllocation, TheCountSeesAnAllocation) {
  const std::size_t before = allocations;
  const auto memory = std::make_unique<int>(1);
  EXPECT_EQ(allocations - before, 1);
}

TEST(NoAllocation, Waveform) {
  testing::ComponentBench<Waveform> bench(0.01);
  bench.choose("shape", "sine");
  bench.set("high", 1);
  bench.set("period", 1);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(allocations_of_a_run(bench), 0);
}

TEST(NoAllocation, Pid) {
  testing::ComponentBench<Pid> bench(0.01);
  bench.set("kp", 1);
  bench.set("ki", 1);
  bench.set("kd", 1);
  bench.connect("setpoint", 1);
  bench.connect("measurement", 0);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(allocations_of_a_run(bench), 0);
}

TEST(NoAllocation, CascadedTanks) {
  testing::DeviceBench<CascadedTanks> bench(4);
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("ao0", 5);
  EXPECT_EQ(allocations_of_a_run(bench), 0);
}

TEST(NoAllocation, DcMotor) {
  testing::DeviceBench<DcMotor> bench(1e-3);
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("voltage", 5);
  EXPECT_EQ(allocations_of_a_run(bench), 0);
}

TEST(NoAllocation, CascadedTanksEkf) {
  testing::ComponentBench<CascadedTanksEkf> bench(4);
  bench.connect("level", 5);
  bench.connect("pump", 3);
  ASSERT_TRUE(bench.configure());
  EXPECT_EQ(allocations_of_a_run(bench), 0);
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
  EXPECT_EQ(allocations_of_a_run(bench), 0);
  bench.plugin().close();
}

}  // namespace
}  // namespace tactus::plugins
