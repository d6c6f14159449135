// What events and the state machine cost on the beat.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "event/event.hpp"
#include "event/typed_state_machine.hpp"

namespace {

using tactus::Event;
using tactus::method;

struct Counter {
  std::uint64_t count = 0;
  void add() { ++count; }
};

// Argument: the number of synchronous listeners.
void fire(benchmark::State& state) {
  Counter counter;
  Event event("tick");
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    if (!event.add_listener(method<&Counter::add>(counter))) state.SkipWithError("refused");
  }
  while (state.KeepRunning()) benchmark::DoNotOptimize(event.fire());
  benchmark::DoNotOptimize(counter.count);
}
BENCHMARK(fire)->Arg(0)->Arg(1)->Arg(8);

void fire_and_handle(benchmark::State& state) {
  Counter counter;
  Event event("tick", {.queued = 16});
  if (!event.add_listener(method<&Counter::add>(counter), tactus::Handling::asynchronous)) {
    state.SkipWithError("refused");
  }
  while (state.KeepRunning()) {
    event.fire();
    event.handle_pending();
  }
  benchmark::DoNotOptimize(counter.count);
}
BENCHMARK(fire_and_handle);

enum class State : std::uint8_t { running, paused };
enum class Trigger : std::uint8_t { pause, resume };
using Machine = tactus::TypedStateMachine<State, Trigger>;

Machine::Graph graph(Counter& counter) {
  Machine::Graph graph("bench", {"running", "paused"}, {"pause", "resume"});
  graph.state(State::running, {.activity = method<&Counter::add>(counter)});
  graph.state(State::paused, {.activity = method<&Counter::add>(counter)});
  graph.transition(State::running, Trigger::pause, State::paused);
  graph.transition(State::paused, Trigger::resume, State::running);
  return graph;
}

// What the engine pays on every beat: one activity.
void step(benchmark::State& state) {
  Counter counter;
  Machine machine(graph(counter), State::running);
  machine.start();
  while (state.KeepRunning()) benchmark::DoNotOptimize(machine.step());
}
BENCHMARK(step);

// A transition on every step.
void post_and_step(benchmark::State& state) {
  Counter counter;
  Machine machine(graph(counter), State::running);
  machine.start();
  while (state.KeepRunning()) {
    machine.post(machine.state() == State::running ? Trigger::pause : Trigger::resume);
    benchmark::DoNotOptimize(machine.step());
  }
}
BENCHMARK(post_and_step);

}  // namespace
