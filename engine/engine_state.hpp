#pragma once
#include <cstdint>

#include "event/typed_state_machine.hpp"

namespace tactus {

/// Idle -> Ready -> Starting -> Running <-> Paused -> Stopping -> Ready, and Fault from any of them.
enum class EngineState : std::uint8_t {
  idle,      ///< no program yet
  ready,     ///< a program is there, nothing runs
  starting,  ///< the program's first beat is being prepared
  running,
  paused,    ///< the beat's number stands, outputs are safe
  stopping,  ///< outputs go safe, components are stopped
  fault,     ///< outputs are safe; left by an explicit reset
};

enum class EngineTrigger : std::uint8_t { load, start, started, pause, resume, stop, stopped, fault, reset };

constexpr const char* to_string(EngineState state) {
  constexpr const char* names[] = {"idle", "ready", "starting", "running", "paused", "stopping", "fault"};
  return names[static_cast<std::size_t>(state)];
}

using EngineMachine = TypedStateMachine<EngineState, EngineTrigger>;

/// The graph without the functions of its states, which are the engine's.
EngineMachine::Graph engine_graph();

}  // namespace tactus
