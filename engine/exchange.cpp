// How one program follows another, at the beginning of a beat. Whatever a plug-in throws meanwhile is a fault
// of that beat; the exchange itself is always completed.

#include <algorithm>

#include "engine/engine.hpp"

namespace tactus {

void Engine::exchange_program() noexcept {
  // All of it is exchanged at one beat, or nothing yet: a chain is left to finish its turn.
  const auto at_rest = [](const ChainTask* chain) { return chain->idle(); };
  if (guard_.fault().raised() || !std::ranges::all_of(chains_, at_rest)) return;
  Program* const next = programs_.take();
  if (next == nullptr) return;
  const std::uint64_t begun = ticks_now();
  const bool running = machine_.state() == EngineState::running;
  const std::uint64_t first = running || program_ == nullptr ? now_.beat : now_.beat + 1;
  Program* const old = program_;
  program_ = next;
  stint_.beat = next->first_beat = first;
  stint_.round = 0;
  pulse_.enter_program(next->number());
  heartbeat_.change_period(next->layout->period);
  next->origin = heartbeat_.origin();
  take_over(old, first);
  programs_.hand_back(old);
  status_.put(status_.program_, next->number());
  status_.add(status_.swaps_);
  if (!running) outputs_safe_ = false;
  emit(EventKind::swap, static_cast<double>(next->number()), "");
  status_.exchange.enter(ticks_now() - begun);
  machine_.post(EngineTrigger::load);
}

void Engine::take_over(Program* old, std::uint64_t first) noexcept {
  Program& next = *program_;
  const Handover& handover = next.handover;
  for (Rate& rate : next.rates) rate.begin(first, next.resumed ? &rate : nullptr);
  if (next.checkpoint) next.checkpoint->begin(first, nullptr);
  for (std::size_t i = 0; i < next.chains.size(); ++i) {
    Chain& chain = next.chains[i];
    chain.turn.begin(first, old != nullptr ? &old->chains[i].turn : nullptr);
    chain.ran = old != nullptr && old->chains[i].ran;
    chains_[i]->assign(next, i, options_.timing == TimingDetail::steps);
  }
  if (old != nullptr) {
    for (const Handover::Copy& copy : handover.frames) {
      std::copy_n(copy.from_values, copy.count, copy.to_values);
      std::copy_n(copy.from_statuses, copy.count, copy.to_statuses);
    }
    for (const Handover::Delay& delay : handover.delays) delay.to->take_over(*delay.from);
    for (const Handover::Pair& rate : handover.rates)
      next.rates[rate.to].begin(first, &old->rates[rate.from]);
    for (const std::size_t rate : handover.ungoverned) {
      if (!next.rates[rate].active()) next.rates[rate].resume();
    }
    leave(*old, handover);
  }
  for (Part& part : next.parts) part.bind(guard_.supervision);
  for (const Handover::Succession& region : handover.regions) region.to->take_over(*region.from);
  start_components(first);
  for (Chain& chain : next.chains) {  // from now on their faults are those of the chain's task
    for (std::size_t i = 0; i < chain.steps; ++i)
      next.parts[chain.first_step + i].instance->bind_supervision(chain.guard.supervision);
  }
  if (!guard_.fault().raised()) where_ = "";
}

/// Ends what the old program has and the new one has not.
void Engine::leave(Program& old, const Handover& handover) noexcept {
  for (const Handover::Leaver& leaver : handover.stop) {
    if (!guard_.fault().raised()) where_ = leaver.name.c_str();
    guard_([&] {
      const Watched scope(options_.watch, old.first_stint(leaver.part, stint_.beat));
      old.parts[leaver.part].instance->stop();
    });
  }
  for (const SafeWrite& write : handover.release) release_output(write);
}

void Engine::release_output(const SafeWrite& write) noexcept {
  guard_([&] {
    const Watched scope(options_.watch, device_stint(stint_.name));
    if (write.device->write(*write.group, write.raw).kind == DeviceResult::Kind::failed)
      guard_.fault().raise("an output that nothing writes any more could not be made safe");
  });
}

void Engine::start_components(std::uint64_t first) noexcept {
  for (std::size_t i = 0; i < program_->parts.size(); ++i) {
    const Part& part = program_->parts[i];
    const bool is_region = program_->layout->components[i].kind == PluginKind::region;
    if (part.kept && !is_region) continue;  // a region is kept only where it was restored
    if (!guard_.fault().raised()) where_ = program_->layout->components[i].component.c_str();
    pulse_.lane(0).enter(static_cast<std::uint32_t>(i));
    const Beat& beat = program_->steps[i].rate->beat();
    guard_([&] {
      const Watched scope(options_.watch, program_->first_stint(i, first));
      const Beat turn{first, now_.time_ns, beat.dt, beat.dt};
      part.kept ? static_cast<Region&>(*part.instance).go_on() : part.instance->start(turn);
    });
  }
}

}  // namespace tactus
