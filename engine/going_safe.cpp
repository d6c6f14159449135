// How the engine lets outputs go safe: some of them in an ordinary beat, or all that are concerned in the
// states in which there are no beats.

#include <utility>

#include "engine/engine.hpp"

namespace tactus {

SafeOccasion Engine::occasion() const {
  if (guard_.supervision.inhibited || guard_.fault().raised()) return SafeOccasion::fault;
  switch (machine_.state()) {
    case EngineState::running:
      return SafeOccasion::beat;
    case EngineState::starting:
      return SafeOccasion::start;
    case EngineState::paused:
      return SafeOccasion::pause;
    case EngineState::stopping:
      return after_fault_ ? SafeOccasion::fault : SafeOccasion::stop;
    case EngineState::idle:
    case EngineState::ready:
    case EngineState::fault:
      break;
  }
  return SafeOccasion::fault;
}

/// After the actuators had their turn: they left the outputs that have to be safe where they were.
void Engine::make_wanted_safe() noexcept {
  Supervision& supervision = guard_.supervision;
  if (supervision.fault.raised() || !(supervision.safe_wanted || supervision.inhibited)) return;
  const Watched scope(options_.watch, device_stint(stint_.name));
  const SafeProgress progress = program_->safety.advance(occasion(), std::exchange(elapsed_, 0.0), guard_);
  supervision.safe_wanted = progress.concerned;
  if (progress.failed != 0) where_ = progress.component;  // and `guard_` has the fault
}

/// Where there are no beats, or no more of this one. A write that fails is no other fault: it is tried again
/// on the next tick. True if some output got nearer.
bool Engine::make_all_safe() noexcept {
  outputs_safe_ = true;
  if (program_ == nullptr) return false;
  const FaultLatch cause = guard_.fault();
  const Watched scope(options_.watch, device_stint(stint_.name));
  const SafeProgress progress = program_->safety.advance(occasion(), std::exchange(elapsed_, 0.0), guard_);
  guard_.fault() = cause;
  status_.add(status_.safe_writes_failed_, progress.failed);
  outputs_safe_ = progress.there && progress.failed == 0;
  return progress.nearer;
}

void Engine::leave_drive() noexcept { outputs_safe_ = false; }

void Engine::keep_safe() noexcept {
  if (!outputs_safe_) make_all_safe();
}

void Engine::begin_shut_down() noexcept {
  futile_tries_ = 0;
  shut_down();
}

/// Tick by tick, until outputs are safe or nothing brings them nearer.
void Engine::shut_down() noexcept {
  constexpr int tries = 3;
  futile_tries_ = make_all_safe() ? 0 : futile_tries_ + 1;
  if (!outputs_safe_ && futile_tries_ < tries) return;
  if (!outputs_safe_) {
    emit(EventKind::fault, 0, "outputs could not be made safe at the end of the run");
    status_.add(status_.faults_);
    outcome_ = Outcome::failed;
  }
  stop_components();
  heartbeat_.finish();
  machine_.post(EngineTrigger::stopped);
}

}  // namespace tactus
