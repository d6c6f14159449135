#pragma once

#include <string>

#include "event/state_machine.hpp"
#include "tests/event/log.hpp"

// The smallest graph that shows everything.
namespace tactus::test::pair {

inline constexpr StateId a = 0;
inline constexpr StateId b = 1;
inline constexpr TriggerId go = 0;
inline constexpr TriggerId back = 1;
inline constexpr TriggerId again = 2;

inline StateGraph two_states() { return {"m", {"a", "b"}, {"go", "back", "again"}}; }

// Two states that write down all they do: `a` is an action, `b` an activity.
inline StateGraph logging(Log& log) {
  StateGraph graph = two_states();
  graph.state(a,
              {.entry = log.writer("enter-a"), .action = log.writer("act-a"), .exit = log.writer("exit-a")});
  graph.state(
      b, {.entry = log.writer("enter-b"), .activity = log.writer("run-b"), .exit = log.writer("exit-b")});
  graph.transition(a, go, b, {.output = log.writer("go!")});
  graph.transition(b, back, a, {.output = log.writer("back!")});
  graph.transition(any_state, again, a, {.output = log.writer("again!")});
  return graph;
}

}  // namespace tactus::test::pair
