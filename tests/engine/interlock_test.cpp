// Interlocks act in the beat that sees their cause, whatever the controllers want.

#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/rig.hpp"
#include "tests/engine/swapper.hpp"

namespace tactus::test {
namespace {

using Values = std::vector<double>;
using Operation = Condition::Operation;

/// One value a beat, the last one for ever.
class Sequence : public Generator {
 public:
  Values values;
  std::vector<Status> statuses{};
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    const std::size_t n = std::min<std::size_t>(beat.number, values.size() - 1);
    y.set(values[n], n < statuses.size() ? statuses[n] : Status::good);
  }
};

/// Gives the engine a command on one beat.
class Commander : public Generator {
 public:
  Engine* engine = nullptr;
  EngineCommand command = EngineCommand::acknowledge;
  std::vector<std::uint64_t> when{};
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    y = 0;
    if (std::ranges::count(when, beat.number) != 0) std::ignore = engine->command(command);
  }
};

/// level > limit
Condition above(double limit) {
  return Condition({{Operation::value, 0}, {Operation::number, 0, limit}, {Operation::greater}});
}

/// A level, an interlock on it, and an output that would go up by one on every beat.
struct Plant {
  Rig rig;
  Bench bench;
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  std::shared_ptr<Sequence> level;
  std::shared_ptr<Sequence> wanted;
  std::shared_ptr<Commander> commander;

  Plant(Values levels, Interlock::Policy policy, OutputGate::Action action = OutputGate::Action::safe,
        EngineOptions options = {.end_on_fault = true, .beats = 8})
      : rig(options) {
    bench.add_device(device);
    level = bench.add<Sequence>("level");
    level->values = std::move(levels);
    wanted = bench.add<Sequence>("wanted");
    wanted->values = {1, 2, 3, 4, 5, 6, 7, 8};
    commander = bench.add<Commander>("commander");
    commander->engine = &rig.engine();
    bench.add_interlock("overflow", {"level.y"}, std::move(policy));
    OutputLine line{.signal = "x", .channel = 4, .safe = -1};
    line.gates.push_back({"overflow", action});
    bench.add_actuator("out", device, {line, {.signal = "free", .channel = 5, .safe = -2}});
    bench.connect("out.x", "wanted.y");
    bench.connect("out.free", "wanted.y");
    bench.connect("out.x.overflow", "overflow.tripped");
  }
  const Values& run(Outcome outcome = Outcome::done) {
    EXPECT_EQ(rig.run(bench.build()), outcome);
    return device->written[0];
  }
};

TEST(Interlock, MakesItsOutputsSafeInTheBeatOfTheCauseAndNoOthers) {
  Plant plant({0, 0, 0, 9, 0}, {.condition = above(5), .latch = false});
  EXPECT_EQ(plant.run(), (Values{-1, 1, 2, 3, -1, 5, 6, 7, 8, -1}));
  EXPECT_EQ(plant.device->written[1], (Values{-2, 1, 2, 3, 4, 5, 6, 7, 8, -2}));
  const auto events = plant.rig.events_of(EventKind::interlock);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].beat, 3U);
  EXPECT_EQ(events[0].value, 1);
  EXPECT_STREQ(events[0].component, "overflow");
  EXPECT_EQ(events[1].beat, 4U);
  EXPECT_EQ(events[1].value, 0);
}

TEST(Interlock, LatchesUntilItIsAcknowledgedAfterItsCauseIsGone) {
  Plant plant({0, 9, 9, 0, 0}, {.condition = above(5)});
  plant.commander->when = {1, 4};  // the first one comes too early: the cause is still there on beat 2
  EXPECT_EQ(plant.run(), (Values{-1, 1, -1, -1, -1, -1, 6, 7, 8, -1}));
}

TEST(Interlock, TripsWhenItCannotKnow) {
  Plant plant({0, 1, 0}, {.condition = above(5), .latch = false});
  plant.level->statuses = {Status::good, Status::bad};
  EXPECT_EQ(plant.run(), (Values{-1, 1, -1, 3, 4, 5, 6, 7, 8, -1}));
  Plant other({0, std::numeric_limits<double>::quiet_NaN(), 0}, {.condition = above(5), .latch = false});
  EXPECT_EQ(other.run(), (Values{-1, 1, -1, 3, 4, 5, 6, 7, 8, -1}));
}

/// An interlock that latches, over a slow level, and an output that goes up by one on every beat.
struct SlowPlant {
  Rig rig{{.beats = 8}};
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();

  const Values& run(Values levels, std::vector<Status> statuses = {}) {
    Bench bench;
    bench.add_device(device);
    const auto level = bench.add<Sequence>("level", {}, {3, 2});  // on beats 2 and 5
    level->values = std::move(levels);
    level->statuses = std::move(statuses);
    bench.add_interlock("overflow", {"level.y"}, {.condition = above(5)});
    bench.add<Counter>("count");
    OutputLine line{.signal = "x", .channel = 4, .safe = -1};
    line.gates.push_back({"overflow"});
    bench.add_actuator("out", device, {line});
    bench.connect("out.x", "count.count");
    bench.connect("out.x.overflow", "overflow.tripped");
    EXPECT_EQ(rig.run(bench.build()), Outcome::done);
    return device->written[0];
  }
};

TEST(Interlock, DoesNotTakeWhatWasNeverWrittenForAZero) {
  SlowPlant plant;
  EXPECT_EQ(plant.run({0}), (Values{-1, -1, -1, 3, 4, 5, 6, 7, 8, -1}))
      << "safe until the level is known; that is no incident, and nobody has to acknowledge it";
  ASSERT_EQ(plant.rig.events_of(EventKind::interlock).size(), 2U) << "but it is told";
}

TEST(Interlock, LatchesFromTheFirstTimeItKnows) {
  SlowPlant plant;
  EXPECT_EQ(plant.run({9, 9, 9, 0}), (Values{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}))
      << "the first level is too high; the next one, on beat 5, is not";
  SlowPlant other;
  std::vector<Status> statuses(8, Status::good);
  statuses[5] = Status::bad;
  EXPECT_EQ(other.run(Values(8, 0), statuses), (Values{-1, -1, -1, 3, 4, 5, -1, -1, -1, -1}));
}

TEST(Interlock, BelievesAGoodValueThatHasGrownStale) {
  Plant plant({4, 4, 4, 9}, {.condition = above(5), .latch = false});
  plant.level->statuses = {Status::good, Status::stale, Status::stale, Status::stale};
  EXPECT_EQ(plant.run(), (Values{-1, 1, 2, 3, -1, -1, -1, -1, -1, -1}))
      << "its value counts, whichever side of the limit it is on";
}

TEST(Interlock, InhibitsOneDirection) {
  Plant up({0, 9, 9, 9, 0}, {.condition = above(5), .latch = false}, OutputGate::Action::no_rise);
  up.wanted->values = {1, 2, 3, 0, 5, 6, 7, 8};
  EXPECT_EQ(up.run(), (Values{-1, 1, 1, 1, 0, 5, 6, 7, 8, -1})) << "it may fall";
  Plant down({0, 9, 9, 9, 0}, {.condition = above(5), .latch = false}, OutputGate::Action::no_fall);
  down.wanted->values = {1, 0, 3, 2, 1, 6, 7, 8};
  EXPECT_EQ(down.run(), (Values{-1, 1, 1, 3, 3, 1, 6, 7, 8, -1})) << "it may rise";
}

TEST(Interlock, FaultActionFaultsInTheSameBeat) {
  Plant plant({0, 0, 9}, {.condition = above(5), .fault = true});
  EXPECT_EQ(plant.run(Outcome::failed), (Values{-1, 1, 2, -1, -1}));
  const auto faults = plant.rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].beat, 2U);
  EXPECT_STREQ(faults[0].component, "overflow");
  EXPECT_STREQ(faults[0].text, "interlock tripped");
}

TEST(Interlock, IsNotForgottenByAReset) {
  Plant plant({0, 0, 9, 9, 9, 0}, {.condition = above(5), .fault = true}, OutputGate::Action::safe,
              {.beats = 8});
  plant.commander->command = EngineCommand::reset;
  // On the beats after the fault nothing runs; the reset has to come from the ticks between.
  kernel::Stack stack;
  const auto reset = [&plant] {
    for (int i = 0; i < 4; ++i) {
      plant.rig.kernel().sleep_until((2 * i + 4) * 1'000'000 + 500'000);
      std::ignore = plant.rig.engine().command(EngineCommand::reset);
    }
  };
  kernel::Task world(plant.rig.kernel(), "world", 1, kernel::Entry(reset), stack);
  world.start();
  const Values& written = plant.run();
  EXPECT_EQ(written.front(), -1);
  EXPECT_EQ(plant.rig.engine().status().faults(), 3U) << "beats 2, 3 and 4, each after a reset";
  EXPECT_EQ(written[written.size() - 2], 8) << "with the cause gone it runs on";
}

TEST(Interlock, StateGoesOnAcrossASwap) {
  Rig rig({.beats = 8});
  Bench first;
  const auto device = std::make_shared<FakeDevice>();
  const auto fill = [&](Bench& bench) {
    bench.add_device(device);
    auto swapper = bench.add<Swapper>("swapper");
    const auto level = bench.add<Sequence>("level");
    level->values = {0, 9, 0};
    bench.add_interlock("overflow", {"level.y"}, {.condition = above(5)});
    OutputLine line{.signal = "x", .channel = 4, .safe = -1};
    line.gates.push_back({"overflow"});
    bench.add<Counter>("count");
    bench.add_actuator("out", device, {line});
    bench.connect("out.x", "count.count");
    bench.connect("out.x.overflow", "overflow.tripped");
    return swapper;
  };
  const auto swapper = fill(first);
  auto program = first.build();
  Bench second(2, program.get());
  fill(second);
  auto next = second.build();
  swapper->engine = &rig.engine();
  swapper->next = &next;
  EXPECT_EQ(rig.run(std::move(program)), Outcome::done);
  EXPECT_EQ(rig.engine().status().swaps(), 2U);
  EXPECT_EQ(device->written[0], (Values{-1, 1, -1, -1, -1, -1, -1, -1, -1, -1}));
}

}  // namespace
}  // namespace tactus::test
