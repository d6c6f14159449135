#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "event/state_graph.hpp"
#include "event/state_machine.hpp"

namespace tactus {

/// A `StateGraph` whose states and triggers are the values of two enumerations, which count from 0 without
/// gaps; their names are given in the same order.
template <typename State, typename Trigger>
class TypedStateGraph {
  static_assert(std::is_enum_v<State> && std::is_enum_v<Trigger>);

 public:
  /// See `StateGraph`, for the other functions as well.
  TypedStateGraph(std::string name, std::vector<std::string> states, std::vector<std::string> triggers)
      : graph_(std::move(name), std::move(states), std::move(triggers)) {}

  TypedStateGraph& state(State state, const StateFunctions& functions) {
    graph_.state(static_cast<StateId>(state), functions);
    return *this;
  }

  TypedStateGraph& transition(State from, Trigger trigger, State to,
                              const TransitionFunctions& functions = {}) {
    graph_.transition(static_cast<StateId>(from), static_cast<TriggerId>(trigger), static_cast<StateId>(to),
                      functions);
    return *this;
  }

  /// A transition from every state, tried after those of the state itself.
  TypedStateGraph& from_any(Trigger trigger, State to, const TransitionFunctions& functions = {}) {
    graph_.transition(any_state, static_cast<TriggerId>(trigger), static_cast<StateId>(to), functions);
    return *this;
  }

  const StateGraph& untyped() const noexcept { return graph_; }

 private:
  StateGraph graph_;
};

/// A `StateMachine` whose states and triggers are enumerations: the same machine, for compile-time states.
template <typename State, typename Trigger>
class TypedStateMachine {
 public:
  using Graph = TypedStateGraph<State, Trigger>;
  using Options = StateMachineOptions;
  using Change = StateChange<State, Trigger>;

  /// See `StateMachine`, for the other functions as well.
  TypedStateMachine(const Graph& graph, State initial, const Options& options = {})
      : machine_(graph.untyped(), static_cast<StateId>(initial), {options.queue, {}}),
        changed_(graph.untyped().name() + ".changed", options.changed),
        translation_(machine_.changed(), method<&TypedStateMachine::translate>(*this)) {}
  TypedStateMachine(const TypedStateMachine&) = delete;
  TypedStateMachine& operator=(const TypedStateMachine&) = delete;
  ~TypedStateMachine() = default;

  template <typename Payload>
  void on(Event<Payload>& event, Trigger trigger,
          Subscription::Moment moment = Subscription::Moment::synchronous, int priority = 0) {
    machine_.on(event, static_cast<TriggerId>(trigger), moment, priority);
  }

  Event<Change>& changed() noexcept { return changed_; }
  void start() noexcept { machine_.start(); }
  bool restore(State state) noexcept { return machine_.restore(static_cast<StateId>(state)); }
  Posted post(Trigger trigger) noexcept { return machine_.post(static_cast<TriggerId>(trigger)); }
  bool step() noexcept { return machine_.step(); }

  bool started() const noexcept { return machine_.started(); }
  State state() const noexcept { return static_cast<State>(machine_.state()); }
  bool accepts(Trigger trigger) const noexcept { return machine_.accepts(static_cast<TriggerId>(trigger)); }
  std::string_view name(State state) const noexcept { return machine_.name(static_cast<StateId>(state)); }
  std::string_view trigger_name(Trigger trigger) const noexcept {
    return machine_.trigger_name(static_cast<TriggerId>(trigger));
  }
  const StateMachineCounts& counts() const noexcept { return machine_.counts(); }
  const StateMachine& untyped() const noexcept { return machine_; }

 private:
  void translate(const Event<StateMachine::Change>::Firing& firing) noexcept {
    const StateMachine::Change& change = firing.payload;
    changed_.fire({static_cast<State>(change.from), static_cast<Trigger>(change.trigger),
                   static_cast<State>(change.to)});
  }

  StateMachine machine_;
  Event<Change> changed_;
  Subscription translation_;
};

}  // namespace tactus
