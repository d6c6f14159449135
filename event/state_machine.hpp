#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event.hpp"
#include "event/ring.hpp"
#include "event/state_graph.hpp"
#include "event/subscription.hpp"

namespace tactus {

/// What became of a trigger when `post` returned.
enum class Posted : std::uint8_t {
  moved,      ///< a transition was taken (perhaps back to the same state)
  queued,     ///< posted by a function of the machine itself: handled after it
  ignored,    ///< the present state has no transition for it, or the machine has not started
  prevented,  ///< it has, but no guard allowed it
  overflow,   ///< the queue was full: the trigger is dropped
};

/// What has become of all triggers so far, except those that are still queued.
struct StateMachineCounts {
  std::uint64_t transitions = 0;
  std::uint64_t ignored = 0;
  std::uint64_t prevented = 0;
  std::uint64_t overflowed = 0;
};

/// A transition, as told to the listeners of `changed`.
template <typename State, typename Trigger>
struct StateChange {
  State from{};
  Trigger trigger{};
  State to{};
};

/// What a state machine is given beside its graph.
struct StateMachineOptions {
  std::size_t queue = 8;   ///< how many triggers may wait; at least 1
  EventOptions changed{};  ///< the policies of the event `changed`
};

/// A state machine that runs a graph.
///
/// A transition runs the exit of the old state, the output of the transition, the listeners of `changed`, the
/// entry of the new state and its action, as one whole. One that leads back to the same state leaves out exit
/// and entry. An activity runs once on each `step`. No transition ever takes place while one of these
/// functions runs: what they post is queued, and handled in order when they are done. A machine whose
/// functions post for ever can't hold its caller: what was posted meanwhile is handled up to the capacity of
/// the queue, the rest waits for the next call.
///
/// Domain: one task owns the machine, and all events connected to it. The constructor and `on` take memory
/// and belong to the ordinary domain; the rest is real-time safe, takes constant time (apart from the
/// functions called and the guards tried) and never allocates. No function may throw (the program would end).
class StateMachine {
 public:
  using Change = StateChange<StateId, TriggerId>;
  using Options = StateMachineOptions;

  /// Checks the graph, which says what it throws; a queue of 0 is std::invalid_argument too.
  StateMachine(StateGraph graph, StateId initial, const Options& options = {});
  StateMachine(const StateMachine&) = delete;
  StateMachine& operator=(const StateMachine&) = delete;
  ~StateMachine() = default;

  /// Posts `trigger` whenever `event` fires: within its synchronous stage or, with `Moment::completion`, when
  /// all listeners of that firing have run, so that they still see the old state. Throws
  /// std::invalid_argument for an unknown trigger, std::logic_error while the event is firing.
  template <typename Payload>
  void on(Event<Payload>& event, TriggerId trigger,
          Subscription::Moment moment = Subscription::Moment::synchronous, int priority = 0) {
    require_trigger(trigger);
    connections_.emplace_back(*this, trigger, event, moment, priority);
  }

  /// Fires at each transition, after exit and output, before the entry: for those who record or report.
  Event<Change>& changed() noexcept { return changed_; }

  /// Enters the initial state: its entry and action run. Does nothing when the machine has started before.
  void start() noexcept;

  /// Puts the machine into `state` and runs nothing, as when it takes over from another machine that was
  /// there. Starts the machine if need be; what is queued is dropped and counted as ignored. False, and
  /// nothing done, for an unknown state and from the machine's own functions.
  bool restore(StateId state) noexcept;

  /// Handles a trigger: at once, or after the function of the machine that is running.
  Posted post(TriggerId trigger) noexcept;

  /// Handles what is still queued, then runs the activity of the present state, then handles what that
  /// posted. False, and nothing done, before `start` and from the machine's own functions.
  bool step() noexcept;

  bool started() const noexcept { return started_; }
  /// The present state, before `start` the initial one. Functions of a transition see the old state up to
  /// and including its output, then the new one.
  StateId state() const noexcept { return state_; }
  /// Whether there is a transition from the present state for `trigger`, whatever its guard.
  bool accepts(TriggerId trigger) const noexcept;
  std::string_view name(StateId state) const noexcept { return graph_.state_name(state); }
  std::string_view trigger_name(TriggerId trigger) const noexcept { return graph_.trigger_name(trigger); }
  const StateGraph& graph() const noexcept { return graph_; }
  const StateMachineCounts& counts() const noexcept { return counts_; }

 private:
  struct Connection {
    template <typename Payload>
    Connection(StateMachine& owner, TriggerId id, Event<Payload>& event, Subscription::Moment moment,
               int priority)
        : machine(owner),
          trigger(id),
          subscription(event, method<&Connection::post>(*this), moment, priority) {}

    void post() noexcept { machine.post(trigger); }

    StateMachine& machine;
    TriggerId trigger;
    Subscription subscription;
  };

  // Where the transitions of one state and trigger are in `edges_`.
  struct Row {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };

  void require_trigger(TriggerId trigger) const;
  const Row& row(StateId from, TriggerId trigger) const noexcept {
    return rows_[from * graph_.trigger_count() + trigger];
  }
  Posted wait(TriggerId trigger) noexcept;
  Posted handle(TriggerId trigger) noexcept;
  void handle_queued() noexcept;
  void take(const Transition& transition) noexcept;

  StateGraph graph_;
  std::vector<Transition> edges_;  // ordered by row; those from any state are copied into each
  std::vector<Row> rows_;          // [state][trigger]
  Ring<TriggerId> queue_;
  Event<Change> changed_;
  std::deque<Connection> connections_;  // never moves one: the events refer to it
  StateMachineCounts counts_;
  StateId state_;
  bool started_ = false;
  bool busy_ = false;
};

}  // namespace tactus
