// Checkpoints: what is saved on the beat, and a run that goes on from it as if nothing had happened.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Integrates its input over the time since its last update.
class Integral : public Observer {
 public:
  Input u{*this, "u"};
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    sum_ += u * beat.elapsed;
    y = sum_;
  }
  void state(StateVisitor& visitor) override { visitor.visit("sum", sum_); }

 private:
  double sum_ = 0;
};

/// A bit of everything that has a state: a counter, slow components, delays, an actuator that slews, an
/// interlock.
std::unique_ptr<Program> make_program(const std::shared_ptr<FakeDevice>& device, Schedule checkpoint,
                                      Period period = millisecond) {
  Bench bench(1, nullptr, period);
  bench.add_device(device);
  bench.add_scanner("in", device, {{.signal = "x", .channel = 0, .jump = 1e6}});
  bench.add<Counter>("count", {{"step", 0.1}});
  bench.add<Integral>("slow", {}, {.every = 4, .offset = 3});
  bench.connect("slow.u", "count.count", 3, 5.0);
  bench.add<Gain>("gain", {{"gain", 0.3}});
  bench.connect("gain.u", "slow.y", 2, 1.0);
  bench.add_actuator("out", device, {{.signal = "y", .channel = 4, .slew = 2.0, .safe = 7.0}});
  bench.connect("out.y", "gain.y");
  bench.save_state(checkpoint);
  return bench.build();
}

void expect_same(const Row& a, const Row& b) {
  SCOPED_TRACE("beat " + std::to_string(a.head.beat));
  EXPECT_EQ(std::memcmp(&a.head, &b.head, sizeof(BeatRecord)), 0);
  EXPECT_EQ(a.rates, b.rates);
  EXPECT_EQ(a.values, b.values);
  EXPECT_EQ(a.statuses, b.statuses);
  EXPECT_EQ(a.states, b.states);
}

TEST(Checkpoint, ComesWithTheRecordsOfItsBeats) {
  Rig rig({.beats = 10});
  auto program = make_program(std::make_shared<FakeDevice>(), {.every = 4, .offset = 1});
  const auto layout = program->layout;
  rig.run(std::move(program));
  std::vector<std::uint64_t> beats;
  for (const Row& row : rig.rows) {
    if (row.head.states == 0) continue;
    EXPECT_THAT(row.states, SizeIs(layout->states.size()));
    beats.push_back(row.head.beat);
  }
  EXPECT_THAT(beats, ElementsAre(1, 5, 9));
  EXPECT_THAT(layout->states, Contains("count.count"));
  EXPECT_THAT(layout->states, Contains("in.x[1]"));
  const auto place = std::ranges::find(layout->states, "count.count") - layout->states.begin();
  EXPECT_DOUBLE_EQ(rig.rows[5].states[static_cast<std::size_t>(place)], 0.6);
}

TEST(Checkpoint, RestoredRunIsTheSameAsOneThatWasNotInterrupted) {
  const auto device = std::make_shared<FakeDevice>();
  const Period period = Period::hertz(3000);  // not a whole number of ns
  Rig whole({.period = period, .beats = 60});
  whole.run(make_program(device, {.every = 5}, period));
  for (const std::uint64_t at : {0U, 5U, 25U, 40U}) {
    const auto other = std::make_shared<FakeDevice>();
    auto program = make_program(other, {.every = 5}, period);
    program->restore(whole.rows[at].states);
    const Continuation from{.beat = at + 1, .origin = program->origin, .outputs_stand = true};
    Rig resumed({.period = period, .beats = 60, .continuation = from});
    resumed.run(std::move(program));
    ASSERT_THAT(resumed.rows, SizeIs(60 - at - 1));
    for (std::size_t i = 0; i < resumed.rows.size(); ++i)
      expect_same(resumed.rows[i], whole.rows[at + 1 + i]);
    const std::vector<double> written(device->written[0].end() - static_cast<std::ptrdiff_t>(60 - at),
                                      device->written[0].end());
    EXPECT_EQ(other->written[0], written) << "nothing else was written, the end's safe value included";
  }
}

TEST(Checkpoint, OutputsThatDoNotStandAreMadeSafeFirstAndSlewFromThere) {
  Rig whole({.beats = 30});
  whole.run(make_program(std::make_shared<FakeDevice>(), {.every = 5}));
  const auto device = std::make_shared<FakeDevice>();
  auto program = make_program(device, {.every = 5});
  program->restore(whole.rows[25].states);
  const Continuation from{.beat = 40, .origin = program->origin, .outputs_stand = false};
  Rig resumed({.beats = 45, .continuation = from});
  resumed.run(std::move(program));
  EXPECT_EQ(resumed.rows.front().head.beat, 40U);
  EXPECT_EQ(resumed.rows.front().head.time_ns, 40'000'000);
  ASSERT_GT(device->written[0].size(), 2U);
  EXPECT_EQ(device->written[0][0], 7.0);
  EXPECT_LT(device->written[0][1], 7.0);
  EXPECT_GE(device->written[0][1], 7.0 - 2.0 * 0.001 * 1.0001);
}

TEST(Checkpoint, SlowComponentWhoseTurnFellIntoTheGapIsToldOfIt) {
  Rig whole({.beats = 30});
  whole.run(make_program(std::make_shared<FakeDevice>(), {.every = 5}));
  auto program = make_program(std::make_shared<FakeDevice>(), {.every = 5});
  program->restore(whole.rows[25].states);  // the slow one ran on 23, its next turn is 27
  const Continuation from{.beat = 30, .origin = program->origin, .outputs_stand = true};
  Rig resumed({.beats = 33, .continuation = from});
  resumed.run(std::move(program));
  std::vector<std::uint64_t> slow;
  for (const Row& row : resumed.rows) slow.push_back(row.rates[1]);
  EXPECT_THAT(slow, ElementsAre(30, 31, 31));
}

TEST(Checkpoint, IsNotTakenOnABeatThatAFaultCutShort) {
  Rig rig({.beats = 12});
  Bench bench;
  const auto culprit = bench.add<Culprit>("culprit");
  culprit->deed = Culprit::Deed::throws;
  culprit->when = 6;
  bench.add<Counter>("count");
  bench.connect("culprit.u", "count.count");
  bench.save_state({.every = 3});
  World world(rig, {after_beat(8, rig, EngineCommand::reset)});
  rig.run(bench.build());
  for (const Row& row : rig.rows)
    EXPECT_EQ(row.head.states != 0, row.head.beat % 3 == 0 && row.head.beat != 6);
}

TEST(Checkpoint, StateThatShrinksIsNotANumber) {
  class Shrinking : public Generator {
   public:
    Output y{*this, "y"};
    double value = 3;
    void update(const Beat& beat) override {
      y = 0;
      size_ = beat.number == 0 ? 2 : 1;
    }
    void state(StateVisitor& visitor) override {
      for (int i = 0; i < size_; ++i) visitor.visit("value", value);
    }

   private:
    int size_ = 2;
  };
  Rig rig({.beats = 2});
  Bench bench;
  bench.add<Shrinking>("a");
  bench.save_state({});
  rig.run(bench.build());
  EXPECT_EQ(rig.rows[0].states[1], 3.0);
  EXPECT_TRUE(std::isnan(rig.rows[1].states[1]));
}

TEST(Checkpoint, ExceptionOfAPluginIsAFaultNotAnEnd) {
  class Throwing : public Generator {
   public:
    Output y{*this, "y"};
    void update(const Beat& beat) override {
      y = 0;
      ran_ = beat.number == 2;
    }
    void state(StateVisitor&) override {
      if (ran_) throw std::runtime_error("no state today");
    }

   private:
    bool ran_ = false;
  };
  Rig rig({.end_on_fault = true, .beats = 9});
  Bench bench;
  bench.add<Throwing>("a");
  bench.save_state({});
  EXPECT_EQ(rig.run(bench.build()), Outcome::failed);
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_THAT(faults, SizeIs(1));
  EXPECT_STREQ(faults[0].text, "no state today");
}

TEST(Checkpoint, NotWithChains) {
  Bench bench;
  const std::size_t chain = bench.add_chain("slow", {.every = 10});
  bench.add_to<Counter>(chain, "count");
  bench.save_state({.every = 3});
  EXPECT_THROW(static_cast<void>(bench.build()), ProgramError);
}

TEST(Checkpoint, KeptInstancesAreNotLookedAtByTheNextProgram) {
  // Its state is shown when it is new, and to checkpoints: not while the running program may be at work.
  class Shy : public Generator {
   public:
    Output y{*this, "y"};
    int shown = 0;
    void update(const Beat&) override { y = 0; }
    void state(StateVisitor& visitor) override {
      ++shown;
      double value = 0;
      visitor.visit("value", value);
    }
  };
  Bench first;
  const auto shy = first.add<Shy>("shy");
  first.save_state({});
  const auto program = first.build();
  EXPECT_EQ(shy->shown, 1);
  Bench second(2, program.get());
  second.add<Shy>("shy");
  second.save_state({});
  const auto next = second.build();
  EXPECT_EQ(shy->shown, 1);
  EXPECT_EQ(next->layout->states, program->layout->states);
}

}  // namespace
}  // namespace tactus::test
