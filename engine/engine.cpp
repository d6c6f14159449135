#include "engine/engine.hpp"

#include <algorithm>
#include <ctime>
#include <exception>

#include "engine/record.hpp"

namespace tactus {
namespace {

/// In virtual time the beat may wait for an ordinary thread; this is how.
void give_way() {
  const timespec moment{0, 50'000};
  nanosleep(&moment, nullptr);
}

}  // namespace

Engine::Engine(kernel::Kernel& kernel, const EngineOptions& options)
    : options_(options),
      heartbeat_(kernel, options.period,
                 options.overrun == OverrunPolicy::catch_up ? kernel::Late::catch_up : kernel::Late::skip),
      machine_(graph(), EngineState::idle),
      on_tick_(heartbeat_.ticked(), method<&Engine::tick>(*this)),
      on_change_(machine_.changed(), method<&Engine::note_state>(*this)),
      commands_(64),
      events_(options.events),
      pulse_(options.pulse != nullptr ? *options.pulse : unwatched_),
      ends_(options.end_on_fault),
      ticks_per_ns_(1 / ns_per_tick()) {
  if (options.record_bytes != 0) records_.emplace(options.record_bytes);
  guard_.supervision.inhibited = options.inhibited;
  status_.put(status_.inhibited_, options.inhibited);
}

Engine::~Engine() { programs_.hand_back(program_); }

EngineMachine::Graph Engine::graph() {
  using S = EngineState;
  EngineMachine::Graph graph = engine_graph();
  graph.state(S::starting, {.action = method<&Engine::start_up>(*this)})
      .state(S::running, {.activity = method<&Engine::beat>(*this)})
      .state(S::paused,
             {.entry = method<&Engine::leave_drive>(*this), .activity = method<&Engine::keep_safe>(*this)})
      .state(S::stopping, {.action = method<&Engine::shut_down>(*this)})
      .state(S::fault, {.activity = method<&Engine::keep_safe>(*this)});
  return graph;
}

// ---- The ordinary domain's side.

bool Engine::offer(std::unique_ptr<Program>& program) {
  const ProgramLayout& layout = *program->layout;
  if (program->chains.size() != chains_.size()) return false;
  if (program->handover.predecessor != status_.program()) return false;
  if (records_ && BeatRecord::bytes(layout.rates.size(), layout.signals) > records_->largest()) return false;
  return programs_.offer(program);
}

// ---- The task.

void Engine::run() {
  outcome_ = Outcome::done;
  machine_.start();
  heartbeat_.run();
  machine_.post(EngineTrigger::stop);  // the kernel stopped first
  if (outputs_safe_ && pulse_.phase() == PulsePhase::driving) pulse_.enter(PulsePhase::released);
  for (ChainTask* chain : chains_) chain->end();
}

void Engine::tick(const Event<Tick>::Firing& firing) noexcept {
  pulse_.tick(monotonic_ns());
  pulse_.lane(0).enter(Pulse::Lane::engine);
  tick_ = firing.payload;
  missed_ += tick_.missed;
  if (machine_.state() != EngineState::running) {
    look_at_chains();
    exchange_program();
    settle();
  }
  handle_commands();
  machine_.step();
  pulse_.lane(0).enter(Pulse::Lane::nothing);
}

void Engine::handle_commands() noexcept {
  EngineCommand command{};
  for (std::size_t i = 0; i < commands_.capacity() && commands_.try_pop(command); ++i) {
    emit(EventKind::command, 0, to_string(command));
    obey(command);
  }
}

void Engine::obey(EngineCommand command) {
  switch (command) {
    case EngineCommand::start:
      machine_.post(EngineTrigger::start);
      break;
    case EngineCommand::pause:
      machine_.post(EngineTrigger::pause);
      break;
    case EngineCommand::resume:
      machine_.post(EngineTrigger::resume);
      break;
    case EngineCommand::stop:
      machine_.post(EngineTrigger::stop);
      break;
    case EngineCommand::reset:
      machine_.post(EngineTrigger::reset);
      break;
    case EngineCommand::inhibit:
      guard_.supervision.inhibited = true;
      break;
    case EngineCommand::arm:
      guard_.supervision.inhibited = false;
      break;
    case EngineCommand::unsupervised:
      guard_.fault().raise("the supervisor is gone: nothing would make outputs safe if this process died");
      break;
  }
  status_.put(status_.inhibited_, guard_.supervision.inhibited);
}

void Engine::note_state(const Event<EngineMachine::Change>::Firing& firing) noexcept {
  status_.put(status_.state_, firing.payload.to);
  pulse_.enter_state(firing.payload.to);
  missed_ = 0;  // ticks in which the beat's number stood are nobody's
  emit(EventKind::state, static_cast<double>(firing.payload.to), to_string(firing.payload.to));
}

// ---- What the states do.

void Engine::start_up() noexcept {
  pulse_.enter(PulsePhase::driving);
  outputs_safe_ = false;
  keep_safe();
  machine_.post(EngineTrigger::started);
}

void Engine::beat() noexcept {
  now_ = heartbeat_.advance(missed_);
  if (is_over(now_.beat)) return finish();
  open_beat();
  look_at_chains();
  exchange_program();  // a swap, if a new program is waiting
  guard_([this] { tell_devices_the_time(); });
  shift_delays();
  turn_chains();                    // take over what they computed, give them what they need
  guard_([this] { run_steps(); });  // scanners, generators, observers, controllers, interlocks, actuators
  settle();      // a fault of this beat moves the machine, with outputs safe before the beat ends
  report();      // to the Reporter
  close_beat();  // into the timing records
  if (is_over(now_.beat + 1)) finish();
}

void Engine::leave_drive() noexcept { outputs_safe_ = false; }

void Engine::keep_safe() noexcept {
  if (!outputs_safe_) write_safe_values();
}

void Engine::shut_down() noexcept {
  constexpr int tries = 3;
  outputs_safe_ = false;
  for (int i = 0; i < tries && !outputs_safe_; ++i) keep_safe();
  stop_components();
  heartbeat_.finish();
  machine_.post(EngineTrigger::stopped);
}

void Engine::finish() noexcept { machine_.post(EngineTrigger::stop); }

// ---- What a beat is made of.

void Engine::tell_devices_the_time() {
  if (guard_.fault().raised()) return;
  for (Rate& rate : program_->beat_rates()) rate.advance(now_.beat, now_.time_ns);
  for (const DevicePart& part : program_->devices) {
    where_ = part.name.c_str();
    pulse_.lane(0).enter(Pulse::Lane::device + static_cast<std::uint32_t>(&part - program_->devices.data()));
    const DeviceResult result = part.device->advance(program_->rates.front().beat());
    if (result.kind == DeviceResult::Kind::end) return guard_.fault().finish(result.text);
    if (result.kind == DeviceResult::Kind::failed) return guard_.fault().raise(result.text);
  }
}

void Engine::shift_delays() {
  for (DelayLine& delay : program_->delays) delay.shift();
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
    chains_[i]->begin_turn();
  }
}

/// What a chain did not compute in time is stale until its next turn.
void Engine::miss_turn(Chain& chain) noexcept {
  chain.turn.skip(now_.beat);
  std::fill_n(&program_->statuses[chain.first], chain.signals, Status::stale);
  status_.add(status_.chain_turns_missed_);
  emit(EventKind::overrun, 1, "the chain's turn is missed: it is still at the one before",
       chain.name.c_str());
}

void Engine::run_steps() {
  if (guard_.fault().raised()) return;
  if (options_.timing == TimingDetail::steps) {
    run_steps_of<true>(*program_);
  } else {
    run_steps_of<false>(*program_);
  }
}

template <bool timed>
void Engine::run_steps_of(Program& program) {
  std::uint64_t* stamp = program.stamps.data();
  std::uint64_t last = 0;
  if constexpr (timed) {
    *stamp = begun_;
    *++stamp = last = ticks_now();
  }
  const Step* const first = program.steps.data();
  const Step* const end = first + program.beat_steps().size();
  const Step* step = first;
  StepTable& durations = *program.durations;
  Pulse::Lane& lane = pulse_.lane(0);
  try {
    for (; step != end; ++step) {
      if (step->rate->due()) {
        lane.enter(static_cast<std::uint32_t>(step - first));
        step->run();
        if (guard_.fault().raised()) break;
        if constexpr (timed) {
          const std::uint64_t now = ticks_now();  // the end of this step and the beginning of the next
          durations.enter(static_cast<std::size_t>(step - first), now - last);
          last = now;
        }
      }
      if constexpr (timed) *++stamp = last;
    }
  } catch (...) {
    step_ = step;
    throw;
  }
  if (step != end) step_ = step;
  lane.enter(Pulse::Lane::engine);
}

void Engine::report() {
  if (!records_ || !recorded_) return;
  const Program& program = *program_;
  const std::size_t bytes = BeatRecord::bytes(program.rates.size(), program.layout->signals);
  std::byte* place = records_->reserve(bytes);
  while (place == nullptr && options_.virtual_time) {
    give_way();
    place = records_->reserve(bytes);
  }
  if (place == nullptr) return records_->count_drop();
  write_record(place, program);
  records_->commit();
}

void Engine::write_record(std::byte* place, const Program& program) const {
  const BeatRecord head{program.number(),
                        now_.beat,
                        now_.time_ns,
                        options_.virtual_time ? 0 : monotonic_ns(),
                        static_cast<std::uint32_t>(program.rates.size()),
                        static_cast<std::uint32_t>(program.layout->signals)};
  const auto put = [&place](const void* from, std::size_t bytes) {
    std::memcpy(place, from, bytes);
    place += bytes;
  };
  put(&head, sizeof head);
  for (const Rate& rate : program.rates) {
    const std::uint64_t last = rate.last_run();
    put(&last, sizeof last);
  }
  put(program.signals().data(), program.signals().size_bytes());
  put(program.signal_statuses().data(), program.signal_statuses().size_bytes());
}

// ---- Supervision.

void Engine::open_beat() {
  begun_ = ticks_now();
  step_ = nullptr;
  where_ = "";
  recorded_ = true;
  if (missed_ == 0) return;
  status_.add(status_.overruns_);
  status_.add(status_.beats_missed_, missed_);
  emit(EventKind::overrun, static_cast<double>(missed_), "");
  if (options_.overrun == OverrunPolicy::stop) {
    guard_.fault().raise("beats were missed", "", static_cast<double>(missed_));
    ends_ = true;
  }
  missed_ = 0;
}

void Engine::settle() {
  FaultLatch& latch = guard_.fault();
  if (!latch.raised()) return;
  recorded_ = !latch.finished();
  if (latch.finished()) {
    emit(EventKind::note, 0, latch.reason(), where_);
    finish();
  } else {
    note_fault();
    outputs_safe_ = false;
    keep_safe();
    machine_.post(EngineTrigger::fault);
    if (ends_) {
      outcome_ = Outcome::failed;
      finish();
    }
  }
  latch.clear();
}

void Engine::note_fault() noexcept {
  const FaultLatch& latch = guard_.fault();
  const bool in_step = step_ != nullptr;
  const char* name = in_step ? program_->layout->components[step_index()].component.c_str() : where_;
  emit(EventKind::fault, latch.value(), latch.reason(), name, latch.signal());
  status_.add(status_.faults_);
}

void Engine::close_beat() {
  if (!recorded_) return;
  status_.add(status_.beats_run_);
  status_.put(status_.beat_, now_.beat);
  status_.put(status_.time_ns_, now_.time_ns);
  const std::uint64_t end = ticks_now();
  const std::uint64_t duration = end - begun_;
  status_.duration.enter(duration);
  const std::int64_t late = tick_.woken - tick_.scheduled;
  if (!options_.virtual_time) status_.latency.enter(static_cast<std::uint64_t>(late));
  std::span<std::uint64_t> stamps = program_->stamps;
  if (options_.timing == TimingDetail::beat) stamps = {};
  if (!stamps.empty()) stamps.back() = end;
  const std::uint64_t latency = static_cast<std::uint64_t>(static_cast<double>(late) * ticks_per_ns_);
  const auto duration_ns = static_cast<std::int64_t>(static_cast<double>(duration) / ticks_per_ns_);
  pulse_.enter_beat({now_.beat, late, duration_ns}, now_.time_ns);
  program_->layout->worst->enter(now_.beat, latency, duration, stamps);
}

/// A driver that throws is as bad as one that fails, and keeps nobody else's output from being made safe.
void Engine::write_safe_values() noexcept {
  if (program_ == nullptr) return;
  outputs_safe_ = true;
  for (Actuator* actuator : program_->actuators) {
    bool written = false;
    try {
      written = actuator->write_safe().kind != DeviceResult::Kind::failed;
    } catch (...) {  // NOLINT(bugprone-empty-catch): `written` says it
    }
    if (written) continue;
    status_.add(status_.safe_writes_failed_);
    outputs_safe_ = false;  // it is tried again on the next tick
  }
}

void Engine::stop_components() noexcept {
  if (program_ == nullptr) return;
  for (const Step& step : program_->beat_steps()) {
    step_ = &step;
    pulse_.lane(0).enter(static_cast<std::uint32_t>(step_index()));
    guard_([&step] { step.component->stop(); });
    if (!guard_.fault().raised()) continue;
    note_fault();
    guard_.fault().clear();
    outcome_ = Outcome::failed;
  }
}

void Engine::emit(EventKind kind, double value, const char* text, const char* component, const char* signal) {
  EngineEvent event;
  event.kind = kind;
  event.beat = now_.beat;
  event.time_ns = now_.time_ns;
  event.value = value;
  EngineEvent::copy(event.text, text);
  EngineEvent::copy(event.component, component);
  EngineEvent::copy(event.signal, signal);
  if (options_.virtual_time && records_) {
    while (!events_.try_push(event)) give_way();
  } else {
    events_.push_or_drop(event);
  }
}

}  // namespace tactus
