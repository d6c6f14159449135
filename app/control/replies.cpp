#include "app/control/replies.hpp"

#include <unistd.h>

#include <algorithm>
#include <ranges>
#include <set>

#include "app/session/modes.hpp"
#include "app/session/parameters.hpp"
#include "components/scanner/scanner.hpp"
#include "engine/time_stamp.hpp"
#include "interpreter/words.hpp"

namespace tactus::control {
namespace {

/// Percentiles in ns of what was entered in units of `unit_ns`; the largest one as exactly as it is known.
Json figures(const HistogramCounts& counts, double largest, double unit_ns) {
  // A percentile is exact to the width of a bucket; it must not exceed what is known better.
  const auto at = [&](double fraction) { return std::min(counts.percentile(fraction), largest) * unit_ns; };
  return {{"count", counts.total()},
          {"p50", at(0.5)},
          {"p99", at(0.99)},
          {"p99.9", at(0.999)},
          {"max", largest * unit_ns}};
}
Json figures(const Histogram& histogram, double unit_ns) {
  return figures(histogram.counts(), static_cast<double>(histogram.max()), unit_ns);
}

Json step_figures(const ProgramLayout& layout, double tick_ns) {
  Json steps = Json::array();
  for (const ComponentLayout& component : layout.components) {
    if (component.timing == nullptr) continue;
    const HistogramCounts counts = component.timing->counts();
    Json step = figures(counts, counts.percentile(1), tick_ns);
    step["component"] = component.component;
    step["plugin"] = component.plugin;
    steps.push_back(std::move(step));
  }
  return steps;
}

Json worst_beats(const ProgramLayout& layout, double tick_ns) {
  const auto ns = [&](std::uint64_t ticks) { return static_cast<double>(ticks) * tick_ns; };
  Json beats = Json::array();
  for (const WorstBeats::Entry& entry : layout.worst->snapshot()) {
    Json steps = Json::array();  // the first one is what came before the steps, the last one what came after
    for (std::size_t i = 0; i < layout.beat_components && i + 1 < entry.steps.size(); ++i) {
      steps.push_back({{"component", layout.components[i].component}, {"duration", ns(entry.steps[i + 1])}});
    }
    beats.push_back({{"beat", entry.beat},
                     {"latency", ns(entry.latency)},
                     {"duration", ns(entry.duration)},
                     {"steps", std::move(steps)}});
  }
  return beats;
}

/// What became of samples and requests, signal by signal.
Json input_counts(const Program& program) {
  Json inputs = Json::array();
  for (std::size_t i = 0; i < program.parts.size(); ++i) {
    const ComponentLayout& component = program.layout->components[i];
    if (component.kind != PluginKind::scanner) continue;
    const auto& scanner = static_cast<const Scanner&>(*program.parts[i].instance);
    for (std::size_t line = 0; line < scanner.lines(); ++line) {
      const InputCounters& counters = scanner.counters(line);
      inputs.push_back({{"signal", component.component + "." + component.signals[line].name},
                        {"outliers", counters.outliers.read()},
                        {"stuck", counters.stuck.read()},
                        {"held", counters.held.read()},
                        {"substituted", counters.substituted.read()},
                        {"bad", counters.bad.read()}});
    }
  }
  return inputs;
}

Json output_counts(const Program& program) {
  Json outputs = Json::array();
  for (std::size_t i = 0; i < program.parts.size(); ++i) {
    const ComponentLayout& component = program.layout->components[i];
    if (component.kind != PluginKind::actuator) continue;
    const auto& actuator = static_cast<const Actuator&>(*program.parts[i].instance);
    for (std::size_t line = 0; line < actuator.lines(); ++line) {
      const OutputCounters& counters = actuator.counters(line);
      outputs.push_back({{"signal", component.component + "." + program.parts[i].lines[line].signal},
                         {"limited", counters.limited.read()},
                         {"slewed", counters.slewed.read()},
                         {"made_safe", counters.made_safe.read()}});
    }
  }
  return outputs;
}

Json supervisor(const Session& session) {
  const RunSupervision& supervision = session.supervision();
  if (!supervision.present()) return nullptr;
  return {{"pid", supervision.pid()},
          {"alive", !session.supervisor_lost()},
          {"unguarded", supervision.unguarded()}};
}

Json privileges(const Session& session) {
  Json all = Json::array();
  for (const kernel::Privilege& privilege : session.privileges()) {
    Json entry{{"asked", privilege.asked}, {"granted", privilege.granted}};
    if (!privilege.granted) {
      entry["got"] = privilege.got;
      entry["remedy"] = privilege.remedy;
    }
    all.push_back(std::move(entry));
  }
  return all;
}

/// What the guards found; null: there are none.
Json guard_reply(const Session& session) {
  guard::Report* const report = session.guard_report();
  if (report == nullptr) return nullptr;
  Json findings = Json::array();
  for (const guard::Finding& finding : report->findings()) {
    findings.push_back({{"kind", finding.kind},
                        {"what", finding.what},
                        {"component", finding.component},
                        {"beat", finding.beat},
                        {"count", finding.count},
                        {"caller", finding.caller},
                        {"text", to_text(finding)}});
  }
  return {{"findings", std::move(findings)},
          {"untold", report->guards().untold()},
          {"missing", report->guards().missing()},
          {"memory_locked", report->guards().memory_is_locked()}};
}

/// Chooses what was asked for, and knows in the end what nobody had.
class Choice {
 public:
  explicit Choice(const std::vector<std::string>& names)
      : missing_(names.begin(), names.end()), wanted_(missing_) {}

  bool takes(const std::string& name) {
    known_.push_back(name);
    if (wanted_.empty()) return true;
    bool is_wanted = false;
    for (const std::string& wanted : wanted_) {
      if (name != wanted && !name.starts_with(wanted + ".")) continue;
      missing_.erase(wanted);
      is_wanted = true;
    }
    return is_wanted;
  }
  void check() const {
    if (missing_.empty()) return;
    const std::string& name = *missing_.begin();
    throw Refused(Refusal::input, "there is no parameter or signal `" + name + "`" + hint(name, known_));
  }

 private:
  std::set<std::string> missing_;
  const std::set<std::string> wanted_;
  std::vector<std::string> known_;
};

}  // namespace

Json last_fault(const Session& session) {
  const std::vector<EngineEvent> events = session.reporter().recent_events();
  const auto found = std::ranges::find(events.rbegin(), events.rend(), EventKind::fault, &EngineEvent::kind);
  if (found == events.rend()) return nullptr;
  return {{"beat", found->beat},     {"time_ns", found->time_ns}, {"component", found->component},
          {"signal", found->signal}, {"reason", found->text},     {"value", number_json(found->value)}};
}

Json last_interlock(const Session& session) {
  const std::vector<EngineEvent> events = session.reporter().recent_events();
  const auto found =
      std::ranges::find(events.rbegin(), events.rend(), EventKind::interlock, &EngineEvent::kind);
  if (found == events.rend()) return nullptr;
  return {{"beat", found->beat}, {"interlock", found->component}, {"tripped", found->value != 0}};
}

Json modes_reply(const Session& session) {
  Json modes = Json::array();
  for (const ModeInForce& now : modes_in_force(session.reporter().latest()))
    modes.push_back({{"region", now.region}, {"mode", now.mode}, {"elapsed", now.elapsed}});
  return modes;
}

Json status_reply(const Session& session) {
  const EngineStatus& status = session.status();
  const ProgramLayout& layout = *session.program().layout;
  const SessionOptions& options = session.options();
  const double tick_ns = ns_per_tick();
  const Reporter& reporter = session.reporter();
  const ReporterCounts counts = reporter.counts();
  Json reply{
      {"name", options.name},
      {"file", session.specification().file},
      {"pid", getpid()},
      {"clock", session.specification().heartbeat.virtual_time ? "virtual" : "real"},
      {"period", layout.period.seconds()},
      {"state", to_string(status.state())},
      {"program", status.program()},
      {"beat", status.beat()},
      {"time_ns", status.time_ns()},
      {"beats_run", status.beats_run()},
      {"overruns", status.overruns()},
      {"beats_missed", status.beats_missed()},
      {"chain_turns_missed", status.chain_turns_missed()},
      {"drops",
       {{"beats", session.record_drops()}, {"events", session.event_drops() + status.announcements_lost()}}},
      {"swaps", status.swaps() - std::min<std::uint64_t>(status.swaps(), 1)},  // the first one began the run
      {"faults", status.faults()},
      {"last_fault", last_fault(session)},
      {"last_interlock", last_interlock(session)},
      {"safe_writes_failed", status.safe_writes_failed()},
      {"inhibited", status.inhibited()},
      {"modes", modes_reply(session)},
      {"latency_ns", figures(status.latency, 1)},
      {"duration_ns", figures(status.duration, tick_ns)},
      {"exchange_ns", figures(status.exchange, tick_ns)},
      {"inputs", input_counts(session.program())},
      {"outputs", output_counts(session.program())},
      {"steps_ns", step_figures(layout, tick_ns)},
      {"worst_beats_ns", worst_beats(layout, tick_ns)},
      {"privileges", privileges(session)},
      {"guard", guard_reply(session)},
      {"supervisor", supervisor(session)},
      {"recordings", session.recordings()},
      {"recorded",
       {{"beats", counts.beats}, {"events", counts.events}, {"beats_unwritten", counts.beats_unwritten}}},
      {"recording_problem", reporter.failed()}};
  reply["beats"] = options.beats != 0 ? Json(options.beats) : Json(nullptr);
  return reply;
}

Json values_reply(const Session& session, const std::vector<std::string>& names) {
  Choice choice(names);
  Json parameters = Json::array();
  for (ParameterInForce& parameter : parameters_in_force(session)) {
    if (!choice.takes(parameter.name)) continue;
    parameters.push_back({{"name", std::move(parameter.name)},
                          {"value", std::move(parameter.value)},
                          {"unit", std::move(parameter.unit)},
                          {"from", parameter.from}});
  }
  Json reply = Json::object();
  Json signals = Json::array();
  const std::optional<LatestBeat> latest = session.reporter().latest();
  const ProgramLayout& layout = latest ? *latest->layout : *session.program().layout;
  for (const ComponentLayout& component : layout.components) {
    for (std::size_t i = 0; i < component.signals.size(); ++i) {
      const std::string name = component.component + "." + component.signals[i].name;
      if (!choice.takes(name) || !latest) continue;
      const double value = latest->values[component.first + i];
      const std::vector<std::string>& labels = component.signals[i].labels;
      signals.push_back(
          {{"name", name},
           {"value", labels.empty() ? number_json(value) : Json(labels.at(static_cast<std::size_t>(value)))},
           {"unit", component.signals[i].unit},
           {"status", to_string(latest->statuses[component.first + i])}});
    }
  }
  choice.check();
  reply["parameters"] = std::move(parameters);
  reply["signals"] = std::move(signals);
  reply["beat"] = latest ? Json(latest->beat) : Json(nullptr);
  reply["time_ns"] = latest ? Json(latest->time_ns) : Json(nullptr);
  return reply;
}

}  // namespace tactus::control
