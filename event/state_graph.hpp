#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/delegate.hpp"

namespace tactus {

using StateId = std::uint16_t;    ///< a state: its place in the graph's list of states
using TriggerId = std::uint16_t;  ///< a trigger: its place in the graph's list of triggers

/// As the source of a transition: every state.
inline constexpr StateId any_state = 0xFFFF;

/// What a state does; each function may be empty. They run in the machine's task and must not throw.
struct StateFunctions {
  Delegate<void()> entry{};     ///< when the state is entered (not when a transition leads back to it)
  Delegate<void()> action{};    ///< after the entry, and again after each transition that leads back to it
  Delegate<void()> activity{};  ///< on each step of the machine, until a transition. Either this or an action
  Delegate<void()> exit{};      ///< when the state is left (not when a transition leads back to it)
};

/// What belongs to a transition; each may be empty.
struct TransitionFunctions {
  Delegate<bool()> guard{};   ///< the transition is taken only if this is true
  Delegate<void()> output{};  ///< output of the transition (Mealy), between the exit and the entry
};

/// One edge of a graph.
struct Transition {
  StateId from;  ///< or `any_state`
  TriggerId trigger;
  StateId to;
  TransitionFunctions functions;
};

/// The graph of a state machine: which states there are, and which trigger leads from where to where.
///
/// The graph knows the states by their functions only and owns the transitions, so that no state knows
/// another. Transitions of the same source and trigger are tried in the order in which they were added; those
/// from `any_state` after those of the state itself, which thus take precedence.
/// Ordinary domain, configuration time. Errors are std::invalid_argument, and name the machine.
class StateGraph {
 public:
  /// Names must not be empty and not occur twice; at least one state, fewer than 65,535 of each.
  StateGraph(std::string name, std::vector<std::string> states, std::vector<std::string> triggers);

  /// Says what a state does; one that is never mentioned does nothing.
  StateGraph& state(StateId state, const StateFunctions& functions);

  /// Adds a transition; `from` may be `any_state`.
  StateGraph& transition(StateId from, TriggerId trigger, StateId to,
                         const TransitionFunctions& functions = {});

  /// Throws if the machine could not be meant so: a transition that can never be taken because an earlier
  /// one of the same source and trigger has no guard or the same guard, or a state that can't be reached
  /// from `initial`.
  void check(StateId initial) const;

  const std::string& name() const noexcept { return name_; }
  std::size_t state_count() const noexcept { return states_.size(); }
  std::size_t trigger_count() const noexcept { return triggers_.size(); }
  const std::vector<Transition>& transitions() const noexcept { return transitions_; }
  /// Of a state of this graph; the same holds for the names.
  const StateFunctions& functions(StateId state) const noexcept { return functions_[state]; }
  std::string_view state_name(StateId state) const noexcept { return states_[state]; }
  std::string_view trigger_name(TriggerId trigger) const noexcept { return triggers_[trigger]; }

  /// The state or trigger of that name, if there is one.
  std::optional<StateId> find_state(std::string_view name) const noexcept;
  std::optional<TriggerId> find_trigger(std::string_view name) const noexcept;

 private:
  void check_names(const std::vector<std::string>& names, std::string_view kind) const;
  void require_state(StateId state) const;
  void check_distinguished() const;
  void check_reachable(StateId initial) const;
  std::string text(const Transition& transition) const;
  [[noreturn]] void fail(const std::string& what) const;

  std::string name_;
  std::vector<std::string> states_;
  std::vector<std::string> triggers_;
  std::vector<StateFunctions> functions_;
  std::vector<Transition> transitions_;
};

}  // namespace tactus
