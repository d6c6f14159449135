// The whole life of an output: how it goes safe, how fast, after whom, and when not.

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

using Values = std::vector<double>;
constexpr Status good = Status::good, substituted = Status::substituted, bad = Status::bad;
constexpr double each_beat = 1000;  // one unit a beat, as a rate

class Constant : public Generator {
 public:
  Parameter<double> value{*this, "value", {.initial = 0.0}, "of the signal"};
  Output y{*this, "y"};
  Status status = good;
  void update(const Beat&) override { y.set(value, status); }
};

/// Does something in a beat, before the actuators' turn.
class Hand : public Controller {
 public:
  std::function<void(std::uint64_t)> deed = [](std::uint64_t) {};
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    y = 0;
    deed(beat.number);
  }
};

/// One actuator whose lines read constants, on a device that remembers.
struct Drive {
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  Bench bench;
  std::shared_ptr<Hand> hand;
  std::shared_ptr<Actuator> actuator;
  std::vector<std::shared_ptr<Constant>> sources;

  /// Each line asks for the value beside it; line i is channel 4 + i.
  explicit Drive(std::vector<std::pair<OutputLine, double>> lines, Schedule schedule = {}) {
    bench.add_device(device);
    hand = bench.add<Hand>("hand");
    std::vector<OutputLine> all;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].first.channel = 4 + i;
      all.push_back(lines[i].first);
      sources.push_back(bench.add<Constant>("c" + std::to_string(i), {{"value", lines[i].second}}));
    }
    actuator = bench.add_actuator("out", device, all, schedule);
    for (std::size_t i = 0; i < all.size(); ++i)
      bench.connect("out." + all[i].signal, "c" + std::to_string(i) + ".y");
  }
  const Values& written(std::size_t line) const { return device->written[line]; }
};

/// A line's two signals, beat by beat.
struct Column {
  Values applied, requested;
  std::vector<Status> applied_status, requested_status;
  Column(const Rig& rig, std::size_t first) {
    for (const Row& row : rig.rows) {
      applied.push_back(row.values[first]);
      requested.push_back(row.values[first + 1]);
      applied_status.push_back(row.statuses[first]);
      requested_status.push_back(row.statuses[first + 1]);
    }
  }
};

TEST(SafeSlew, IsWalkedTickByTickInFault) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 3}});
  Rig rig;
  World world(rig, {after_beat(1, rig, EngineCommand::trip), after_beat(7, rig, EngineCommand::stop)});
  rig.run(drive.bench.build());
  // the start; beats 0 and 1; the beat that trips, and the ticks after it; the end
  EXPECT_EQ(drive.written(0), (Values{0, 3, 3, 2, 1, 0, 0}));
}

TEST(SafeSlew, IsWalkedToItsEndBeforeARunEnds) {
  Drive drive({{{.signal = "x", .safe = -1, .safe_slew = each_beat}, 2.5}});
  Rig rig({.beats = 2});
  EXPECT_EQ(rig.run(drive.bench.build()), Outcome::done);
  EXPECT_EQ(drive.written(0), (Values{-1, 2.5, 2.5, 2.5, 1.5, 0.5, -0.5, -1}));
  EXPECT_EQ(rig.rows.size(), 2U) << "these ticks are no beats";
}

TEST(SafeSlew, IsWalkedToItsEndAlthoughTheKernelStops) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 2}});
  Rig rig;
  World world(rig, {{1'500'000, [&rig] { rig.kernel().stop(); }}});
  EXPECT_EQ(rig.run(drive.bench.build()), Outcome::done);
  EXPECT_EQ(drive.written(0), (Values{0, 2, 2, 2, 1, 0}));
}

TEST(SafeSlew, OfAFaultThatEndsTheRun) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat, .hold_on_stop = true}, 2}});
  Rig rig({.end_on_fault = true});
  World world(rig, {after_beat(0, rig, EngineCommand::trip)});
  EXPECT_EQ(rig.run(drive.bench.build()), Outcome::failed);
  EXPECT_EQ(drive.written(0), (Values{0, 2, 1, 1, 0})) << "after a fault `hold` does not count";
}

TEST(SafeSlew, EndsARunWhoseDeviceFailsForEver) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 2}});
  drive.hand->deed = [&](std::uint64_t) { drive.device->fail_writes = 1'000'000; };
  Rig rig({.end_on_fault = true});
  EXPECT_EQ(rig.run(drive.bench.build()), Outcome::failed);
  EXPECT_GT(rig.engine().status().safe_writes_failed(), 2U);
}

TEST(SafeSlew, IsLeftByAResetWhereItIs) {
  Drive drive({{{.signal = "x", .slew = 500, .safe = 0, .safe_slew = each_beat}, 4}});
  Rig rig({.beats = 12});
  World world(rig, {after_beat(7, rig, EngineCommand::trip), after_beat(9, rig, EngineCommand::reset)});
  rig.run(drive.bench.build());
  // trips on tick 8, in Fault on tick 9, runs again from tick 10 on: beats 9 to 11
  EXPECT_EQ(drive.written(0),
            (Values{0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 3, 2, 2.5, 3, 3.5, 3.5, 2.5, 1.5, 0.5, 0}));
}

TEST(Pause, HoldsOnlyWhatIsToHold) {
  Drive drive({{{.signal = "x", .safe = -1}, 3}, {{.signal = "y", .safe = -1, .hold_on_pause = true}, 4}});
  Rig rig({.beats = 5});
  World world(rig, {after_beat(2, rig, EngineCommand::pause), after_beat(6, rig, EngineCommand::resume)});
  rig.run(drive.bench.build());
  EXPECT_EQ(drive.written(0), (Values{-1, 3, 3, 3, -1, 3, 3, -1}));
  EXPECT_EQ(drive.written(1), (Values{-1, 4, 4, 4, 4, 4, 4, -1}));
}

TEST(Pause, GoesOnUntilOutputsAreSafe) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 3}});
  Rig rig({.beats = 3});
  World world(rig, {after_beat(1, rig, EngineCommand::pause), after_beat(9, rig, EngineCommand::resume)});
  rig.run(drive.bench.build());
  EXPECT_EQ(drive.written(0), (Values{0, 3, 3, 2, 1, 0, 3, 3, 2, 1, 0}));
}

TEST(Pause, HoldsNothingThatHasToBeSafeAnyway) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat, .hold_on_pause = true}, 3},
               {{.signal = "y", .safe = 0, .hold_on_pause = true}, 4}});
  drive.hand->deed = [&](std::uint64_t beat) {
    if (beat == 2) drive.actuator->force_safe(0, true);
  };
  Rig rig;
  World world(rig, {after_beat(2, rig, EngineCommand::pause), after_beat(6, rig, EngineCommand::inhibit),
                    after_beat(8, rig, EngineCommand::stop)});
  rig.run(drive.bench.build());
  // forced in beat 2, on pause from tick 3 on, all of it inhibited on tick 7, stopped on tick 9
  EXPECT_EQ(drive.written(0), (Values{0, 3, 3, 2, 1, 0, 0, 0}));
  EXPECT_EQ(drive.written(1), (Values{0, 4, 4, 4, 4, 4, 0, 0}));
}

TEST(Stop, HoldsOnlyWhatIsToHold) {
  Drive drive({{{.signal = "x", .safe = -1}, 3}, {{.signal = "y", .safe = -1, .hold_on_stop = true}, 4}});
  Rig rig({.beats = 2});
  rig.run(drive.bench.build());
  EXPECT_EQ(drive.written(0), (Values{-1, 3, 3, -1}));
  EXPECT_EQ(drive.written(1), (Values{-1, 4, 4, 4}));
}

TEST(Trip, MakesOutputsSafeInThatBeatUntilReset) {
  Drive drive({{{.signal = "x", .safe = -1}, 3}});
  Rig rig({.beats = 6});
  World world(rig, {after_beat(1, rig, EngineCommand::trip), after_beat(3, rig, EngineCommand::trip),
                    after_beat(4, rig, EngineCommand::reset)});
  EXPECT_EQ(rig.run(drive.bench.build()), Outcome::done);
  EXPECT_EQ(drive.written(0), (Values{-1, 3, 3, -1, 3, 3, 3, -1}));
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U) << "a second one changes nothing";
  EXPECT_EQ(faults[0].beat, 2U);
  EXPECT_STREQ(faults[0].text, "tripped by command");
  EXPECT_STREQ(faults[0].component, "");
  const Column x(rig, 2);
  EXPECT_EQ(x.applied, (Values{3, 3, -1, 3, 3, 3})) << "recorded in the beat that trips";
  EXPECT_EQ(x.applied_status, (std::vector<Status>{good, good, substituted, good, good, good}));
}

TEST(Trip, OfAPauseMakesSafeWhatHeld) {
  Drive drive({{{.signal = "x", .safe = -1, .hold_on_pause = true}, 3}});
  Rig rig;
  World world(rig, {after_beat(1, rig, EngineCommand::pause), after_beat(3, rig, EngineCommand::trip),
                    after_beat(5, rig, EngineCommand::stop)});
  rig.run(drive.bench.build());
  EXPECT_EQ(drive.written(0), (Values{-1, 3, 3, -1, -1})) << "nothing to write while all of it holds";
  EXPECT_EQ(rig.engine().status().faults(), 1U);
}

TEST(Inhibit, WalksToSafeWhileEverythingRuns) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 2}});
  Rig rig({.beats = 7});
  World world(rig, {after_beat(1, rig, EngineCommand::inhibit), after_beat(4, rig, EngineCommand::arm)});
  rig.run(drive.bench.build());
  const Column x(rig, 2);
  EXPECT_EQ(x.applied, (Values{2, 2, 1, 0, 0, 2, 2}));
  EXPECT_EQ(x.requested, (Values{2, 2, 2, 2, 2, 2, 2}));
  EXPECT_EQ(x.applied_status,
            (std::vector<Status>{good, good, substituted, substituted, substituted, good, good}));
  EXPECT_EQ(x.requested_status, std::vector<Status>(7, good));
}

TEST(Inhibit, AWriteThatFailsIsAFaultOfTheBeat) {
  for (const bool throws : {false, true}) {
    Drive drive({{{.signal = "x", .safe = 0}, 2}});
    drive.device->failing_throws = throws;
    drive.hand->deed = [&](std::uint64_t beat) {
      if (beat == 2) drive.device->fail_writes = 1;
    };
    Rig rig({.inhibited = true, .end_on_fault = true});
    EXPECT_EQ(rig.run(drive.bench.build()), Outcome::failed);
    const auto faults = rig.events_of(EventKind::fault);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].beat, 2U);
    EXPECT_STREQ(faults[0].text, throws ? "write threw" : "write error");
    EXPECT_STREQ(faults[0].component, "out");
  }
}

TEST(ForceSafe, ConcernsOneLineAndActsInTheBeat) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 2}, {{.signal = "y", .safe = 0}, 4}});
  drive.hand->deed = [&](std::uint64_t beat) { drive.actuator->force_safe(0, beat >= 2 && beat < 6); };
  Rig rig({.beats = 8});
  rig.run(drive.bench.build());
  const Column x(rig, 3);
  const Column y(rig, 5);
  EXPECT_EQ(x.applied, (Values{2, 2, 1, 0, 0, 0, 2, 2}));
  EXPECT_EQ(x.applied_status, (std::vector<Status>{good, good, substituted, substituted, substituted,
                                                   substituted, good, good}));
  EXPECT_EQ(y.applied, Values(8, 4));
  EXPECT_EQ(y.applied_status, std::vector<Status>(8, good));
  EXPECT_EQ(drive.written(0), (Values{0, 2, 2, 1, 0, 0, 0, 2, 2, 2, 1, 0}));
  EXPECT_EQ(drive.written(1), (Values{0, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0})) << "once on every beat";
  EXPECT_EQ(drive.actuator->counters(0).made_safe.read(), 4U);
}

TEST(ForceSafe, DoesNotWaitForTheTurnOfASlowActuator) {
  Drive drive({{{.signal = "x", .safe = 0}, 2}}, {5, 0});
  drive.hand->deed = [&](std::uint64_t beat) { drive.actuator->force_safe(0, beat == 2 || beat == 3); };
  Rig rig({.beats = 7});
  rig.run(drive.bench.build());
  EXPECT_EQ(Column(rig, 2).applied, (Values{2, 2, 0, 0, 0, 2, 2})) << "and is driven again at its next turn";
}

TEST(BadSource, LetsItsOutputGoSafeAtItsOwnPace) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 2}, {{.signal = "y", .safe = 0}, 4}});
  drive.hand->deed = [&](std::uint64_t beat) {
    drive.sources[0]->status = beat >= 2 && beat < 5 ? bad : good;
  };
  Rig rig({.beats = 7});
  EXPECT_EQ(rig.run(drive.bench.build()), Outcome::done);
  const Column x(rig, 3);
  // the source, a generator, comes before the hand: it is bad one beat later
  EXPECT_EQ(x.applied, (Values{2, 2, 2, 1, 0, 0, 2}));
  EXPECT_EQ(x.requested_status, (std::vector<Status>{good, good, good, bad, bad, bad, good}));
  EXPECT_EQ(x.applied_status,
            (std::vector<Status>{good, good, good, substituted, substituted, substituted, good}));
  EXPECT_EQ(Column(rig, 5).applied, Values(7, 4));
}

TEST(SafeOrder, LaterOutputsWaitWhereTheyAre) {
  Drive drive({{{.signal = "motor", .safe = 0, .safe_slew = 2 * each_beat}, 4},
               {{.signal = "brake", .safe = 0, .safe_slew = each_beat}, 2},
               {{.signal = "lamp", .safe = 0}, 5}});
  drive.bench.safe_order({"out.brake", "out.motor"});
  Rig rig;
  World world(rig, {after_beat(0, rig, EngineCommand::trip), after_beat(4, rig, EngineCommand::stop)});
  rig.run(drive.bench.build());
  // Brake, motor and lamp go in three writes: at the start; beat 0; the beat that trips, two ticks; the end.
  EXPECT_EQ(drive.written(1), (Values{0, 0, 0, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(drive.written(0), (Values{0, 0, 0, 4, 4, 4, 4, 4, 2, 2, 2, 0, 0, 0, 0, 0}));
  EXPECT_EQ(drive.written(2), (Values{0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0}));
  EXPECT_EQ(rig.rows.back().statuses[8], substituted) << "the lamp waits, but is not what was asked for";
}

/// Notes who writes when.
class Witness : public FakeDevice {
 public:
  std::string* log = nullptr;
  char name = '?';
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override {
    log->push_back(name);
    return FakeDevice::write(group, values);
  }
};

std::string order_of_writes(const std::vector<std::string>& order, int failing_writes) {
  std::string log;
  const auto first = std::make_shared<Witness>();
  const auto second = std::make_shared<Witness>();
  first->log = second->log = &log;
  first->name = 'a';
  second->name = 'b';
  Bench bench;
  bench.add<Constant>("c", {{"value", 1.0}});
  bench.add_actuator("a", first, {{.signal = "x", .channel = 4}});
  bench.add_actuator("b", second, {{.signal = "x", .channel = 4}});
  bench.connect("a.x", "c.y");
  bench.connect("b.x", "c.y");
  const auto hand = bench.add<Hand>("hand");
  hand->deed = [&](std::uint64_t beat) {
    log.push_back(' ');
    if (beat == 1) second->fail_writes = failing_writes;
  };
  bench.safe_order(order);
  Rig rig;
  World world(rig, {after_beat(1, rig, EngineCommand::trip), after_beat(4, rig, EngineCommand::stop)});
  rig.run(bench.build());
  return log;
}

TEST(SafeOrder, IsThatOfTheWritesInOneBeat) {
  EXPECT_EQ(order_of_writes({}, 0), "ab ab ababab");
  EXPECT_EQ(order_of_writes({"b.x", "a.x"}, 0), "ba ab abbaba") << "at the start, by the trip, at the end";
  EXPECT_EQ(order_of_writes({"b.x"}, 0), "ba ab abbaba") << "those not named come last";
}

TEST(SafeOrder, AnOutputThatCannotBeWrittenKeepsNobodyWaiting) {
  // `b` fails twice: in beat 1, and with the safe value of that beat; they are written again on the next
  // tick.
  EXPECT_EQ(order_of_writes({"b.x", "a.x"}, 2), "ba ab abbababa");
}

TEST(SafeOrder, HoldsForAnInhibitInABeat) {
  Drive drive(
      {{{.signal = "motor", .safe = 0}, 4}, {{.signal = "brake", .safe = 0, .safe_slew = each_beat}, 2}});
  drive.bench.safe_order({"out.brake", "out.motor"});
  Rig rig({.beats = 5});
  World world(rig, {after_beat(0, rig, EngineCommand::inhibit)});
  rig.run(drive.bench.build());
  EXPECT_EQ(Column(rig, 5).applied, (Values{2, 1, 0, 0, 0}));
  EXPECT_EQ(Column(rig, 3).applied, (Values{4, 4, 0, 0, 0})) << "in the beat in which the brake is there";
}

TEST(SafeSlew, KeepsAnOutputFromBeingDropped) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 2}});
  const auto running = drive.bench.build();
  Bench next(2, running.get());
  next.add<Constant>("c0");
  try {
    next.build();
    FAIL();
  } catch (const ProgramError& error) {
    EXPECT_STREQ(error.what(),
                 "output out.x takes its time to go safe, and nothing would write it any more: stop the "
                 "experiment first");
  }
}

TEST(SafeSlew, GoesOnAcrossASwap) {
  Drive drive({{{.signal = "x", .safe = 0, .safe_slew = each_beat}, 4}});
  auto program = drive.bench.build();
  Bench second(2, program.get());
  second.add_device(drive.device);
  second.add<Constant>("c0", {{"value", 9.0}});
  second.add_actuator("out", drive.device,
                      {{.signal = "x", .channel = 4, .safe = 0, .safe_slew = 2 * each_beat}});
  second.connect("out.x", "c0.y");
  auto next = second.build();
  Rig rig;
  World world(rig, {after_beat(0, rig, EngineCommand::trip),
                    {1'600'000, [&] { EXPECT_TRUE(rig.engine().offer(next)); }},
                    after_beat(6, rig, EngineCommand::stop)});
  rig.run(std::move(program));
  EXPECT_EQ(drive.written(0), (Values{0, 4, 3, 1, 0, 0}));
}

}  // namespace
}  // namespace tactus::test
