#include "app/session/session.hpp"

#include <algorithm>
#include <iterator>

#include "app/session/modes.hpp"
#include "app/session/recordings.hpp"
#include "engine/record.hpp"
#include "engine/time_stamp.hpp"
#include "interpreter/override.hpp"
#include "interpreter/words.hpp"
#include "supervisor/stall_watch.hpp"

namespace tactus {
namespace {

using Clock = std::chrono::steady_clock;

EngineOptions engine_options(const Specification& specification, const Compiled& compiled,
                             const SessionOptions& options, Pulse* pulse) {
  EngineOptions result;
  result.pulse = pulse;
  result.period = specification.heartbeat.period;
  result.overrun = specification.heartbeat.overrun;
  result.timing = specification.timing;
  result.virtual_time = specification.heartbeat.virtual_time;
  result.inhibited = options.inhibit || (compiled.hardware && !options.arm);
  result.end_on_fault = options.end_on_fault;
  result.beats = options.beats;
  result.watch = options.guards;
  if (options.resumption != nullptr) {
    result.continuation = options.resumption->continuation();
    if (result.inhibited) result.continuation->outputs_stand = false;
  }
  // Without a recording the fifo only serves those who ask for the newest values.
  if (!specification.report) result.record_bytes = std::size_t{1} << 20U;
  const ProgramLayout& layout = *compiled.program->layout;
  constexpr std::size_t least_records = 64;
  result.record_bytes =
      std::max(result.record_bytes,
               least_records * BeatRecord::bytes(layout.rates.size(), layout.signals, layout.states.size()));
  return result;
}

/// An event has room for the beginning of a name.
bool is_named(const EngineEvent& event, std::string_view name) {
  return name.substr(0, sizeof event.signal - 1) == event.signal;
}

/// How long a beat may take to come before whoever waits for it is told that none came.
Clock::duration patience(const Specification& specification) {
  constexpr std::chrono::seconds least{5};
  if (specification.heartbeat.virtual_time) return least;
  return least + std::chrono::nanoseconds(specification.heartbeat.period.times(3));
}

}  // namespace

std::string name_of(const std::string& assignment) {
  return std::string(trim(std::string_view(assignment).substr(0, assignment.find('='))));
}

Session::Session(Specification specification, Compiled compiled, PluginLibrary& library,
                 SessionOptions options)
    : options_(std::move(options)),
      library_(library),
      specification_(std::move(specification)),
      supervision_(options_.name, specification_.heartbeat, compiled.hardware, library, options_.name_lock),
      domain_(specification_.heartbeat, specification_.chains,
              engine_options(specification_, compiled, options_, supervision_.pulse())),
      reporter_(*domain_.engine().records(), domain_.engine().events()),
      first_(std::move(compiled.program)),
      running_(first_.get()),
      wires_(std::move(compiled.wires)),
      interlocks_(std::move(compiled.interlocks)),
      hardware_(compiled.hardware) {
  if (options_.guards != nullptr) guard_report_ = std::make_unique<guard::Report>(*options_.guards);
}

Session::~Session() {
  // The engine may wait for the Reporter, so that has to go on until the engine has ended.
  if (first_ != nullptr) return;
  domain_.stop();
  domain_.join();
}

void Session::enter() {
  privileges_ = domain_.enter();
  std::ranges::copy(supervision_.privileges(), std::back_inserter(privileges_));
}

void Session::start() {
  supervision_.prepare(*first_, specification_);
  devices_.open(*first_);
  if (options_.resumption != nullptr) options_.resumption->verify(*first_);
  for (std::unique_ptr<Sink>& sink : make_recordings(specification_, *first_->layout)) {
    recordings_.push_back(sink->name());
    reporter_.add_sink(std::move(sink));
  }
  supervision_.recordings(recordings_);
  reporter_.add_layout(first_->layout);
  supervision_.watch_computer(specification_.watchdog);
  reporter_.start();
  if (!domain_.engine().offer(first_) || !domain_.engine().command(EngineCommand::start)) {
    throw std::runtime_error("the engine did not take its first program");
  }
  domain_.start();
}

bool Session::ticks() const {
  if (specification_.heartbeat.virtual_time) return true;
  const Pulse& pulse = domain_.engine().pulse();
  const std::int64_t limit = StallWatch::limit_for(specification_.heartbeat.period.times(1));
  return pulse.ticks() != 0 && monotonic_ns() - pulse.tick_ns() < limit;
}

void Session::stop() {
  if (!ended() && status().state() == EngineState::fault) in_fault_at_end_ = true;
  domain_.stop();
}

void Session::finish() {
  domain_.join();
  reporter_.stop();
  devices_.keep(nullptr);
}

bool Session::failed() const { return in_fault_at_end_ || domain_.engine().outcome() == Outcome::failed; }

std::vector<std::string> Session::problems() const {
  std::vector<std::string> all = devices_.problems();
  if (const std::string recording = reporter_.failed(); !recording.empty()) all.push_back(recording);
  return all;
}

// ---- What may be asked of a run.

void Session::set(const std::vector<std::string>& assignments, Interlocks interlocks) {
  check_free();
  Findings findings;
  Node tree = specification_.tree;
  std::set<std::string> set = options_.set;
  for (const std::string& assignment : assignments) {
    tree = with_assignment(tree, assignment, findings);
    set.insert(name_of(assignment));
  }
  std::optional<Specification> next;
  if (!findings.has_errors()) next = read_specification(tree, specification_.file, findings);
  if (next) next->text = to_yaml(tree);
  change(std::move(next), std::move(set), interlocks, std::move(findings));
}

void Session::swap(const std::string& file, Interlocks interlocks) {
  check_free();
  Findings findings;
  std::optional<Specification> next = load_specification(file, options_.assignments, findings);
  change(std::move(next), {}, interlocks, std::move(findings));
}

void Session::change(std::optional<Specification> next, std::set<std::string> set, Interlocks interlocks,
                     Findings findings) {
  std::optional<Compiled> compiled;
  if (next) {
    check_fixed(*next, findings);
    compiled = compile(*next, library_, findings, {.running = running_, .number = ++programs_});
  }
  if (compiled && interlocks == Interlocks::stay) check_interlocks(*next, compiled->interlocks, findings);
  if (!compiled || findings.has_errors())
    throw Refused(Refusal::input, "nothing was changed", std::move(findings));
  check_supervision(*next, *compiled);
  if (compiled->hardware && !hardware_ && !status().inhibited() && !options_.arm) {
    throw Refused(Refusal::state,
                  "this would make hardware outputs live: inhibit the run first, and arm it afterwards");
  }
  make_ready(*compiled->program, *next);
  UnderWay under_way{.kind = EventKind::swap,
                     .program = compiled->program->number(),
                     .next = compiled->program.get(),
                     .specification = std::move(next),
                     .wires = std::move(compiled->wires),
                     .interlocks = std::move(compiled->interlocks),
                     .hardware = compiled->hardware,
                     .set = std::move(set)};
  reporter_.add_layout(compiled->program->layout);
  under_way.since = reporter_.counts().events;
  if (!domain_.engine().offer(compiled->program)) {
    devices_.keep(running_);
    supervision_.withdrawn(under_way.program);
    throw Refused(Refusal::state,
                  "the engine does not take the program: its beats are too large for the recorder");
  }
  begin(std::move(under_way));
}

/// Opens what a program needs, and sees to it that its outputs are made safe whatever happens to this
/// process.
void Session::make_ready(const Program& program, const Specification& specification) {
  try {
    devices_.open(program);
    supervision_.prepare(program, specification);
  } catch (const DeviceError& error) {
    throw Refused(Refusal::input, error.what());
  } catch (const SupervisorError& error) {
    devices_.keep(running_);
    throw Refused(Refusal::state, error.what());
  }
}

void Session::check_supervision(const Specification& next, const Compiled& compiled) const {
  if (supervision_.present() || !wants_supervisor(next.heartbeat, compiled.hardware)) return;
  throw Refused(
      Refusal::state,
      "this needs a supervisor, which has to be there from the beginning of the run: stop it first");
}

/// What a run has taken hold of at its beginning stays as it is.
void Session::check_fixed(const Specification& next, Findings& findings) const {
  const HeartbeatSpecification& before = specification_.heartbeat;
  const HeartbeatSpecification& after = next.heartbeat;
  const auto refuse = [&](const Position& position, const char* what) {
    findings.error(position,
                   std::string("`") + what + "` would change while the experiment runs: stop it first");
  };
  if (before.virtual_time != after.virtual_time) refuse(after.position, "clock");
  if (before.spin != after.spin) refuse(after.position, "wait");
  if (before.overrun != after.overrun) refuse(after.overrun_position, "overrun");
  if (before.core != after.core) refuse(after.position, "core");
  if (before.priority != after.priority) refuse(after.position, "priority");
  if (before.supervisor != after.supervisor) refuse(after.position, "supervisor");
  const auto watchdog = [](const Specification& each) {
    return each.watchdog.value_or(WatchdogSpecification{});
  };
  if (!watchdog(specification_).same_device(watchdog(next)))
    refuse(watchdog(next).device ? watchdog(next).device->position : Position{next.file}, "watchdog.device");
  if (specification_.timing != next.timing) refuse({next.file}, "timing");
  if (!std::ranges::equal(specification_.chains, next.chains, &ChainSpecification::same_run)) {
    refuse(next.chains.empty() ? Position{next.file} : next.chains.front().position, "chains");
  }
  if (!same_recordings(specification_, next)) {
    refuse(next.report ? next.report->position : Position{next.file}, "report");
  }
}

/// What protects stays, unless the user says that it may go.
void Session::check_interlocks(const Specification& next, const std::vector<CompiledInterlock>& interlocks,
                               Findings& findings) const {
  for (const CompiledInterlock& before : interlocks_) {
    const std::string& name = before.policy.name;
    const auto after = std::ranges::find_if(
        interlocks, [&](const CompiledInterlock& each) { return each.policy.name == name; });
    if (after != interlocks.end() && after->same(before)) continue;
    const ComponentSpecification* const where = next.component(name);
    findings.error(where != nullptr ? where->position : Position{next.file},
                   "the interlock " + name + " would " + (after == interlocks.end() ? "go" : "change") +
                       ": that needs `--allow-interlock-change`");
  }
}

void Session::command(EngineCommand command, const std::string& name) {
  check_free();
  const EngineState state = status().state();
  const auto needs = [&](EngineState needed) {
    if (state != needed) {
      throw Refused(Refusal::state, std::string("the run is in the state ") + to_string(state) + ", `" +
                                        to_string(command) + "` is for the state " + to_string(needed));
    }
  };
  if (command == EngineCommand::user) require_command(*running_, name);
  if (command == EngineCommand::mode) require_mode(*running_, name);
  if (command == EngineCommand::user || command == EngineCommand::mode) needs(EngineState::running);
  if (name.size() > EngineRequest::longest)
    throw Refused(Refusal::input, "`" + name + "` is longer than a command can be, " +
                                      std::to_string(EngineRequest::longest) + " letters");
  if (command == EngineCommand::pause) needs(EngineState::running);
  if (command == EngineCommand::resume) needs(EngineState::paused);
  if (command == EngineCommand::reset) needs(EngineState::fault);
  if (command == EngineCommand::trip && state != EngineState::paused) needs(EngineState::running);
  if (command == EngineCommand::reset && supervisor_lost_) {
    throw Refused(Refusal::state, "the supervisor is gone, and outputs stay safe without one: stop the run");
  }
  UnderWay under_way{.kind = EventKind::command,
                     .text = to_string(command),
                     .name = name,
                     .since = reporter_.counts().events};
  if (!domain_.engine().command(command, name)) {
    throw Refused(Refusal::state, "too many commands wait for a beat");
  }
  begin(std::move(under_way));
}

bool Session::lose_supervisor() {
  if (supervisor_lost_ && !engine_knows_)
    engine_knows_ = domain_.engine().command(EngineCommand::unsupervised);
  if (supervisor_lost_ || !supervision_.gone()) return false;
  supervisor_lost_ = true;
  engine_knows_ = domain_.engine().command(EngineCommand::unsupervised);
  return true;
}

void Session::check_free() const {
  if (busy()) throw Refused(Refusal::state, "another change is under way");
  if (ended()) throw Refused(Refusal::ended, "the run has ended");
}

void Session::begin(UnderWay under_way) {
  under_way.deadline = Clock::now() + patience(specification_);
  under_way_ = std::move(under_way);
}

std::optional<Effect> Session::poll() {
  if (!under_way_) return std::nullopt;
  if (const auto event = event_of(*under_way_))
    return conclude(*std::exchange(under_way_, std::nullopt), &*event);
  if (ended() || Clock::now() >= under_way_->deadline) return give_up();
  return std::nullopt;
}

std::optional<EngineEvent> Session::event_of(const UnderWay& under_way) const {
  const auto is_it = [&](const EngineEvent& event) {
    if (event.kind != under_way.kind) return false;
    return event.kind == EventKind::swap ? event.value == static_cast<double>(under_way.program)
                                         : under_way.text == event.text && is_named(event, under_way.name);
  };
  return reporter_.wait_for(is_it, std::chrono::nanoseconds(0), under_way.since);
}

/// No beat has told of it in time: takes it back, unless it has taken effect all the same.
std::optional<Effect> Session::give_up() {
  UnderWay under_way = *std::exchange(under_way_, std::nullopt);
  const bool is_swap = under_way.kind == EventKind::swap;
  if (is_swap && domain_.engine().withdraw() == nullptr) return conclude(std::move(under_way), nullptr);
  if (is_swap) {
    devices_.keep(running_);
    supervision_.withdrawn(under_way.program);
  }
  if (ended()) throw Refused(Refusal::ended, "the run ended before");
  throw Refused(Refusal::time_out, is_swap ? "no beat came in time: the change was taken back"
                                           : "no beat came in time: it will act at the next one");
}

Effect Session::conclude(UnderWay done, const EngineEvent* event) {
  if (done.kind == EventKind::swap) {
    running_ = done.next;
    specification_ = std::move(*done.specification);
    wires_ = std::move(done.wires);
    interlocks_ = std::move(done.interlocks);
    hardware_ = done.hardware;
    options_.set = std::move(done.set);
    devices_.keep(running_);
    supervision_.effective(running_->number());
    while (domain_.engine().reclaim() != nullptr) {
    }
  }
  // The event may have been dropped by a full fifo: then it was at the present beat or shortly before.
  const Effect now{status().beat(), status().time_ns(), running_->number()};
  return event != nullptr ? Effect{event->beat, event->time_ns, running_->number()} : now;
}

}  // namespace tactus
