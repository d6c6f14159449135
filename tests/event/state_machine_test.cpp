#include "event/state_machine.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/event/two_states.hpp"

namespace tactus {
namespace {

using namespace test::pair;
using test::Log;

TEST(StateMachine, StartEntersTheInitialStateOnce) {
  Log log;
  StateMachine machine(logging(log), a);
  EXPECT_FALSE(machine.started());
  EXPECT_EQ(log.take(), "") << "nothing runs before the start";
  machine.start();
  EXPECT_EQ(log.take(), "enter-a act-a");
  machine.start();
  EXPECT_EQ(log.take(), "");
  EXPECT_EQ(machine.state(), a);
  EXPECT_EQ(machine.name(machine.state()), "a");
}

TEST(StateMachine, BeforeTheStartNothingHappens) {
  Log log;
  StateMachine machine(logging(log), a);
  EXPECT_EQ(machine.post(go), Posted::ignored);
  EXPECT_FALSE(machine.step());
  EXPECT_EQ(log.take(), "");
  EXPECT_EQ(machine.counts().ignored, 1u);
}

TEST(StateMachine, ATransitionRunsExitOutputEntryAndAction) {
  Log log;
  StateMachine machine(logging(log), a);
  machine.start();
  log.take();
  EXPECT_EQ(machine.post(go), Posted::moved);
  EXPECT_EQ(log.take(), "exit-a go! enter-b");
  EXPECT_EQ(machine.post(back), Posted::moved);
  EXPECT_EQ(log.take(), "exit-b back! enter-a act-a");
  EXPECT_EQ(machine.counts().transitions, 2u);
}

TEST(StateMachine, AnActivityRunsOnEachStepAndAnActionDoesNot) {
  Log log;
  StateMachine machine(logging(log), a);
  machine.start();
  log.take();
  EXPECT_TRUE(machine.step());
  EXPECT_EQ(log.take(), "");
  machine.post(go);
  log.take();
  machine.step();
  machine.step();
  EXPECT_EQ(log.take(), "run-b run-b");
  machine.post(back);
  log.take();
  machine.step();
  EXPECT_EQ(log.take(), "");
}

TEST(StateMachine, ATransitionToTheSameStateLeavesOutExitAndEntry) {
  Log log;
  StateMachine machine(logging(log), a);
  machine.start();
  log.take();
  EXPECT_EQ(machine.post(again), Posted::moved);
  EXPECT_EQ(log.take(), "again! act-a");
}

TEST(StateMachine, ATransitionFromAnyStateWorksInEach) {
  Log log;
  StateMachine machine(logging(log), a);
  machine.start();
  machine.post(go);
  log.take();
  EXPECT_EQ(machine.post(again), Posted::moved);
  EXPECT_EQ(log.take(), "exit-b again! enter-a act-a");
}

TEST(StateMachine, TheStatesOwnTransitionGoesBeforeOneFromAnyState) {
  bool own = true;
  auto guard = [&own] { return own; };
  StateGraph graph = two_states();
  graph.transition(any_state, go, b).transition(b, go, a, {.guard = guard});
  StateMachine machine(std::move(graph), a);
  machine.start();
  machine.post(go);
  EXPECT_EQ(machine.state(), b);
  machine.post(go);
  EXPECT_EQ(machine.state(), a);
  machine.post(go);
  own = false;
  EXPECT_EQ(machine.post(go), Posted::moved) << "its guard says no: the one from any state";
  EXPECT_EQ(machine.state(), b);
}

TEST(StateMachine, IgnoresAndCountsATriggerWithoutTransition) {
  StateMachine machine(two_states().transition(a, go, b), a);
  machine.start();
  EXPECT_FALSE(machine.accepts(back));
  EXPECT_TRUE(machine.accepts(go));
  EXPECT_EQ(machine.post(back), Posted::ignored);
  EXPECT_EQ(machine.post(999), Posted::ignored);
  EXPECT_FALSE(machine.accepts(999));
  EXPECT_EQ(machine.state(), a);
  EXPECT_EQ(machine.counts().ignored, 2u);
}

TEST(StateMachine, TakesTheFirstTransitionWhoseGuardAllowsIt) {
  int level = 0;
  auto low = [&level] { return level == 1; };
  auto high = [&level] { return level >= 1; };
  StateGraph graph("tank", {"idle", "low", "high"}, {"check"});
  graph.transition(0, 0, 1, {.guard = low}).transition(0, 0, 2, {.guard = high});
  StateMachine machine(std::move(graph), 0);
  machine.start();
  EXPECT_EQ(machine.post(0), Posted::prevented);
  EXPECT_EQ(machine.counts().prevented, 1u);
  EXPECT_EQ(machine.state(), 0);
  level = 2;
  EXPECT_EQ(machine.post(0), Posted::moved);
  EXPECT_EQ(machine.state(), 2);
}

// --- run to completion ---

struct Poster {
  StateMachine* machine = nullptr;
  Log log{};
  Posted result = Posted::ignored;
  StateId seen = any_state;

  void post_go() { post(go); }
  void post_back() { post(back); }
  void post(TriggerId trigger) {
    log.add("begin");
    result = machine->post(trigger);
    seen = machine->state();
    log.add("end");
  }
};

TEST(StateMachine, ATriggerPostedByAnActionIsHandledAfterIt) {
  Poster poster;
  StateGraph graph = two_states();
  graph.state(a, {.action = method<&Poster::post_go>(poster), .exit = poster.log.writer("exit-a")});
  graph.transition(a, go, b);
  StateMachine machine(std::move(graph), a);
  poster.machine = &machine;
  machine.start();
  EXPECT_EQ(poster.result, Posted::queued);
  EXPECT_EQ(poster.seen, a) << "no transition while the action runs";
  EXPECT_EQ(poster.log.take(), "begin end exit-a");
  EXPECT_EQ(machine.state(), b) << "but before the call returns";
}

TEST(StateMachine, ATriggerPostedByAnActivityIsHandledAfterIt) {
  Poster poster;
  StateGraph graph = two_states();
  graph.state(a, {.activity = method<&Poster::post_go>(poster)});
  graph.state(b, {.entry = poster.log.writer("enter-b"), .activity = poster.log.writer("run-b")});
  graph.transition(a, go, b);
  StateMachine machine(std::move(graph), a);
  poster.machine = &machine;
  machine.start();
  machine.step();
  EXPECT_EQ(poster.seen, a);
  EXPECT_EQ(machine.state(), b);
  EXPECT_EQ(poster.log.take(), "begin end enter-b") << "one activity a step";
  machine.step();
  EXPECT_EQ(poster.log.take(), "run-b");
}

TEST(StateMachine, ATriggerPostedByAnyFunctionOfATransitionIsHandledAfterAllOfIt) {
  const auto with = [](auto configure) {
    Poster poster;
    StateGraph graph = two_states();
    StateFunctions of_a;
    StateFunctions of_b{.action = poster.log.writer("act-b")};
    TransitionFunctions of_go;
    configure(poster, of_a, of_b, of_go);
    graph.state(a, of_a).state(b, of_b).transition(a, go, b, of_go);
    graph.transition(b, back, a, {.output = poster.log.writer("back!")});
    StateMachine machine(std::move(graph), a);
    poster.machine = &machine;
    machine.start();
    EXPECT_EQ(machine.post(go), Posted::moved);
    EXPECT_EQ(poster.result, Posted::queued);
    EXPECT_EQ(poster.log.take(), "begin end act-b back!");
    EXPECT_EQ(machine.state(), a);
  };
  with([](Poster& p, auto& of_a, auto&, auto&) { of_a.exit = method<&Poster::post_back>(p); });
  with([](Poster& p, auto&, auto&, auto& of_go) { of_go.output = method<&Poster::post_back>(p); });
  with([](Poster& p, auto&, auto& of_b, auto&) { of_b.entry = method<&Poster::post_back>(p); });
}

TEST(StateMachine, CountsTriggersThatFindTheQueueFull) {
  struct {
    StateMachine* machine = nullptr;
    int dropped = 0;
    void act() {
      for (int i = 0; i < 5; ++i) {
        if (machine->post(back) == Posted::overflow) ++dropped;
      }
    }
  } flood;
  StateGraph graph = two_states();
  graph.state(b, {.action = method<&decltype(flood)::act>(flood)});
  graph.transition(a, go, b);
  StateMachine machine(std::move(graph), a, {.queue = 2});
  flood.machine = &machine;
  machine.start();
  machine.post(go);
  EXPECT_EQ(flood.dropped, 3);
  EXPECT_EQ(machine.counts().overflowed, 3u);
  EXPECT_EQ(machine.counts().ignored, 2u) << "the two that were queued";
}

TEST(StateMachine, FunctionsThatPostForEverCannotHoldTheCaller) {
  struct {
    StateMachine* machine = nullptr;
    int runs = 0;
    void act() {
      ++runs;
      machine->post(again);
    }
  } endless;
  StateGraph graph("m", {"a"}, {"go", "back", "again"});
  graph.state(a, {.action = method<&decltype(endless)::act>(endless)});
  graph.transition(a, again, a);
  StateMachine machine(std::move(graph), a, {.queue = 4});
  endless.machine = &machine;
  machine.start();
  EXPECT_EQ(endless.runs, 1 + 4);
  EXPECT_EQ(machine.post(go), Posted::queued) << "behind the one that is left over";
  EXPECT_EQ(endless.runs, 5 + 3);
  machine.step();
  EXPECT_EQ(endless.runs, 8 + 2 * 4);
  EXPECT_EQ(machine.counts().ignored, 1u);
}

TEST(StateMachine, IsNotSteppedOrRestoredByItsOwnFunctions) {
  struct {
    StateMachine* machine = nullptr;
    int runs = 0;
    void run() {
      ++runs;
      EXPECT_FALSE(machine->step());
      EXPECT_FALSE(machine->restore(b));
      machine->start();
    }
  } self;
  StateGraph graph = two_states();
  graph.state(a, {.activity = method<&decltype(self)::run>(self)}).transition(a, go, b);
  StateMachine machine(std::move(graph), a);
  self.machine = &machine;
  machine.start();
  machine.step();
  EXPECT_EQ(self.runs, 1);
  EXPECT_EQ(machine.state(), a);
}

// --- restore ---

TEST(StateMachine, RestoreTakesOverWithoutRunningAnything) {
  Log log;
  StateMachine machine(logging(log), a);
  EXPECT_TRUE(machine.restore(b));
  EXPECT_TRUE(machine.started());
  EXPECT_EQ(machine.state(), b);
  machine.start();
  EXPECT_EQ(log.take(), "");
  machine.step();
  EXPECT_EQ(log.take(), "run-b");
  EXPECT_FALSE(machine.restore(2));
  EXPECT_EQ(machine.state(), b);
}

TEST(StateMachine, RestoreDropsAndCountsWhatIsQueued) {
  struct {
    StateMachine* machine = nullptr;
    void act() { machine->post(again); }
  } endless;
  StateGraph graph = two_states();
  graph.state(a, {.action = method<&decltype(endless)::act>(endless)});
  graph.transition(a, again, a).transition(a, go, b);
  StateMachine machine(std::move(graph), a);
  endless.machine = &machine;
  machine.start();
  ASSERT_TRUE(machine.restore(b));
  EXPECT_EQ(machine.counts().ignored, 1u);
  const auto before = machine.counts().transitions;
  machine.step();
  EXPECT_EQ(machine.counts().transitions, before);
}

TEST(StateMachine, ChecksItsConfiguration) {
  EXPECT_THROW(StateMachine(two_states(), a), std::invalid_argument) << "b can't be reached";
  EXPECT_THROW(StateMachine(two_states().transition(a, go, b), a, {.queue = 0}), std::invalid_argument);
  StateMachine machine(two_states().transition(a, go, b), a);
  Event event("e");
  EXPECT_THROW(machine.on(event, 3), std::invalid_argument);
}

// Random graphs against the definition, read straight from the list of transitions.
TEST(StateMachine, AgreesWithItsDefinitionOnRandomGraphs) {
  std::mt19937 random(3);
  int machines = 0;
  std::uint64_t moves = 0;
  while (machines < 200) {
    const auto states = static_cast<StateId>(2 + random() % 6);
    const auto triggers = static_cast<TriggerId>(1 + random() % 5);
    const auto names = [](const std::string& prefix, std::size_t count) {
      std::vector<std::string> list;
      for (std::size_t i = 0; i < count; ++i) list.push_back(prefix + std::to_string(i));
      return list;
    };
    StateGraph graph("random", names("s", states), names("t", triggers));
    for (std::size_t i = 0; i < states * std::size_t{2}; ++i) {
      const auto from = static_cast<StateId>(random() % (states + 1u));
      graph.transition(from == states ? any_state : from, static_cast<TriggerId>(random() % triggers),
                       static_cast<StateId>(random() % states));
    }
    const StateGraph definition = graph;
    std::optional<StateMachine> machine;
    try {
      machine.emplace(std::move(graph), StateId{0});
    } catch (const std::invalid_argument&) {
      continue;  // not a valid graph: try the next
    }
    ++machines;
    machine->start();
    StateId expected = 0;
    const auto next = [&](StateId from, TriggerId trigger) -> std::optional<StateId> {
      for (const Transition& t : definition.transitions()) {
        if (t.from == from && t.trigger == trigger) return t.to;
      }
      return std::nullopt;
    };
    for (int i = 0; i < 100; ++i) {
      const auto trigger = static_cast<TriggerId>(random() % triggers);
      auto to = next(expected, trigger);
      if (!to) to = next(any_state, trigger);
      ASSERT_EQ(machine->accepts(trigger), to.has_value());
      ASSERT_EQ(machine->post(trigger), to ? Posted::moved : Posted::ignored);
      expected = to.value_or(expected);
      ASSERT_EQ(machine->state(), expected);
    }
    moves += machine->counts().transitions;
  }
  EXPECT_GT(moves, 1000u);
}

}  // namespace
}  // namespace tactus
