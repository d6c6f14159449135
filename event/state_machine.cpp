#include "event/state_machine.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace tactus {

namespace {

void call(const Delegate<void()>& function) noexcept {
  if (function) function();
}

}  // namespace

StateMachine::StateMachine(StateGraph graph, StateId initial, const Options& options)
    : graph_(std::move(graph)),
      queue_(options.queue),
      changed_(graph_.name() + ".changed", options.changed),
      state_(initial) {
  graph_.check(initial);
  if (options.queue == 0) {
    throw std::invalid_argument("state machine '" + graph_.name() + "': its queue needs room for 1 at least");
  }
  rows_.reserve(graph_.state_count() * graph_.trigger_count());
  for (std::size_t from = 0; from < graph_.state_count(); ++from) {
    for (std::size_t trigger = 0; trigger < graph_.trigger_count(); ++trigger) {
      const auto first = static_cast<std::uint32_t>(edges_.size());
      for (const std::size_t source : {from, std::size_t{any_state}}) {
        for (const Transition& t : graph_.transitions()) {
          if (t.from == source && t.trigger == trigger) edges_.push_back(t);
        }
      }
      rows_.push_back({first, static_cast<std::uint32_t>(edges_.size()) - first});
    }
  }
}

void StateMachine::start() noexcept {
  if (started_) return;
  started_ = true;
  busy_ = true;
  call(graph_.functions(state_).entry);
  call(graph_.functions(state_).action);
  handle_queued();
  busy_ = false;
}

bool StateMachine::restore(StateId state) noexcept {
  if (busy_ || state >= graph_.state_count()) return false;
  TriggerId dropped = 0;
  while (queue_.take(dropped)) ++counts_.ignored;
  state_ = state;
  started_ = true;
  return true;
}

Posted StateMachine::post(TriggerId trigger) noexcept {
  if (trigger >= graph_.trigger_count() || !started_) {
    ++counts_.ignored;
    return Posted::ignored;
  }
  if (busy_) return wait(trigger);
  busy_ = true;
  // Triggers left over by functions that post for ever go first.
  const Posted result = queue_.empty() ? handle(trigger) : wait(trigger);
  handle_queued();
  busy_ = false;
  return result;
}

bool StateMachine::step() noexcept {
  if (!started_ || busy_) return false;
  busy_ = true;
  handle_queued();
  call(graph_.functions(state_).activity);
  handle_queued();
  busy_ = false;
  return true;
}

bool StateMachine::accepts(TriggerId trigger) const noexcept {
  return trigger < graph_.trigger_count() && row(state_, trigger).count > 0;
}

void StateMachine::require_trigger(TriggerId trigger) const {
  if (trigger < graph_.trigger_count()) return;
  throw std::invalid_argument("state machine '" + graph_.name() + "': unknown trigger " +
                              std::to_string(trigger) + ": there are " +
                              std::to_string(graph_.trigger_count()));
}

Posted StateMachine::wait(TriggerId trigger) noexcept {
  if (queue_.put(trigger)) return Posted::queued;
  ++counts_.overflowed;
  return Posted::overflow;
}

Posted StateMachine::handle(TriggerId trigger) noexcept {
  const Row candidates = row(state_, trigger);
  for (std::uint32_t i = 0; i < candidates.count; ++i) {
    const Transition& transition = edges_[candidates.first + i];
    if (transition.functions.guard && !transition.functions.guard()) continue;
    take(transition);
    return Posted::moved;
  }
  if (candidates.count == 0) {
    ++counts_.ignored;
    return Posted::ignored;
  }
  ++counts_.prevented;
  return Posted::prevented;
}

void StateMachine::handle_queued() noexcept {
  TriggerId trigger = 0;
  for (std::size_t left = queue_.capacity(); left > 0 && queue_.take(trigger); --left) handle(trigger);
}

void StateMachine::take(const Transition& transition) noexcept {
  const StateId from = state_;
  const bool stays = transition.to == from;
  if (!stays) call(graph_.functions(from).exit);
  call(transition.functions.output);
  state_ = transition.to;
  ++counts_.transitions;
  changed_.fire({from, transition.trigger, transition.to});
  if (!stays) call(graph_.functions(state_).entry);
  call(graph_.functions(state_).action);
}

}  // namespace tactus
