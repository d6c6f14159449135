// What takes longer than a beat is computed by a task of its own, and what the beat sees of it does not
// depend on how long that took.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "kernel/port/linux/linux_port.hpp"
#include "tests/engine/rig.hpp"
#include "tests/engine/swapper.hpp"

namespace tactus::test {
namespace {

using testing::ElementsAre;
using Values = std::vector<double>;

Values column(const Rig& rig, std::size_t signal) {
  Values values;
  for (const Row& row : rig.rows) values.push_back(row.values[signal]);
  return values;
}

std::vector<Status> statuses(const Rig& rig, std::size_t signal) {
  std::vector<Status> values;
  for (const Row& row : rig.rows) values.push_back(row.statuses[signal]);
  return values;
}

/// Takes its time: computes for `work` ms of virtual time and passes its input on.
class Slow : public Observer {
 public:
  kernel::Kernel* kernel = nullptr;
  int starts = 0;
  int stops = 0;
  std::vector<double> elapsed{};
  Input u{*this, "u"};
  Parameter<double> work{*this, "work", {}, "ms"};
  Output y{*this, "y"};
  void start(const Beat&) override { ++starts; }
  void update(const Beat& beat) override {
    elapsed.push_back(beat.elapsed * 1e3);
    if (work > 0) kernel->consume(static_cast<kernel::Duration>(work * 1e6));
    y = u;
  }
  void stop() override { ++stops; }
};

TEST(Chain, ReadsTheBeatBeforeItsTurnAndIsReadAtItsNext) {
  Rig rig({.beats = 13});
  rig.add_chain();
  Bench bench;
  bench.add<Counter>("count");
  const std::size_t chain = bench.add_chain("slow", {4, 0});
  bench.add_to<Gain>(chain, "gain", {{"gain", 10.0}});
  bench.add<Gain>("reader");
  bench.connect("gain.u", "count.count");
  bench.connect("reader.u", "gain.y");
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  // count is n + 1 on beat n: the turn on beat 4 reads 4, that on beat 8 reads 8
  const Values seen{0, 0, 0, 0, 0, 0, 0, 0, 40, 40, 40, 40, 80};
  EXPECT_EQ(column(rig, 2), seen) << "in the frame of the chain";
  EXPECT_EQ(column(rig, 1), seen) << "and by whoever reads it, on the same beat";
  const auto status = statuses(rig, 2);
  EXPECT_EQ(status[7], Status::bad) << "nothing had been counted when the first turn began";
  EXPECT_EQ(status[8], Status::good);
  std::vector<std::uint64_t> delivered;
  for (const Row& row : rig.rows) delivered.push_back(row.rates.back());
  EXPECT_EQ(delivered[3], Rate::never);
  EXPECT_EQ(delivered[7], 4U);
  EXPECT_EQ(delivered[12], 12U);
}

TEST(Chain, DoesNotDependOnHowLongItTakes) {
  const auto run = [](double work) {
    Rig rig({.beats = 20});
    rig.add_chain();
    Bench bench;
    bench.add<Counter>("count");
    const std::size_t chain = bench.add_chain("slow", {4, 1});
    bench.add_to<Slow>(chain, "slow", {{"work", work}})->kernel = &rig.kernel();
    bench.connect("slow.u", "count.count");
    EXPECT_EQ(rig.run(bench.build()), Outcome::done);
    EXPECT_EQ(rig.engine().status().chain_turns_missed(), 0U);
    EXPECT_EQ(rig.engine().status().beats_missed(), 0U) << "the beat pre-empts the chain";
    return column(rig, 1);
  };
  const Values at_once = run(0);
  EXPECT_EQ(at_once[5], 1) << "beat 1 began the turn and read beat 0";
  EXPECT_EQ(run(0.5), at_once);
  EXPECT_EQ(run(3.9), at_once);
}

TEST(Chain, OneThatIsNotReadyMissesItsTurn) {
  Rig rig({.beats = 17});
  rig.add_chain();
  Bench bench;
  bench.add<Counter>("count");
  const std::size_t chain = bench.add_chain("slow", {4, 0});
  const auto slow = bench.add_to<Slow>(chain, "slow", {{"work", 5.0}});
  slow->kernel = &rig.kernel();
  bench.connect("slow.u", "count.count");
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  EXPECT_EQ(column(rig, 1), (Values{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8}));
  const auto status = statuses(rig, 1);
  EXPECT_EQ(status[12], Status::bad) << "that of beat 8 is still being computed, and nothing came before";
  EXPECT_EQ(status[16], Status::good);
  EXPECT_EQ(rig.engine().status().chain_turns_missed(), 2U);
  EXPECT_THAT(slow->elapsed, ElementsAre(4, 8)) << "it is told how long it was";
  const auto events = rig.events_of(EventKind::overrun);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].beat, 4U);
  EXPECT_STREQ(events[0].component, "slow");
}

TEST(Chain, ChainsReadEachOthersTurnBefore) {
  Rig rig({.beats = 9});
  rig.add_chain();
  rig.add_chain();
  Bench bench;
  const std::size_t two = bench.add_chain("two", {2, 0});
  const std::size_t four = bench.add_chain("four", {4, 0});
  bench.add_to<Counter>(two, "a");
  bench.add_to<Gain>(four, "b", {{"gain", 100.0}});
  bench.add_to<Gain>(two, "c");  // a loop over two chains is none
  bench.connect("b.u", "a.count");
  bench.connect("c.u", "b.y");
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  EXPECT_EQ(column(rig, 0), (Values{0, 0, 1, 1, 2, 2, 3, 3, 4}));
  EXPECT_EQ(column(rig, 2), (Values{0, 0, 0, 0, 0, 0, 0, 0, 200}))
      << "on beat 4 it reads what came on beat 4";
}

TEST(Chain, DelaysWithinAChainCountItsTurnsAndThoseFromOutsideBeats) {
  Rig rig({.beats = 13});
  rig.add_chain();
  Bench bench;
  bench.add<Counter>("count");
  const std::size_t chain = bench.add_chain("slow", {3, 0});
  bench.add_to<Counter>(chain, "turns");
  bench.add_to<Sum>(chain, "loop");
  bench.add_to<Gain>(chain, "late");
  bench.connect("loop.a", "loop.sum", 2, 5.0);
  bench.connect("loop.b", "turns.count");
  bench.connect("late.u", "count.count", 3, -1.0);
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  // turn k: loop = loop of two turns before (5 at first) + k + 1, seen one turn later
  const Values loop = column(rig, 2);
  EXPECT_THAT((Values{loop[3], loop[6], loop[9], loop[12]}), ElementsAre(6, 7, 9, 11));
  // turns on beats 0, 3, 6, 9 read the counts of beats -3, 0, 3, 6
  const Values late = column(rig, 3);
  EXPECT_THAT((Values{late[3], late[6], late[9], late[12]}), ElementsAre(-1, 1, 4, 7));
}

TEST(Chain, FaultsLikeTheBeat) {
  const auto device = std::make_shared<FakeDevice>();
  Rig rig({.end_on_fault = true});
  rig.add_chain();
  Bench bench;
  bench.add_device(device);
  bench.add<Counter>("count");
  const std::size_t chain = bench.add_chain("slow", {2, 0});
  const auto culprit = bench.add_to<Culprit>(chain, "culprit");
  culprit->deed = Culprit::Deed::throws;
  culprit->when = 4;
  bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .safe = -1}});
  bench.connect("culprit.u", "count.count");
  bench.connect("out.x", "count.count");
  EXPECT_EQ(rig.run(bench.build()), Outcome::failed);
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].beat, 5U) << "the first one that could know";
  EXPECT_STREQ(faults[0].component, "culprit");
  EXPECT_STREQ(faults[0].text, "valve stuck");
  EXPECT_EQ(device->written[0], (Values{-1, 1, 2, 3, 4, 5, -1, -1}));
}

TEST(Chain, WhatItsComponentsThrowAtTheEndIsTold) {
  class Sore : public Observer {
   public:
    bool throws = true;
    int stops = 0;
    Output y{*this, "y"};
    void update(const Beat&) override { y = 0; }
    void stop() override {
      ++stops;
      if (throws) throw std::runtime_error("could not put it down");
    }
  };
  Rig rig({.beats = 6});
  rig.add_chain();
  Bench bench;
  const std::size_t chain = bench.add_chain("slow", {2, 0});
  const auto calm = bench.add_to<Sore>(chain, "calm");
  calm->throws = false;
  bench.add_to<Sore>(chain, "sore");
  const auto last = bench.add_to<Sore>(chain, "last");
  EXPECT_EQ(rig.run(bench.build()), Outcome::failed);
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U) << "the first one of the chain";
  EXPECT_STREQ(faults[0].component, "sore");
  EXPECT_STREQ(faults[0].text, "could not put it down");
  EXPECT_EQ(rig.engine().status().faults(), 1U);
  EXPECT_EQ(calm->stops, 1);
  EXPECT_EQ(last->stops, 1) << "it keeps nobody from stopping";
}

TEST(Chain, AFaultOfItsLastTurnIsTold) {
  class Fumbler : public Observer {
   public:
    kernel::Kernel* kernel = nullptr;
    Output y{*this, "y"};
    void update(const Beat& beat) override {
      y = 0;
      if (beat.number != 4) return;
      kernel->consume(1'500'000);  // meanwhile comes beat 5, the last one
      throw std::runtime_error("dropped it");
    }
  };
  Rig rig({.beats = 6});
  rig.add_chain();
  Bench bench;
  bench.add_to<Fumbler>(bench.add_chain("slow", {2, 0}), "fumbler")->kernel = &rig.kernel();
  EXPECT_EQ(rig.run(bench.build()), Outcome::failed) << "the run ended before a beat could know";
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_STREQ(faults[0].component, "fumbler");
  EXPECT_STREQ(faults[0].text, "dropped it");
}

TEST(Chain, HalfATurnIsNeverDelivered) {
  Rig rig({.beats = 10});
  rig.add_chain();
  Bench bench;
  bench.add<Counter>("count");
  const auto culprit = bench.add_to<Culprit>(bench.add_chain("slow", {2, 0}), "culprit");
  culprit->deed = Culprit::Deed::throws;  // after it has written its output
  culprit->when = 4;
  bench.connect("culprit.u", "count.count");
  kernel::Stack stack;
  const auto reset = [&rig] {
    rig.kernel().sleep_until(7'500'000);
    std::ignore = rig.engine().command(EngineCommand::reset);
  };
  kernel::Task world(rig.kernel(), "world", 1, kernel::Entry(reset), stack);
  world.start();
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  const auto status = statuses(rig, 1);
  EXPECT_EQ(status[4], Status::good);
  EXPECT_EQ(status[6], Status::stale) << "the turn of beat 4 threw";
  EXPECT_EQ(status[7], Status::stale);
  EXPECT_EQ(status[8], Status::good) << "the turn of beat 6 did not";
}

TEST(Chain, SwapWaitsForItsTurnToEndAndKeepsWhatItKnows) {
  Rig rig({.beats = 14});
  rig.add_chain();
  Bench first;
  const auto swapper = first.add<Swapper>("swapper");
  const std::size_t chain = first.add_chain("slow", {4, 0});
  const auto turns = first.add_to<Counter>(chain, "turns");
  const auto slow = first.add_to<Slow>(chain, "work", {{"work", 2.5}});
  slow->kernel = &rig.kernel();
  const auto gone = first.add_to<Counter>(chain, "gone");
  first.connect("work.u", "turns.count");
  auto program = first.build();

  Bench second(2, program.get());
  second.add<Swapper>("swapper");
  const std::size_t same = second.add_chain("slow", {4, 0});
  second.add_to<Counter>(same, "turns", {{"step", 10.0}});
  second.add_to<Slow>(same, "work", {{"work", 0.5}});
  const auto fresh = second.add_to<Counter>(same, "fresh");
  second.connect("work.u", "turns.count");
  auto next = second.build();
  swapper->engine = &rig.engine();
  swapper->next = &next;

  EXPECT_EQ(rig.run(std::move(program)), Outcome::done);
  const auto swaps = rig.events_of(EventKind::swap);
  ASSERT_EQ(swaps.size(), 2U);
  EXPECT_EQ(swaps[1].beat, 7U) << "the turn of beat 4 takes until 6.5 ms";
  EXPECT_EQ(turns->count, 22) << "turns on beats 0 and 4, then by 10 on beats 8 and 12";
  EXPECT_EQ(slow->starts, 1);
  EXPECT_EQ(slow->stops, 1);
  EXPECT_EQ(gone->stops, 1);
  EXPECT_EQ(fresh->starts, 1);
  EXPECT_EQ(fresh->stops, 1);
  const std::size_t place = 3;  // in both programs
  EXPECT_EQ(column(rig, place)[7], 1) << "what was delivered stays";
  EXPECT_EQ(column(rig, place)[8], 2) << "what was computed before the swap is delivered after it";
  EXPECT_EQ(column(rig, place)[12], 12);
}

TEST(Chain, ProgramWithOtherChainsIsRefused) {
  Rig rig({.beats = 3});
  Bench bench;
  bench.add_to<Counter>(bench.add_chain("slow", {2, 0}), "count");
  auto program = bench.build();
  EXPECT_FALSE(rig.engine().offer(program));
  EXPECT_NE(program, nullptr);
}

// On a core of its own, in real time: what the beat sees is the same as in virtual time, but for turns that
// are missed, which are counted. ThreadSanitizer watches both sides.
TEST(Chain, OnAnotherThreadComputesTheSame) {
  constexpr kernel::LinuxOptions unprivileged{.priority = 0, .lock_memory = false, .dma_latency = false};
  kernel::LinuxPort port{unprivileged}, other_port{unprivileged};
  kernel::Kernel kernel(port), other_kernel(other_port);
  Engine engine(kernel, {.period = millisecond, .beats = 400});
  ChainTask chain_task(other_kernel);
  engine.add_chain(chain_task);

  Bench bench;
  bench.add<Counter>("count");
  const std::size_t chain = bench.add_chain("slow", {4, 0});
  bench.add_to<Gain>(chain, "gain", {{"gain", 10.0}});
  bench.connect("gain.u", "count.count");
  auto program = bench.build();
  ASSERT_TRUE(engine.offer(program));
  ASSERT_TRUE(engine.command(EngineCommand::start));

  kernel::Stack stack, other_stack;
  kernel::Task task(kernel, "engine", 100, kernel::Entry::member<&Engine::run>(engine), stack);
  kernel::Task other(other_kernel, "chain", 100, kernel::Entry::member<&ChainTask::run>(chain_task),
                     other_stack);
  task.start();
  other.start();
  std::thread other_core([&] { other_kernel.run(); });
  kernel.run();
  other_core.join();

  std::uint64_t deliveries = 0;
  double count_at_turn = 0;  // what the turn at work has read: that of the beat before it began
  double count_before = 0;
  std::uint64_t last = Rate::never;
  for (auto bytes = engine.records()->front(); bytes.data() != nullptr; bytes = engine.records()->front()) {
    const BeatView view(bytes);
    if (const std::uint64_t delivered = view.rate_beats().back(); delivered != last) {
      EXPECT_EQ(delivered, view.head().beat);
      EXPECT_EQ(view.values()[1], 10 * count_at_turn);
      count_at_turn = count_before;  // the next turn begins when the last one is delivered
      last = delivered;
      ++deliveries;
    }
    count_before = view.values()[0];
    engine.records()->pop();
  }
  EXPECT_GT(deliveries, 10U);
  if (engine.status().beats_missed() == 0) {
    EXPECT_EQ(deliveries + engine.status().chain_turns_missed(), 99U);
  }
}

}  // namespace
}  // namespace tactus::test
