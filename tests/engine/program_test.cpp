#include "engine/program.hpp"

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

std::vector<std::string> names(const Program& program) {
  std::vector<std::string> all;
  for (const ComponentLayout& component : program.layout->components) all.push_back(component.component);
  return all;
}

TEST(ProgramBuilder, OrdersByWiringThenStageThenFile) {
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  bench.add_device(device);
  bench.add_actuator("drive", device, {{.signal = "pump", .channel = 4}});
  bench.add<Gain>("late");
  bench.add<Gain>("early");
  bench.add<Sum>("observer");
  bench.add<Counter>("generator");
  bench.add_scanner("sensor", device, {{.signal = "level", .channel = 0}});
  bench.connect("late.u", "early.y");
  bench.connect("early.u", "observer.sum");
  bench.connect("observer.a", "sensor.level");
  bench.connect("drive.pump", "late.y");
  EXPECT_EQ(names(*bench.build()),
            (std::vector<std::string>{"sensor", "generator", "observer", "early", "late", "drive"}));
}

TEST(ProgramBuilder, LoopNamesItsMembers) {
  Bench bench;
  bench.add<Gain>("a");
  bench.add<Gain>("b");
  bench.connect("a.u", "b.y");
  bench.connect("b.u", "a.y");
  try {
    bench.build();
    FAIL() << "a loop was accepted";
  } catch (const ProgramError& error) {
    EXPECT_STREQ(error.what(), "loop: a <- b <- a; close it with an explicit delay");
    EXPECT_EQ(error.members(), (std::vector<std::string>{"a", "b"}));
  }
}

TEST(ProgramBuilder, UnconnectedInputIsRefusedUnlessItHasAConstant) {
  Bench good;
  good.add<Counter>("c");
  good.add<Sum>("s");
  good.connect("s.a", "c.count");
  EXPECT_NO_THROW(good.build());
  Bench bad;
  bad.add<Sum>("s");
  EXPECT_THROW(bad.build(), ProgramError);
}

TEST(ProgramBuilder, DelayOpensALoop) {
  Bench bench;
  bench.add<Gain>("a", {{"gain", 2.0}});
  bench.connect("a.u", "a.y", 1, 3.0);
  Rig rig({.beats = 4});
  rig.run(bench.build());
  ASSERT_EQ(rig.rows.size(), 4U);
  EXPECT_EQ(rig.rows[0].values[0], 6.0);
  EXPECT_EQ(rig.rows[3].values[0], 48.0);
}

TEST(ProgramBuilder, DelaysOfSeveralBeats) {
  Bench bench;
  bench.add<Counter>("c");
  bench.add<Gain>("g");
  bench.connect("g.u", "c.count", 3, -1.0);
  Rig rig({.beats = 6});
  rig.run(bench.build());
  std::vector<double> delayed;
  for (const Row& row : rig.rows) delayed.push_back(row.values[1]);
  EXPECT_EQ(delayed, (std::vector<double>{-1, -1, -1, 1, 2, 3}));
}

TEST(ProgramBuilder, AnActuatorsSignalIsThatOfTheLastBeatForEveryone) {
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  bench.add_device(device);
  bench.add<Counter>("c");
  bench.add<Sum>("before");
  bench.add_actuator("first", device, {{.signal = "x", .channel = 4, .safe = -7}});
  bench.add_actuator("second", device, {{.signal = "x", .channel = 5}});
  bench.connect("before.a", "first.x");
  bench.connect("before.b", "c.count");
  bench.connect("first.x", "c.count");
  bench.connect("second.x", "first.x", 0, 0.5);
  Rig rig({.beats = 3});
  rig.run(bench.build());
  // in the block: c.count, before.sum, first.x, first.x.requested, second.x, second.x.requested
  EXPECT_EQ(rig.rows[0].values[1], -7 + 1);  // the safe value stands there before the first beat
  EXPECT_EQ(rig.rows[1].values[1], 1 + 2);
  EXPECT_EQ(rig.rows[2].values[4], 2);
}

TEST(ProgramBuilder, StatusTravelsWithTheValue) {
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  device->status = Status::substituted;
  bench.add_device(device);
  bench.add_scanner("sensor", device, {{.signal = "level", .channel = 0}});
  bench.add<Counter>("c");
  bench.add<Sum>("mixed");
  bench.add<Gain>("clean");
  bench.connect("mixed.a", "sensor.level");
  bench.connect("mixed.b", "c.count");
  bench.connect("clean.u", "c.count");
  Rig rig({.beats = 1});
  rig.run(bench.build());
  // sensor.level, c.count, mixed.sum, clean.y
  EXPECT_EQ(rig.rows[0].statuses,
            (std::vector<Status>{Status::substituted, Status::good, Status::substituted, Status::good}));
}

TEST(ProgramBuilder, SlowComponentHoldsItsFrameBetweenTurns) {
  Bench bench;
  bench.add<Counter>("fast");
  bench.add<Counter>("slow", {}, {3, 1});
  Rig rig({.beats = 6});
  rig.run(bench.build());
  std::vector<double> slow;
  std::vector<std::uint64_t> ran;
  for (const Row& row : rig.rows) {
    slow.push_back(row.values[1]);
    ran.push_back(row.rates[1]);
  }
  EXPECT_EQ(slow, (std::vector<double>{0, 1, 1, 1, 2, 2}));
  EXPECT_EQ(ran, (std::vector<std::uint64_t>{Rate::never, 1, 1, 1, 4, 4}));
  EXPECT_EQ(rig.rows[0].statuses[1], Status::bad);  // it has not run yet
  EXPECT_EQ(rig.rows[1].statuses[1], Status::good);
}

}  // namespace
}  // namespace tactus::test
