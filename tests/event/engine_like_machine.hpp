#pragma once

#include <cstdint>

#include "event/typed_state_machine.hpp"

namespace tactus::test {

enum class State : std::uint8_t { idle, ready, starting, running, paused, stopping, fault };
enum class Trigger : std::uint8_t { load, start, started, pause, resume, stop, stopped, fault, reset };

/// An object with the life of an experiment: the state machine is a member, the states are its functions.
class Experiment {
 public:
  using Machine = TypedStateMachine<State, Trigger>;

  Experiment() : machine(graph(), State::idle, {.queue = 4, .changed = {.queued = 16}}) { machine.start(); }

  // What the functions did.
  int beats = 0;
  int starts = 0;
  int stops = 0;
  int made_safe = 0;
  bool armed = true;
  bool fail_next_beat = false;

  Machine machine;

 private:
  Machine::Graph graph() {
    using enum State;
    Machine::Graph g("experiment", {"Idle", "Ready", "Starting", "Running", "Paused", "Stopping", "Fault"},
                     {"load", "start", "started", "pause", "resume", "stop", "stopped", "fault", "reset"});
    g.state(starting, {.action = method<&Experiment::start_components>(*this)});
    g.state(running, {.activity = method<&Experiment::beat>(*this)});
    g.state(paused, {.entry = method<&Experiment::make_safe>(*this)});
    g.state(stopping, {.action = method<&Experiment::stop_components>(*this)});
    g.state(fault, {.entry = method<&Experiment::make_safe>(*this)});

    g.transition(idle, Trigger::load, ready);
    g.transition(ready, Trigger::start, starting, {.guard = method<&Experiment::is_armed>(*this)});
    g.transition(starting, Trigger::started, running);
    g.transition(running, Trigger::pause, paused);
    g.transition(paused, Trigger::resume, running);
    g.transition(running, Trigger::stop, stopping);
    g.transition(paused, Trigger::stop, stopping);
    g.transition(stopping, Trigger::stopped, ready);
    g.from_any(Trigger::fault, fault);
    g.transition(fault, Trigger::reset, running);
    g.transition(fault, Trigger::stop, stopping);
    return g;
  }

  bool is_armed() const { return armed; }
  void make_safe() { ++made_safe; }

  void start_components() {
    ++starts;
    machine.post(Trigger::started);
  }

  void stop_components() {
    ++stops;
    machine.post(Trigger::stopped);
  }

  void beat() {
    if (fail_next_beat) {
      fail_next_beat = false;
      machine.post(Trigger::fault);
      return;
    }
    ++beats;
  }
};

}  // namespace tactus::test
