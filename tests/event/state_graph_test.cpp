#include "event/state_graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace tactus {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr StateId off = 0;
constexpr StateId on = 1;
constexpr TriggerId press = 0;

StateGraph lamp() { return {"lamp", {"off", "on"}, {"press", "cut"}}; }

template <typename Function>
std::string error_of(Function&& function) {
  try {
    function();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(StateGraph, NamesItsStatesAndTriggers) {
  const StateGraph graph = lamp();
  EXPECT_EQ(graph.state_name(on), "on");
  EXPECT_EQ(graph.trigger_name(1), "cut");
  EXPECT_EQ(graph.find_state("on"), on);
  EXPECT_EQ(graph.find_trigger("cut"), 1);
  EXPECT_EQ(graph.find_state("dim"), std::nullopt);
  EXPECT_EQ(graph.find_trigger(""), std::nullopt);
}

TEST(StateGraph, AcceptsAGoodOne) {
  StateGraph graph = lamp();
  graph.transition(off, press, on).transition(on, press, off).transition(any_state, 1, off);
  EXPECT_NO_THROW(graph.check(off));
  EXPECT_NO_THROW(graph.check(on));
}

TEST(StateGraph, RefusesBadNames) {
  EXPECT_THAT(error_of([] { StateGraph("m", {}, {}); }), HasSubstr("'m': has no states"));
  EXPECT_THAT(error_of([] { StateGraph("m", {"a", "b", "a"}, {}); }), HasSubstr("state 'a' is there twice"));
  EXPECT_THAT(error_of([] { StateGraph("m", {"a"}, {"t", "t"}); }), HasSubstr("trigger 't' is there twice"));
  EXPECT_THAT(error_of([] { StateGraph("m", {"a", ""}, {}); }), HasSubstr("state without a name"));
}

TEST(StateGraph, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(error_of([] { lamp().transition(off, press, 2); }), HasSubstr("unknown state 2: there are 2"));
  EXPECT_THAT(error_of([] { lamp().transition(7, press, on); }), HasSubstr("unknown state 7"));
  EXPECT_THAT(error_of([] { lamp().transition(off, 2, on); }), HasSubstr("unknown trigger 2: there are 2"));
  EXPECT_THAT(error_of([] { lamp().transition(off, press, any_state); }), HasSubstr("unknown state"));
  EXPECT_THAT(error_of([] { lamp().state(2, {}); }), HasSubstr("unknown state 2"));
  EXPECT_THAT(error_of([] { lamp().check(5); }), HasSubstr("unknown state 5"));
}

TEST(StateGraph, RefusesAnActionBesideAnActivity) {
  EXPECT_THAT(error_of([] { lamp().state(on, {.action = [] {}, .activity = [] {}}); }),
              HasSubstr("'on' has both an action and an activity"));
}

TEST(StateGraph, RefusesTransitionsThatNothingDistinguishes) {
  StateGraph graph = lamp();
  graph.transition(off, press, on).transition(off, press, off).transition(on, press, off);
  EXPECT_THAT(error_of([&] { graph.check(off); }),
              AllOf(HasSubstr("'off' --press--> 'off' can never be taken"),
                    HasSubstr("'off' --press--> 'on' comes first and has no guard")));
}

TEST(StateGraph, RefusesTheSameGuardTwice) {
  auto guard = [] { return true; };
  StateGraph graph = lamp();
  graph.transition(off, press, on, {.guard = guard}).transition(off, press, off, {.guard = guard});
  EXPECT_THAT(error_of([&] { graph.check(off); }), HasSubstr("has the same guard"));
}

TEST(StateGraph, AcceptsGuardsOfTheirOwnAndADefaultAtTheEnd) {
  auto guard = [] { return true; };
  auto other = [] { return false; };
  StateGraph graph = lamp();
  graph.transition(off, press, on, {.guard = guard}).transition(off, press, off, {.guard = other});
  graph.transition(off, press, off);
  EXPECT_NO_THROW(graph.check(off));
}

TEST(StateGraph, RefusesTwoFromAnyStateWithTheSameTrigger) {
  StateGraph graph = lamp();
  graph.transition(any_state, press, on).transition(any_state, press, off);
  EXPECT_THAT(error_of([&] { graph.check(off); }), HasSubstr("any state --press--> 'off'"));
}

TEST(StateGraph, AStateMayOverrideATransitionFromAnyState) {
  StateGraph graph = lamp();
  graph.transition(any_state, press, on).transition(on, press, off);
  EXPECT_NO_THROW(graph.check(off));
}

TEST(StateGraph, RefusesAStateThatCannotBeReached) {
  StateGraph graph = lamp();
  graph.transition(on, press, off);
  EXPECT_THAT(error_of([&] { graph.check(off); }),
              HasSubstr("'lamp': state 'on' can't be reached from the initial state 'off'"));
  EXPECT_NO_THROW(graph.check(on));
}

}  // namespace
}  // namespace tactus
