#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

std::unique_ptr<Program> counting(std::shared_ptr<Counter>* counter = nullptr) {
  Bench bench;
  const auto made = bench.add<Counter>("c");
  if (counter != nullptr) *counter = made;
  return bench.build();
}

std::vector<std::string> states(const Rig& rig) {
  std::vector<std::string> all;
  for (const EngineEvent& event : rig.events_of(EventKind::state)) all.emplace_back(event.text);
  return all;
}

TEST(Engine, RunsSoManyBeatsAndGoesThroughItsStates) {
  std::shared_ptr<Counter> counter;
  Rig rig({.beats = 10});
  EXPECT_EQ(rig.run(counting(&counter)), Outcome::done);
  ASSERT_EQ(rig.rows.size(), 10U);
  for (std::size_t i = 0; i < rig.rows.size(); ++i) {
    EXPECT_EQ(rig.rows[i].head.beat, i);
    EXPECT_EQ(rig.rows[i].head.time_ns, static_cast<std::int64_t>(i) * 1'000'000);
    EXPECT_EQ(rig.rows[i].values[0], static_cast<double>(i + 1));
  }
  EXPECT_EQ(states(rig), (std::vector<std::string>{"ready", "starting", "running", "stopping", "ready"}));
  EXPECT_EQ(counter->starts, 1);
  EXPECT_EQ(counter->stops, 1);
  EXPECT_EQ(rig.engine().status().beats_run(), 10U);
}

TEST(Engine, RefusesAProgramThatDoesNotFollowTheRunningOne) {
  Rig rig({.beats = 3});
  auto first = counting();
  Bench bench(2, first.get());
  bench.add<Counter>("c");
  auto second = bench.build();
  EXPECT_FALSE(rig.engine().offer(second));
  ASSERT_NE(second, nullptr);
  EXPECT_TRUE(rig.engine().offer(first));
  EXPECT_FALSE(rig.engine().offer(second)) << "one is pending";
}

TEST(Engine, RefusesAProgramWhoseBeatsDoNotFitTheFifo) {
  Rig rig({.record_bytes = 256});
  Bench bench;
  for (int i = 0; i < 40; ++i) bench.add<Counter>("c" + std::to_string(i));
  auto program = bench.build();
  EXPECT_FALSE(rig.engine().offer(program));
}

TEST(Engine, DeviceIsToldTheTimeOnceABeatBeforeItIsRead) {
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  bench.add_device(device);
  bench.add_scanner("s", device, {{.signal = "x", .channel = 2, .scale = 2, .offset = 1}});
  Rig rig({.beats = 5});
  rig.run(bench.build());
  ASSERT_EQ(device->times.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(device->times[i], static_cast<std::int64_t>(i) * 1'000'000);
    EXPECT_EQ(rig.rows[i].values[0], 2 * (static_cast<double>(i) + 2000) + 1);
  }
}

TEST(Engine, ADeviceAtItsEndEndsTheRunWithSuccessAndWithoutARowOfItsOwn) {
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  device->end = 7;
  bench.add_device(device);
  bench.add_scanner("s", device, {{.signal = "x", .channel = 0}});
  Rig rig;
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  EXPECT_EQ(rig.rows.size(), 7U);
}

TEST(Engine, OutputsAreSafeBeforeTheFirstBeatAndAfterTheLast) {
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  bench.add_device(device);
  bench.add<Counter>("c");
  bench.add_actuator("a", device, {{.signal = "x", .channel = 4, .safe = -1}});
  bench.connect("a.x", "c.count");
  Rig rig({.beats = 3});
  rig.run(bench.build());
  EXPECT_EQ(device->written[0], (std::vector<double>{-1, 1, 2, 3, -1}));
}

TEST(Engine, InhibitedOutputsStaySafeWhileEverythingRunsUntilArmed) {
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  bench.add_device(device);
  bench.add<Counter>("c");
  bench.add_actuator("a", device, {{.signal = "x", .channel = 4, .safe = -1}});
  bench.connect("a.x", "c.count");
  Rig rig({.inhibited = true, .beats = 3});
  rig.run(bench.build());
  EXPECT_EQ(device->written[0], (std::vector<double>{-1, -1, -1, -1, -1}));
  EXPECT_EQ(rig.rows[2].values[0], 3);   // c.count
  EXPECT_EQ(rig.rows[2].values[1], -1);  // applied
  EXPECT_EQ(rig.rows[2].values[2], 3);   // requested
}

TEST(Engine, TwoRunsRecordTheSameBytes) {
  const auto record = [] {
    Bench bench;
    const auto device = std::make_shared<FakeDevice>();
    bench.add_device(device);
    bench.add<Counter>("c", {{"step", 0.1}});
    bench.add<Sum>("s");
    bench.add_scanner("in", device, {{.signal = "x", .channel = 1}});
    bench.connect("s.a", "in.x");
    bench.connect("s.b", "c.count");
    Rig rig({.beats = 1000});
    rig.run(bench.build());
    return rig.rows;
  };
  const auto first = record();
  const auto second = record();
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(std::memcmp(&first[i].head, &second[i].head, sizeof(BeatRecord)), 0);
    EXPECT_EQ(std::memcmp(first[i].values.data(), second[i].values.data(), 8 * first[i].values.size()), 0);
    EXPECT_EQ(first[i].statuses, second[i].statuses);
  }
}

TEST(Engine, TimingOfEveryStepIsRecorded) {
  Bench bench;
  bench.add<Counter>("every");
  bench.add<Counter>("tenth", {}, {10, 0});
  auto program = bench.build();
  const auto layout = program->layout;
  Rig rig({.beats = 100});
  rig.run(std::move(program));
  EXPECT_EQ(layout->components[0].timing->counts().total(), 100U);
  EXPECT_EQ(layout->components[1].timing->counts().total(), 10U);
  EXPECT_EQ(rig.engine().status().duration.counts().total(), 100U);
  const auto worst = layout->worst->snapshot();
  ASSERT_EQ(worst.size(), WorstBeats::kept);
  for (std::size_t i = 1; i < worst.size(); ++i) EXPECT_GE(worst[i - 1].duration, worst[i].duration);
  for (const WorstBeats::Entry& entry : worst) {
    ASSERT_EQ(entry.steps.size(), 4U);  // before, two steps, after
    std::uint64_t sum = 0;
    for (const std::uint64_t step : entry.steps) sum += step;
    EXPECT_EQ(sum, entry.duration) << "every tick of a late beat is somebody's";
  }
}

TEST(Engine, TimingOfBeatsOnlyLeavesTheStepsAlone) {
  std::shared_ptr<Counter> counter;
  auto program = counting(&counter);
  const auto layout = program->layout;
  Rig rig({.timing = TimingDetail::beat, .beats = 50});
  rig.run(std::move(program));
  EXPECT_EQ(layout->components[0].timing->counts().total(), 0U);
  EXPECT_EQ(rig.engine().status().duration.counts().total(), 50U);
}

TEST(EngineGraph, IsSound) { EXPECT_NO_THROW(engine_graph().untyped().check(0)); }

}  // namespace
}  // namespace tactus::test
