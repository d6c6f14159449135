#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"
#include "tests/engine/swapper.hpp"

namespace tactus::test {
namespace {

TEST(Swap, KeptComponentKeepsItsStateAndGetsItsNewSettings) {
  Rig rig({.beats = 8});
  Bench first;
  const auto swapper = first.add<Swapper>("swapper");
  const auto counter = first.add<Counter>("kept");
  const auto gone = first.add<Counter>("gone");
  auto program = first.build();

  Bench second(2, program.get());
  second.add<Swapper>("swapper");
  const auto scratch = second.add<Counter>("kept", {{"step", 10.0}});
  const auto fresh = second.add<Counter>("fresh");
  auto next = second.build();
  swapper->engine = &rig.engine();
  swapper->next = &next;

  rig.run(std::move(program));
  EXPECT_TRUE(swapper->accepted);
  std::vector<double> kept;
  std::vector<double> other;
  std::vector<std::uint64_t> numbers;
  for (const Row& row : rig.rows) {
    kept.push_back(row.values[1]);
    other.push_back(row.values[2]);
    numbers.push_back(row.head.program);
  }
  EXPECT_EQ(kept, (std::vector<double>{1, 2, 3, 4, 5, 15, 25, 35}));
  EXPECT_EQ(other, (std::vector<double>{1, 2, 3, 4, 5, 1, 2, 3}));
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{1, 1, 1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(counter->starts, 1) << "a kept component is not started again";
  EXPECT_EQ(scratch->starts, 0);
  EXPECT_EQ(fresh->starts, 1);
  EXPECT_EQ(gone->stops, 1);
  const auto swaps = rig.events_of(EventKind::swap);
  ASSERT_EQ(swaps.size(), 2U);
  EXPECT_EQ(swaps[1].beat, 5U);
  EXPECT_EQ(swaps[1].value, 2.0);
  auto old = rig.engine().reclaim();
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(old->number(), 1U);
}

TEST(Swap, FramesOfSlowKeptComponentsCarryOver) {
  Rig rig({.beats = 8});
  Bench first;
  const auto swapper = first.add<Swapper>("swapper");
  first.add<Counter>("slow", {}, {6, 0});
  first.add<Gain>("late");
  first.connect("late.u", "slow.count", 2, -5.0);
  auto program = first.build();
  Bench second(2, program.get());
  second.add<Swapper>("swapper");
  second.add<Counter>("new-one");  // moves the others to other places
  second.add<Counter>("slow", {}, {6, 0});
  second.add<Gain>("late");
  second.connect("late.u", "slow.count", 2, -5.0);
  auto next = second.build();
  swapper->engine = &rig.engine();
  swapper->next = &next;
  swapper->when = 0;
  rig.run(std::move(program));
  std::vector<double> slow;
  std::vector<double> delayed;
  for (const Row& row : rig.rows) {
    const std::size_t shift = row.head.program == 2 ? 1 : 0;
    slow.push_back(row.values[1 + shift]);
    delayed.push_back(row.values[2 + shift]);
  }
  EXPECT_EQ(slow, (std::vector<double>{1, 1, 1, 1, 1, 1, 2, 2}));
  EXPECT_EQ(delayed, (std::vector<double>{-5, -5, 1, 1, 1, 1, 1, 1})) << "what is on its way is not lost";
}

TEST(Swap, OutputThatNothingWritesAnyMoreGetsItsSafeValueInThatBeat) {
  Rig rig({.beats = 8});
  const auto device = std::make_shared<FakeDevice>();
  Bench first;
  const auto swapper = first.add<Swapper>("swapper");
  first.add_device(device);
  first.add<Counter>("c");
  first.add_actuator("a", device,
                     {{.signal = "x", .channel = 4, .safe = -1}, {.signal = "y", .channel = 5, .safe = -2}});
  first.connect("a.x", "c.count");
  first.connect("a.y", "c.count");
  auto program = first.build();
  Bench second(2, program.get());
  second.add_device(device);
  second.add<Swapper>("swapper");
  second.add<Counter>("c");
  second.add_actuator("b", device, {{.signal = "x", .channel = 4, .slew = 1000, .safe = -3}});
  second.connect("b.x", "c.count");
  auto next = second.build();
  swapper->engine = &rig.engine();
  swapper->next = &next;
  rig.run(std::move(program));
  EXPECT_EQ(device->written[1], (std::vector<double>{-2, 1, 2, 3, 4, 5, -2})) << "released";
  EXPECT_EQ(device->written[0].size(), 1U + 8U + 1U) << "written once on every beat, whoever writes it";
}

TEST(Swap, PeriodChangesAndTimeGoesOn) {
  Rig rig({.beats = 8});
  Bench first;
  const auto swapper = first.add<Swapper>("swapper");
  auto program = first.build();
  Bench second(2, program.get(), Period::ns(250'000));
  second.add<Swapper>("swapper");
  auto next = second.build();
  swapper->engine = &rig.engine();
  swapper->next = &next;
  rig.run(std::move(program));
  std::vector<std::int64_t> times;
  for (const Row& row : rig.rows) times.push_back(row.head.time_ns / 1000);
  EXPECT_EQ(times, (std::vector<std::int64_t>{0, 1000, 2000, 3000, 4000, 5000, 5250, 5500}));
}

TEST(Swap, WithdrawnProgramNeverRuns) {
  Rig rig({.beats = 4});
  Bench first;
  first.add<Counter>("c");
  auto program = first.build();
  EXPECT_TRUE(rig.engine().offer(program));
  auto back = rig.engine().withdraw();
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(rig.run(std::move(back)), Outcome::done);
}

TEST(Swap, IsCompletedAlthoughStartAndStopThrow) {
  class Thrower : public Counter {
   public:
    void start(const Beat& beat) override {
      Counter::start(beat);
      if (beat.number != 0) throw std::runtime_error("cannot start");
    }
    void stop() override {
      Counter::stop();
      throw std::runtime_error("cannot stop");
    }
  };
  Rig rig({.beats = 9});
  Bench first;
  const auto swapper = first.add<Swapper>("swapper");
  first.add<Thrower>("gone");
  const auto also_gone = first.add<Counter>("also_gone");
  auto program = first.build();

  class Resetter : public Generator {
   public:
    Engine* engine = nullptr;
    Output y{*this, "y"};
    void start(const Beat&) override { std::ignore = engine->command(EngineCommand::reset); }
    void update(const Beat&) override { y = 1; }
  };
  Bench second(2, program.get());
  second.add<Thrower>("new");
  second.add<Resetter>("resetter")->engine = &rig.engine();
  const auto counter = second.add<Counter>("counter");
  auto next = second.build();
  swapper->engine = &rig.engine();
  swapper->next = &next;

  EXPECT_EQ(rig.run(std::move(program)), Outcome::failed) << "`new` cannot stop, in the end";
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 2U) << "the first of the beat's faults, and the one at the end";
  EXPECT_STREQ(faults[0].text, "cannot stop");
  EXPECT_STREQ(faults[0].component, "gone");
  EXPECT_EQ(faults[0].beat, 5U);
  EXPECT_STREQ(faults[1].component, "new");
  EXPECT_EQ(also_gone->stops, 1);
  EXPECT_EQ(counter->starts, 1);
  EXPECT_EQ(counter->count, 3) << "after the reset the new program runs, all of it: beats 6, 7, 8";
  EXPECT_EQ(rig.engine().status().program(), 2U);
  EXPECT_NE(rig.engine().reclaim(), nullptr);
}

}  // namespace
}  // namespace tactus::test
