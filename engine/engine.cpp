#include "engine/engine.hpp"

#include <algorithm>
#include <ctime>
#include <exception>

#include "engine/record.hpp"

namespace tactus {

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
  if (options.continuation) heartbeat_.go_on(options.continuation->origin, options.continuation->beat);
  now_ = heartbeat_.now();
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
      .state(S::stopping, {.entry = method<&Engine::begin_shut_down>(*this),
                           .activity = method<&Engine::shut_down>(*this)})
      .state(S::fault, {.activity = method<&Engine::keep_safe>(*this)});
  return graph;
}

// ---- The ordinary domain's side.

bool Engine::offer(std::unique_ptr<Program>& program) {
  const ProgramLayout& layout = *program->layout;
  if (program->chains.size() != chains_.size()) return false;
  if (program->handover.predecessor != status_.program()) return false;
  const std::size_t bytes = BeatRecord::bytes(layout.rates.size(), layout.signals, layout.states.size());
  if (records_ && bytes > records_->largest()) return false;
  return programs_.offer(program);
}

// ---- The task.

void Engine::run() {
  outcome_ = Outcome::done;
  machine_.start();
  heartbeat_.run();
  elapsed_ = 0;                                                         // less than a tick, if at all
  machine_.post(EngineTrigger::stop);                                   // the kernel stopped first
  if (machine_.state() == EngineState::stopping) heartbeat_.run_out();  // outputs are on their way to safe
  if (outputs_safe_ && pulse_.phase() == PulsePhase::driving) pulse_.enter(PulsePhase::released);
  for (ChainTask* chain : chains_) chain->end();
}

void Engine::tick(const Event<Tick>::Firing& firing) noexcept {
  const Watched scope(options_.watch, &stint_);
  pulse_.tick(monotonic_ns());
  pulse_.lane(0).enter(Pulse::Lane::engine);
  tick_ = firing.payload;
  missed_ += tick_.missed;
  elapsed_ = tick_.elapsed;
  if (machine_.state() != EngineState::running && machine_.state() != EngineState::stopping) {
    look_at_chains();
    exchange_program();
    settle();
  }
  handle_commands();
  machine_.step();
  pulse_.lane(0).enter(Pulse::Lane::nothing);
}

void Engine::handle_commands() noexcept {
  EngineRequest request;
  for (std::size_t i = 0; i < commands_.capacity() && commands_.try_pop(request); ++i) {
    emit(EventKind::command, 0, to_string(request.command), "", request.name.data());
    obey(request);
  }
}

void Engine::obey(const EngineRequest& request) {
  switch (request.command) {
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
      guard_.supervision.acknowledged = true;
      machine_.post(EngineTrigger::reset);
      break;
    case EngineCommand::acknowledge:
      guard_.supervision.acknowledged = true;
      break;
    case EngineCommand::inhibit:
      guard_.supervision.inhibited = true;
      outputs_safe_ = false;  // those that hold on a pause are not
      break;
    case EngineCommand::arm:
      guard_.supervision.inhibited = false;
      break;
    case EngineCommand::trip:
      trip();
      break;
    case EngineCommand::unsupervised:
      guard_.fault().raise("the supervisor is gone: nothing would make outputs safe if this process died");
      break;
    case EngineCommand::user:
    case EngineCommand::mode:
      pass_on(request);
      break;
  }
  status_.put(status_.inhibited_, guard_.supervision.inhibited);
}

/// To the modes, which look at it in the beat at hand.
void Engine::pass_on(const EngineRequest& request) {
  using Kind = ModeOrders::Kind;
  const Kind kind = request.command == EngineCommand::mode ? Kind::mode : Kind::command;
  if (machine_.state() != EngineState::running)
    emit(EventKind::note, 0, "not obeyed: modes move while the experiment is running", "",
         request.name.data());
  else if (!guard_.supervision.orders.add(kind, request.name.data()))
    emit(EventKind::note, 0, "not obeyed: too many commands for one beat", "", request.name.data());
}

/// The fault of the beat that is about to begin, or of a pause. Elsewhere outputs are safe, or soon will be.
void Engine::trip() {
  const EngineState state = machine_.state();
  if (state != EngineState::running && state != EngineState::paused) return;
  step_ = nullptr;
  where_ = "";
  guard_.fault().raise("tripped by command");
  if (state == EngineState::paused) settle();
}

void Engine::note_state(const Event<EngineMachine::Change>::Firing& firing) noexcept {
  status_.put(status_.state_, firing.payload.to);
  pulse_.enter_state(firing.payload.to);
  missed_ = 0;  // ticks in which the beat's number stood are nobody's
  after_fault_ = firing.payload.from == EngineState::fault;
  emit(EventKind::state, static_cast<double>(firing.payload.to), to_string(firing.payload.to));
}

// ---- What the states do.

void Engine::start_up() noexcept {
  pulse_.enter(PulsePhase::driving);
  outputs_safe_ = options_.continuation && options_.continuation->outputs_stand;
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
  make_wanted_safe();
  settle();      // a fault of this beat moves the machine, with outputs safe before the beat ends
  report();      // to the Reporter
  close_beat();  // into the timing records
  if (is_over(now_.beat + 1)) finish();
}

void Engine::finish() noexcept { machine_.post(EngineTrigger::stop); }

// ---- What a beat is made of.

void Engine::tell_devices_the_time() {
  if (guard_.fault().raised()) return;
  for (Rate& rate : program_->beat_rates()) rate.advance(now_.beat, now_.time_ns);
  for (const DevicePart& part : program_->devices) {
    where_ = part.name.c_str();
    const Watched scope(options_.watch, device_stint(where_));
    pulse_.lane(0).enter(Pulse::Lane::device + static_cast<std::uint32_t>(&part - program_->devices.data()));
    const DeviceResult result = part.device->advance(program_->rates.front().beat());
    if (result.kind == DeviceResult::Kind::end) return guard_.fault().finish(result.text);
    if (result.kind == DeviceResult::Kind::failed) return guard_.fault().raise(result.text);
  }
}

void Engine::shift_delays() {
  for (DelayLine& delay : program_->delays) delay.shift();
}

void Engine::run_steps() {
  if (guard_.fault().raised()) return;
  const bool timed = options_.timing == TimingDetail::steps;
  if (options_.watch != nullptr) {
    timed ? run_steps_of<true, true>(*program_) : run_steps_of<false, true>(*program_);
  } else {
    timed ? run_steps_of<true, false>(*program_) : run_steps_of<false, false>(*program_);
  }
}

template <bool timed, bool watched>
void Engine::run_steps_of(Program& program) {
  std::uint64_t* stamp = program.stamps.data();
  if constexpr (timed) {
    *stamp = begun_;
    *++stamp = ticks_now();
  }
  const std::span<const Step> steps = program.beat_steps();
  const Step* step = steps.data();
  const Step* const end = step + steps.size();
  Pulse::Lane& lane = pulse_.lane(0);
  try {
    for (; step != end; ++step) {
      if (step->rate->due()) {
        lane.enter(static_cast<std::uint32_t>(step - steps.data()));
        if constexpr (watched) {
          const Watched scope(options_.watch, program.stint(static_cast<std::size_t>(step - steps.data())));
          step->run();
        } else {
          step->run();
        }
        if (guard_.fault().raised()) break;
        if constexpr (timed) stamp[1] = ticks_now();  // the end of this step and the beginning of the next
      } else if constexpr (timed) {
        stamp[1] = stamp[0];
      }
      if constexpr (timed) ++stamp;
    }
  } catch (...) {
    step_ = step;
    steps_run_ = static_cast<std::size_t>(step - steps.data()) + 1;
    throw;
  }
  if (step != end) step_ = step;
  steps_run_ = static_cast<std::size_t>(step - steps.data()) + (step != end ? 1 : 0);
  lane.enter(Pulse::Lane::engine);
  if constexpr (timed) count_durations(program, static_cast<std::size_t>(step - steps.data()));
}

/// Apart from the steps: in a loop of its own, which waits for no time stamp, a count costs a fraction of
/// what it costs between two of them, and the outputs are out by then.
void Engine::count_durations(Program& program, std::size_t steps) {
  const std::uint64_t* const stamps = program.stamps.data() + 1;
  StepTable& durations = *program.durations;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::uint64_t duration = stamps[i + 1] - stamps[i];
    if (duration != 0) durations.enter(i, duration);  // 0: it had no turn
  }
}

// ---- Supervision.

void Engine::open_beat() {
  begun_ = ticks_now();
  step_ = nullptr;
  where_ = "";
  recorded_ = true;
  cut_short_ = false;
  steps_run_ = 0;
  stint_.beat = now_.beat;
  stint_.round = now_.beat - program_->first_beat;
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
  pass_on_announcements();
  FaultLatch& latch = guard_.fault();
  if (!latch.raised()) return;
  recorded_ = !latch.finished();
  cut_short_ = true;
  take_back_turns();
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

/// A component that modes switch on shall know that it rested when it runs at last.
void Engine::take_back_turns() noexcept {
  if (machine_.state() != EngineState::running) return;
  for (std::size_t i = steps_run_; i < program_->layout->beat_components; ++i) {
    const ComponentLayout& component = program_->layout->components[i];
    if (component.own_rate) program_->rates[component.rate].take_back();
  }
}

void Engine::note_fault() noexcept {
  const FaultLatch& latch = guard_.fault();
  const bool in_step = step_ != nullptr;
  const char* name = in_step ? program_->layout->components[step_index()].component.c_str() : where_;
  emit(EventKind::fault, latch.value(), latch.reason(), name, latch.signal());
  status_.add(status_.faults_);
}

void Engine::close_beat() {
  guard_.supervision.acknowledged = false;
  guard_.supervision.orders.clear();
  elapsed_ = 0;  // outputs were written on this tick
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

void Engine::stop_components() noexcept {
  if (program_ == nullptr) return;
  for (const Step& step : program_->beat_steps()) {
    step_ = &step;
    pulse_.lane(0).enter(static_cast<std::uint32_t>(step_index()));
    guard_([this] {
      const Watched scope(options_.watch, program_->first_stint(step_index(), now_.beat));
      step_->component->stop();
    });
    if (!guard_.fault().raised()) continue;
    note_fault();
    guard_.fault().clear();
    outcome_ = Outcome::failed;
  }
}

}  // namespace tactus
