#include "event/state_graph.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace tactus {

namespace {

std::optional<std::uint16_t> find(const std::vector<std::string>& names, std::string_view name) noexcept {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::uint16_t>(std::distance(names.begin(), found));
}

}  // namespace

StateGraph::StateGraph(std::string name, std::vector<std::string> states, std::vector<std::string> triggers)
    : name_(std::move(name)),
      states_(std::move(states)),
      triggers_(std::move(triggers)),
      functions_(states_.size()) {
  if (states_.empty()) fail("has no states");
  check_names(states_, "state");
  check_names(triggers_, "trigger");
}

StateGraph& StateGraph::state(StateId state, const StateFunctions& functions) {
  require_state(state);
  if (functions.action && functions.activity) {
    fail("state '" + states_[state] + "' has both an action and an activity: give one of them");
  }
  functions_[state] = functions;
  return *this;
}

StateGraph& StateGraph::transition(StateId from, TriggerId trigger, StateId to,
                                   const TransitionFunctions& functions) {
  if (from != any_state) require_state(from);
  require_state(to);
  if (trigger >= triggers_.size()) {
    fail("unknown trigger " + std::to_string(trigger) + ": there are " + std::to_string(triggers_.size()));
  }
  transitions_.push_back({from, trigger, to, functions});
  return *this;
}

void StateGraph::check(StateId initial) const {
  require_state(initial);
  check_distinguished();
  check_reachable(initial);
}

std::optional<StateId> StateGraph::find_state(std::string_view name) const noexcept {
  return find(states_, name);
}

std::optional<TriggerId> StateGraph::find_trigger(std::string_view name) const noexcept {
  return find(triggers_, name);
}

void StateGraph::check_names(const std::vector<std::string>& names, std::string_view kind) const {
  if (names.size() >= any_state) {
    fail("has " + std::to_string(names.size()) + " " + std::string(kind) + "s: fewer than " +
         std::to_string(any_state) + " are allowed");
  }
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (name->empty()) fail("has a " + std::string(kind) + " without a name");
    if (std::find(names.begin(), name, *name) != name) {
      fail(std::string(kind) + " '" + *name + "' is there twice");
    }
  }
}

void StateGraph::require_state(StateId state) const {
  if (state < states_.size()) return;
  fail("unknown state " + std::to_string(state) + ": there are " + std::to_string(states_.size()));
}

void StateGraph::check_distinguished() const {
  for (auto later = transitions_.begin(); later != transitions_.end(); ++later) {
    const auto earlier = std::find_if(transitions_.begin(), later, [&](const Transition& t) {
      return t.from == later->from && t.trigger == later->trigger &&
             (!t.functions.guard || t.functions.guard == later->functions.guard);
    });
    if (earlier == later) continue;
    fail("transition " + text(*later) + " can never be taken, " + text(*earlier) + " comes first and has " +
         (earlier->functions.guard ? "the same guard" : "no guard") + ": give each a guard of its own");
  }
}

void StateGraph::check_reachable(StateId initial) const {
  std::vector<bool> reached(states_.size(), false);
  std::vector<StateId> open{initial};
  reached[initial] = true;
  while (!open.empty()) {
    const StateId from = open.back();
    open.pop_back();
    for (const Transition& t : transitions_) {
      if ((t.from != from && t.from != any_state) || reached[t.to]) continue;
      reached[t.to] = true;
      open.push_back(t.to);
    }
  }
  const auto missed = std::find(reached.begin(), reached.end(), false);
  if (missed == reached.end()) return;
  fail("state '" + states_[static_cast<std::size_t>(std::distance(reached.begin(), missed))] +
       "' can't be reached from the initial state '" + states_[initial] + "'");
}

std::string StateGraph::text(const Transition& t) const {
  const std::string from = t.from == any_state ? "any state" : "'" + states_[t.from] + "'";
  return from + " --" + triggers_[t.trigger] + "--> '" + states_[t.to] + "'";
}

void StateGraph::fail(const std::string& what) const {
  throw std::invalid_argument("state machine '" + name_ + "': " + what);
}

}  // namespace tactus
