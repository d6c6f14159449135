#include "engine/engine_state.hpp"

namespace tactus {

EngineMachine::Graph engine_graph() {
  using S = EngineState;
  using T = EngineTrigger;
  EngineMachine::Graph graph(
      "engine", {"idle", "ready", "starting", "running", "paused", "stopping", "fault"},
      {"load", "start", "started", "pause", "resume", "stop", "stopped", "fault", "reset"});
  graph.transition(S::idle, T::load, S::ready)
      .transition(S::ready, T::start, S::starting)
      .transition(S::starting, T::started, S::running)
      .transition(S::running, T::pause, S::paused)
      .transition(S::paused, T::resume, S::running)
      .transition(S::running, T::stop, S::stopping)
      .transition(S::paused, T::stop, S::stopping)
      .transition(S::fault, T::stop, S::stopping)
      .transition(S::stopping, T::stopped, S::ready)
      .transition(S::fault, T::reset, S::running)
      .from_any(T::fault, S::fault);
  return graph;
}

}  // namespace tactus
