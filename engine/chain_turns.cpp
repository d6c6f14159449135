// The beat's side of the chains: their faults, what they have computed, what they need next.

#include "engine/engine.hpp"

namespace tactus {

void Engine::add_chain(ChainTask& task) {
  task.set_watch(options_.watch);
  chains_.push_back(&task);
  task.show_work_in(pulse_.lane(chains_.size()));
}

/// A chain at rest may have had a fault on its turn.
void Engine::look_at_chains() noexcept {
  for (std::size_t i = 0; i < chains_.size(); ++i) {
    if (!chains_[i]->look() || program_ == nullptr) continue;
    Chain& chain = program_->chains[i];
    const FaultLatch& theirs = chain.guard.fault();
    if (!theirs.raised() || guard_.fault().raised()) continue;
    guard_.fault() = theirs;
    step_ = chain.step;
    chain.guard.fault().clear();
    chain.ran = false;  // half a turn is never delivered
    chain.grow_stale(program_->statuses.data());
  }
}

/// No beat came to look any more.
void Engine::conclude() noexcept {
  if (program_ == nullptr) return;
  for (Chain& chain : program_->chains) {
    if (!chain.guard.fault().raised()) continue;
    guard_.fault() = chain.guard.fault();
    step_ = chain.step;
    note_fault();
    guard_.fault().clear();
    chain.guard.fault().clear();
    outcome_ = Outcome::failed;
  }
}

void Engine::turn_chains() noexcept {
  if (guard_.fault().raised()) return;
  Program& program = *program_;
  for (std::size_t i = 0; i < chains_.size(); ++i) {
    Chain& chain = program.chains[i];
    if (!chain.turn.comes_due(now_.beat)) continue;
    if (!chains_[i]->idle()) {
      miss_turn(chain);
    } else if (chain.ran) {
      chain.deliver(program.values.data(), program.statuses.data());
      program.rates[chain.rate].advance(now_.beat, now_.time_ns);
    }
  }
  for (std::size_t i = 0; i < chains_.size(); ++i) {  // after all have delivered
    Chain& chain = program.chains[i];
    if (!chain.turn.comes_due(now_.beat)) continue;
    chain.turn.advance(now_.beat, now_.time_ns);
    chain.latch(program.values.data(), program.statuses.data());
    chain.ran = true;
    const Watched scope(options_.watch, device_stint(stint_.name));  // it may have to wake another core
    chains_[i]->begin_turn();
  }
}

/// What a chain did not compute in time is stale until its next turn.
void Engine::miss_turn(Chain& chain) noexcept {
  chain.turn.skip(now_.beat);
  chain.grow_stale(program_->statuses.data());
  status_.add(status_.chain_turns_missed_);
  emit(EventKind::overrun, 1, "the chain's turn is missed: it is still at the one before",
       chain.name.c_str());
}

}  // namespace tactus
