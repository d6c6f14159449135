// The application's modes: which components are active, with which parameters, wires and outputs, beat by
// beat.

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

using Values = std::vector<double>;
using Operation = Condition::Operation;
using Transitions = std::vector<Region::Transition>;

/// Its input `signal` > limit
Condition above(double limit, std::uint32_t signal = 0) {
  return Condition({{Operation::value, signal}, {Operation::number, 0, limit}, {Operation::greater}});
}
Condition commanded(std::uint32_t command) { return Condition({{Operation::command, command}}); }

Region::Plan plan(std::vector<Region::Mode> modes, std::vector<std::string> commands = {}) {
  return {.name = "", .modes = std::move(modes), .commands = std::move(commands)};
}

/// Remembers what it is told of each of its turns.
class Witness : public Controller {
 public:
  Input u{*this, "u"};
  Parameter<double> gain{*this, "gain", {.initial = 1.0}, "factor"};
  Output y{*this, "y"};
  std::vector<std::uint64_t> beats{};
  Values elapsed{};
  std::vector<bool> resumed{};
  void update(const Beat& beat) override {
    beats.push_back(beat.number);
    elapsed.push_back(beat.elapsed * 1000);
    resumed.push_back(beat.resumed);
    y = gain * u;
  }
};

/// A counter 1, 2, 3, ..., a witness of it that the region governs, an output that it feeds.
struct Plant {
  Rig rig;
  Bench bench;
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  std::shared_ptr<Witness> witness;
  std::shared_ptr<Region> region;

  explicit Plant(Region::Plan modes, std::uint64_t beats = 8, Schedule schedule = {})
      : rig({.beats = beats}) {
    bench.add_device(device);
    bench.add<Counter>("counter");
    bench.add<Gain>("other", {{"gain", 100.0}});
    witness = bench.add<Witness>("witness", {}, schedule);
    region = bench.add_region("area", {"counter.count"}, std::move(modes));
    bench.add_actuator("out", device,
                       {{.signal = "x", .channel = 4, .low = -1000, .high = 1000, .safe = -1}});
    bench.connect("other.u", "counter.count");
    bench.connect("witness.u", "counter.count");
    bench.connect("out.x", "witness.y");
  }
  NewModes modes() const { return {.region = bench.part("area")}; }
  NewModes active_in(std::vector<bool> modes) const {
    NewModes result = this->modes();
    result.governed.push_back({bench.part("witness"), std::move(modes)});
    return result;
  }
  void run(NewModes modes, World::Deeds deeds = {}) {
    bench.modes(std::move(modes));
    World world(rig, std::move(deeds));
    rig.run(bench.build());
  }
  /// One column of the recording: of area.mode, area.elapsed, counter.count, other.y, witness.y, out.x, ...
  Values column(std::size_t signal) const {
    Values values;
    for (const Row& row : rig.rows) values.push_back(row.values[signal]);
    return values;
  }
  std::vector<Status> statuses(std::size_t signal) const {
    std::vector<Status> all;
    for (const Row& row : rig.rows) all.push_back(row.statuses[signal]);
    return all;
  }
  std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const EngineEvent& event : rig.events_of(EventKind::mode))
      all.push_back(std::to_string(event.beat) + " " + event.component + " " + event.text);
    return all;
  }
};

constexpr std::size_t mode = 0, elapsed = 1, output_of_witness = 4;

/// idle -> run when the counter passes 2, back when it passes 5.
Region::Plan two_modes() {
  return plan({{"idle", {{.to = 1, .condition = above(2), .announcement = "run: counter.count > 2"}}},
               {"run", {{.to = 0, .condition = above(5), .announcement = "idle: counter.count > 5"}}}});
}

TEST(Modes, AConditionMovesTheModeForTheWholeBeatAfterItsCause) {
  Plant plant(two_modes());
  plant.run(plant.active_in({false, true}));
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 0, 1, 1, 1, 0, 1}));  // the counter is 3 on beat 2, 6 on beat 5
  EXPECT_EQ(plant.witness->beats, (std::vector<std::uint64_t>{3, 4, 5, 7}));
  EXPECT_EQ(plant.told(),
            (std::vector<std::string>{"0 area idle", "3 area run: counter.count > 2",
                                      "6 area idle: counter.count > 5", "7 area run: counter.count > 2"}));
  Values seconds;
  for (const double value : plant.column(elapsed)) seconds.push_back(value * 1000);
  EXPECT_EQ(seconds, (Values{0, 1, 2, 0, 1, 2, 0, 0}));
}

TEST(Modes, SignalsOfAnInactiveComponentAreStaleAndTheOutputThatTheyFeedIsSafeInTheSameBeat) {
  Plant plant(two_modes());
  plant.run(plant.active_in({false, true}));
  constexpr Status good = Status::good, stale = Status::stale, bad = Status::bad;
  EXPECT_EQ(plant.statuses(output_of_witness),
            (std::vector<Status>{bad, bad, bad, good, good, good, stale, good}));
  EXPECT_EQ(plant.column(output_of_witness), (Values{0, 0, 0, 4, 5, 6, 6, 8}));
  EXPECT_EQ(plant.device->written[0], (Values{-1, -1, -1, -1, 4, 5, 6, -1, 8, -1}));
}

TEST(Modes, AComponentIsToldHowLongItRested) {
  Plant plant(two_modes());
  plant.run(plant.active_in({false, true}));
  EXPECT_EQ(plant.witness->elapsed, (Values{1, 1, 1, 2}));
  EXPECT_EQ(plant.witness->resumed, (std::vector<bool>{true, false, false, true}));
}

TEST(Modes, ASlowComponentKeepsItsPhaseAndTakesATurnThatItMissed) {
  Plant plant(two_modes(), 12, {.every = 2, .offset = 0});
  plant.run(plant.active_in({false, true}));
  // Inactive until 3, when its turn of beat 2 comes at once; inactive again on 6 and on every other beat.
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(plant.witness->beats, (std::vector<std::uint64_t>{3, 4, 7, 9, 11}));
  EXPECT_EQ(plant.witness->elapsed, (Values{2, 1, 3, 2, 2}));
}

TEST(Modes, ATimeoutComesAfterExactlySoManyBeats) {
  Plant plant(plan({{"on", {{.to = 1, .after = 3}}}, {"off", {{.to = 0, .after = 2}}}}), 12);
  plant.run(plant.active_in({true, false}));
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0}));
}

TEST(Modes, TheFirstConditionInTheOrderOfThePlanWins) {
  Plant plant(plan({{"idle", {{.to = 2, .condition = above(3)}, {.to = 1, .condition = above(1)}}},
                    {"low", {}},
                    {"high", {}}}),
              4);
  plant.run(plant.modes());
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 1, 1})) << "3 is not reached when 1 is";
}

TEST(Modes, WhatIsUnknownMovesNothing) {
  Plant plant(plan({{"idle", {{.to = 1, .condition = Condition()}}}, {"run", {}}}), 3);
  plant.run(plant.modes());
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 0}));
}

TEST(Modes, CommandsAreSeenOnTheNextBeatByAllRegionsAndForgotten) {
  Plant plant(plan(
      {{"idle", {{.to = 1, .condition = commanded(0)}}}, {"run", {{.to = 0, .condition = commanded(1)}}}},
      {"go", "halt"}));
  plant.bench.add_region("second", {},
                         plan({{"a", {{.to = 1, .condition = commanded(0)}}}, {"b", {}}}, {"go"}));
  plant.bench.modes({.region = plant.bench.part("second")});
  Rig& rig = plant.rig;
  plant.run(plant.modes(),
            {after_beat(1, rig, EngineCommand::user, "halt"),  // nobody waits for it
             after_beat(2, rig, EngineCommand::user, "go"), after_beat(4, rig, EngineCommand::user, "halt"),
             after_beat(5, rig, EngineCommand::user, "nonsense")});
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 0, 1, 1, 0, 0, 0}));
  EXPECT_EQ(plant.column(2), (Values{0, 0, 0, 1, 1, 1, 1, 1})) << "the second region";
  const auto commands = rig.events_of(EventKind::command);
  ASSERT_EQ(commands.size(), 5U);  // with start
  EXPECT_STREQ(commands[2].text, "command");
  EXPECT_STREQ(commands[2].signal, "go");
}

TEST(Modes, AnyModeCanBeOrderedByName) {
  Plant plant(plan({{"idle", {{.to = 1, .condition = above(100)}}},
                    {"run", {{.to = 2, .condition = above(100)}}},
                    {"done", {}}}));
  Rig& rig = plant.rig;
  plant.run(plant.active_in({false, false, true}), {after_beat(1, rig, EngineCommand::mode, "area.done"),
                                                    after_beat(3, rig, EngineCommand::mode, "area.nowhere"),
                                                    after_beat(4, rig, EngineCommand::mode, "area.idle")});
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 2, 2, 2, 0, 0, 0}));
  EXPECT_EQ(plant.witness->beats, (std::vector<std::uint64_t>{2, 3, 4}));
}

TEST(Modes, StandStillDuringAPauseAndSayThatTheyDo) {
  Plant plant(plan({{"idle", {{.to = 1, .condition = commanded(0)}}}, {"run", {}}}, {"go"}));
  Rig& rig = plant.rig;
  plant.run(plant.modes(),
            {after_beat(1, rig, EngineCommand::pause), after_beat(3, rig, EngineCommand::user, "go"),
             after_beat(5, rig, EngineCommand::resume)});
  EXPECT_EQ(plant.column(mode), (Values{0, 0, 0, 0, 0, 0, 0, 0}));
  const auto notes = rig.events_of(EventKind::note);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_STREQ(notes[0].text, "not obeyed: modes move while the experiment is running");
  EXPECT_STREQ(notes[0].signal, "go");
}

TEST(Modes, GiveParametersOtherValues) {
  Plant plant(two_modes());
  NewModes modes = plant.modes();
  Settings ten = plant.witness->make_settings();
  ten.values[0] = 10.0;
  NewModes::Tuned& tuned = modes.tuned.emplace_back();
  tuned.part = plant.bench.part("witness");
  tuned.settings.emplace_back();
  tuned.settings.emplace_back(std::move(ten));
  plant.run(std::move(modes));
  EXPECT_EQ(plant.column(output_of_witness), (Values{1, 2, 3, 40, 50, 60, 7, 80}));
}

TEST(Modes, ConnectAnInputToAnotherSignalWithItsStatus) {
  Plant plant(two_modes());
  NewModes modes = plant.active_in({true, false});
  modes.rewired.push_back(
      {plant.bench.part("out"), plant.bench.input("out.x"), {std::nullopt, plant.bench.source("other.y")}});
  plant.run(std::move(modes));
  EXPECT_EQ(plant.device->written[0], (Values{-1, 1, 2, 3, 400, 500, 600, 7, 800, -1}));
}

/// Writes whether its second input is connected.
class Asking : public Controller {
 public:
  Input a{*this, "a"};
  Input b{*this, "b", "1", "", {.otherwise = 0.0}};
  Output y{*this, "y"};
  void update(const Beat&) override { y = b.connected() ? 1 : 0; }
};

TEST(Modes, TellAnInputInWhichOfThemItIsConnected) {
  Plant plant(two_modes());
  plant.bench.add<Asking>("asking");
  plant.bench.connect("asking.a", "counter.count");
  NewModes modes = plant.modes();
  modes.rewired.push_back({plant.bench.part("asking"),
                           plant.bench.input("asking.b"),
                           {plant.bench.source("counter.count"), std::nullopt}});
  plant.run(std::move(modes));
  EXPECT_EQ(plant.column(5), (Values{1, 1, 1, 0, 0, 0, 1, 0}));
}

TEST(Modes, AComponentKnowsThatItRestedThoughAFaultKeptItFromItsFirstTurn) {
  Plant plant(two_modes());
  const auto culprit = plant.bench.add<Culprit>("culprit");
  culprit->deed = Culprit::Deed::faults;
  culprit->when = 3;  // the beat in which the witness would run again
  plant.bench.connect("culprit.u", "counter.count");
  plant.bench.connect("witness.u", "culprit.y");
  Rig& rig = plant.rig;
  plant.run(plant.active_in({false, true}), {after_beat(4, rig, EngineCommand::reset)});
  ASSERT_FALSE(plant.witness->beats.empty());
  EXPECT_EQ(plant.witness->beats.front(), 4U);
  EXPECT_TRUE(plant.witness->resumed.front());
}

TEST(Modes, KeepAnOutputSafe) {
  Plant plant(two_modes());
  NewModes modes = plant.modes();
  modes.guarded.push_back({plant.bench.part("out"), 0, {true, false}});
  plant.run(std::move(modes));
  EXPECT_EQ(plant.device->written[0], (Values{-1, -1, -1, -1, 4, 5, 6, -1, 8, -1}));
}

// ---- Swaps.

/// Offers the next program from within a beat, as the ordinary domain would at that moment.
class Offerer : public Generator {
 public:
  Engine* engine = nullptr;
  std::unique_ptr<Program>* next = nullptr;
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    y = 0;
    if (beat.number != 4 || !*next) return;
    EXPECT_TRUE(engine->offer(*next));
  }
};

/// A witness in the mode `run` of the first plan, until another program takes its place on beat 5.
struct Swap {
  Rig rig{EngineOptions{.beats = 9}};
  Bench first;
  std::unique_ptr<Program> program;
  std::optional<Bench> second;
  std::shared_ptr<Offerer> offerer;
  std::shared_ptr<Witness> witness;
  std::unique_ptr<Program> next;

  explicit Swap(Region::Plan modes, std::vector<bool> active) {
    offerer = first.add<Offerer>("offerer");
    witness = common(first);
    region(first, std::move(modes), std::move(active));
    program = first.build();
    second.emplace(2, program.get());
    second->add<Offerer>("offerer");
    common(*second);
  }
  static std::shared_ptr<Witness> common(Bench& bench) {
    bench.add<Counter>("counter");
    auto witness = bench.add<Witness>("witness");
    bench.connect("witness.u", "counter.count");
    return witness;
  }
  static void region(Bench& bench, Region::Plan modes, std::vector<bool> active) {
    bench.add_region("area", {"counter.count"}, std::move(modes));
    NewModes result{.region = bench.part("area")};
    result.governed.push_back({bench.part("witness"), std::move(active)});
    bench.modes(std::move(result));
  }
  void run() {
    next = second->build();
    offerer->engine = &rig.engine();
    offerer->next = &next;
    rig.run(std::move(program));
  }
  Values modes() const {
    Values values;
    for (const Row& row : rig.rows) values.push_back(row.values[0]);
    return values;
  }
};

TEST(ModesOfASwap, TheModeGoesOnByItsNameWithTheTimeSpentInIt) {
  Swap swap(plan({{"idle", {{.to = 1, .condition = above(2)}}}, {"run", {}}}), {false, true});
  Swap::region(
      *swap.second,
      plan({{"new", {{.to = 1, .condition = above(100)}}}, {"run", {{.to = 2, .after = 4}}}, {"idle", {}}}),
      {false, true, false});
  swap.run();
  EXPECT_EQ(swap.modes(), (Values{0, 0, 0, 1, 1, 1, 1, 2, 2}));
  EXPECT_EQ(swap.witness->beats, (std::vector<std::uint64_t>{3, 4, 5, 6}));
  EXPECT_EQ(swap.witness->resumed, (std::vector<bool>{true, false, false, false}));
}

TEST(ModesOfASwap, AComponentThatTheNewProgramMakesActiveHasItsTurnInTheFirstBeat) {
  Swap swap(plan({{"idle", {{.to = 1, .condition = above(100)}}}, {"run", {}}}), {false, true});
  Swap::region(*swap.second, plan({{"idle", {{.to = 1, .condition = above(100)}}}, {"run", {}}}),
               {true, false});
  swap.run();
  EXPECT_EQ(swap.modes(), (Values{0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(swap.witness->beats, (std::vector<std::uint64_t>{5, 6, 7, 8}));
  EXPECT_EQ(swap.witness->resumed, (std::vector<bool>{true, false, false, false}));
}

TEST(ModesOfASwap, BeginAnewIfTheModeIsGone) {
  Swap swap(plan({{"idle", {{.to = 1, .condition = above(2)}}}, {"run", {}}}), {false, true});
  Swap::region(*swap.second, plan({{"first", {{.to = 1, .condition = above(7)}}}, {"second", {}}}),
               {false, true});
  swap.run();
  EXPECT_EQ(swap.modes(), (Values{0, 0, 0, 1, 1, 0, 0, 0, 1}));
  EXPECT_EQ(swap.witness->beats, (std::vector<std::uint64_t>{3, 4, 8}));
  EXPECT_EQ(swap.witness->elapsed.back(), 4);
  EXPECT_TRUE(swap.witness->resumed.back());
}

TEST(ModesOfASwap, WithoutModesEverythingIsActiveAgain) {
  Swap swap(plan({{"idle", {{.to = 1, .condition = above(2)}}}, {"run", {{.to = 0, .after = 1}}}}),
            {false, true});
  swap.run();
  EXPECT_EQ(swap.witness->beats, (std::vector<std::uint64_t>{3, 5, 6, 7, 8}));
  EXPECT_EQ(swap.witness->elapsed, (Values{1, 2, 1, 1, 1}));
  EXPECT_EQ(swap.witness->resumed, (std::vector<bool>{true, true, false, false, false}));
}

}  // namespace
}  // namespace tactus::test
