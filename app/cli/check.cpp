#include "app/cli/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "app/cli/exit_status.hpp"
#include "app/cli/graph.hpp"
#include "app/cli/modes_text.hpp"
#include "app/cli/text.hpp"
#include "app/session/supervision.hpp"
#include "interpreter/compiler.hpp"
#include "interpreter/exact_time.hpp"
#include "interpreter/watchdog.hpp"
#include "interpreter/words.hpp"

namespace tactus::cli {
namespace {

using nlohmann::json;

/// The components that an output needs, itself included: the wiring walked from the output back.
std::set<std::string> needs_of(const std::string& component, const Compiled& compiled) {
  std::set<std::string> needed;
  std::vector<std::string> open{component};
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    if (!needed.insert(next).second) continue;
    for (const CompiledWire& wire : compiled.wires) {
      if (wire.component == next) open.push_back(wire.from.substr(0, wire.from.find('.')));
    }
  }
  return needed;
}

json order_of(const Specification& specification, const Compiled& compiled) {
  const ProgramLayout& layout = *compiled.program->layout;
  json order = json::array();
  for (const ComponentLayout& component : layout.components) {
    if (specification.component(component.component) == nullptr) continue;  // a conversion of units
    json signals = json::array();
    for (const SignalLayout& signal : component.signals)
      signals.push_back({{"name", signal.name}, {"unit", signal.unit}});
    const Schedule& schedule = layout.rates[component.rate];
    order.push_back({{"component", component.component},
                     {"kind", to_string(component.kind)},
                     {"plugin", component.plugin},
                     {"every", schedule.every},
                     {"offset", schedule.offset},
                     {"chain", component.chain.empty() ? json(nullptr) : json(component.chain)},
                     {"signals", std::move(signals)}});
  }
  return order;
}

json wires_of(const Compiled& compiled) {
  json wires = json::array();
  for (const CompiledWire& wire : compiled.wires) {
    wires.push_back({{"input", wire.component + "." + wire.input},
                     {"from", wire.from},
                     {"from_unit", wire.from_unit},
                     {"unit", wire.unit},
                     {"delay", wire.delay},
                     {"last_beat", wire.last_beat},
                     {"turn", wire.turn},
                     {"mode", wire.mode.empty() ? json(nullptr) : json(wire.mode)}});
  }
  return wires;
}

json outputs_of(const Compiled& compiled) {
  json outputs = json::array();
  for (const CompiledOutput& output : compiled.outputs) {
    json safe = nullptr;  // nothing was said
    if (output.safe_hold) {
      safe = "hold";
    } else if (output.safe_given) {
      safe = output.safe;
    }
    const std::string component = output.signal.substr(0, output.signal.find('.'));
    outputs.push_back(
        {{"output", output.signal},
         {"device", output.device},
         {"channel", output.channel},
         {"unit", output.unit},
         {"hardware", output.hardware},
         {"safe", std::move(safe)},
         {"safe_slew", std::isfinite(output.safe_slew) ? json(output.safe_slew) : json(nullptr)},
         {"needs", needs_of(component, compiled)}});
  }
  return outputs;
}

/// Outputs of hardware that nothing makes safe when the run's process dies, each with the reason.
json unguarded_of(const Specification& specification, const Compiled& compiled) {
  json outputs = json::array();
  const bool supervised = wants_supervisor(specification.heartbeat, compiled.hardware);
  for (const CompiledOutput& output : compiled.outputs) {
    if (!output.hardware || output.safe_hold || (supervised && output.safe_writer)) continue;
    outputs.push_back({{"output", output.signal},
                       {"reason", supervised ? "its driver has no safe writer" : "there is no supervisor"}});
  }
  return outputs;
}

/// When state is saved, and how much that is; null: never.
json checkpoint_of(const Specification& specification, const Compiled& compiled) {
  if (!specification.report || !specification.report->checkpoint) return nullptr;
  const Schedule& schedule = *specification.report->checkpoint;
  return {{"every", schedule.every},
          {"offset", schedule.offset},
          {"numbers", compiled.program->layout->states.size()}};
}

json unneeded(const json& order, const json& outputs) {
  json names = json::array();
  for (const json& step : order) {
    if (step.at("kind") == to_string(PluginKind::region)) continue;  // it decides who is
    const bool is_needed = std::ranges::any_of(outputs, [&](const json& output) {
      const json& needs = output.at("needs");
      return std::ranges::find(needs, step.at("component")) != needs.end();
    });
    if (!is_needed) names.push_back(step.at("component"));
  }
  return names;
}

json watchdog_of(const Specification& specification) {
  if (!specification.watchdog) return nullptr;
  const WatchdogSpecification& watchdog = *specification.watchdog;
  json result{{"line", nullptr}, {"device", nullptr}};
  if (watchdog.has_line) {
    const ComponentSpecification& source = *specification.component(watchdog_source);
    const double toggle =
        specification.heartbeat.period.seconds() * static_cast<double>(source.schedule.every);
    result["line"] = {{"output", std::string(watchdog_actuator) + ".line"}, {"toggle", toggle}};
  }
  if (watchdog.device) {
    result["device"] = {{"path", watchdog.device->text},
                        {"timeout", watchdog.timeout_s},
                        {"opened", !specification.heartbeat.virtual_time}};
  }
  return result;
}

json result_of(const Specification& specification, const Compiled& compiled) {
  json order = order_of(specification, compiled);
  json outputs = outputs_of(compiled);
  json unused = unneeded(order, outputs);
  json safe_order = json::array();
  for (const Word& output : specification.safe_order) safe_order.push_back(output.text);
  return {{"name", specification.name},
          {"period", to_string(specification.heartbeat.period)},
          {"clock", specification.heartbeat.virtual_time ? "virtual" : "real"},
          {"order", std::move(order)},
          {"wires", wires_of(compiled)},
          {"outputs", std::move(outputs)},
          {"safe_order", std::move(safe_order)},
          {"modes", modes_of(specification)},
          {"unguarded", unguarded_of(specification, compiled)},
          {"watchdog", watchdog_of(specification)},
          {"checkpoint", checkpoint_of(specification, compiled)},
          {"needed_by_no_output", std::move(unused)}};
}

std::string watchdog_text(const json& watchdog) {
  std::string text;
  if (const json& line = watchdog.at("line"); !line.is_null()) {
    text += fmt::format("\n{} toggles every {} while there are beats\n", value_text(line.at("output")),
                        duration_text(line.at("toggle").get<double>() * 1e9));
  }
  const json& device = watchdog.at("device");
  if (device.is_null()) return text;
  if (!device.at("opened").get<bool>())
    return text + fmt::format("\n{} stays closed in virtual time\n", value_text(device.at("path")));
  return text + fmt::format("\n{} restarts the computer after {} s without a beat\n",
                            value_text(device.at("path")), value_text(device.at("timeout")));
}

std::string order_text(const json& order) {
  std::vector<std::vector<std::string>> rows;
  for (const json& step : order) {
    std::vector<std::string> signals;
    for (const json& signal : step.at("signals")) {
      signals.push_back(value_text(signal.at("name")) + " [" + value_text(signal.at("unit")) + "]");
    }
    const auto every = step.at("every").get<std::uint64_t>();
    std::string schedule = every == 1
                               ? "every beat"
                               : fmt::format("every {} beats from {}", every, value_text(step.at("offset")));
    if (!step.at("chain").is_null()) schedule += ", chain " + value_text(step.at("chain"));
    rows.push_back({"  " + value_text(step.at("component")), value_text(step.at("kind")),
                    value_text(step.at("plugin")), schedule, join(signals)});
  }
  return table(rows);
}

std::string wires_text(const json& wires) {
  std::vector<std::vector<std::string>> rows;
  for (const json& wire : wires) {
    std::vector<std::string> notes;
    if (wire.at("from_unit") != wire.at("unit"))
      notes.push_back(value_text(wire.at("from_unit")) + " to " + value_text(wire.at("unit")));
    if (wire.at("delay") != 0) notes.push_back(value_text(wire.at("delay")) + " beats old");
    if (wire.at("turn") != 0)
      notes.push_back("of the chain's turn before, " + value_text(wire.at("turn")) + " beats ago");
    if (wire.at("last_beat").get<bool>()) notes.emplace_back("of the beat before");
    if (!wire.at("mode").is_null()) notes.push_back("in the mode " + value_text(wire.at("mode")));
    rows.push_back(
        {"  " + value_text(wire.at("input")), "reads " + value_text(wire.at("from")), join(notes)});
  }
  return table(rows);
}

std::string outputs_text(const json& outputs) {
  std::vector<std::vector<std::string>> rows;
  for (const json& output : outputs) {
    const json& safe = output.at("safe");
    std::string safe_text = "nothing makes it safe";
    if (safe.is_string()) {
      safe_text = "safe: hold";
    } else if (!safe.is_null()) {
      safe_text = "safe: " + value_text(safe) + " " + value_text(output.at("unit"));
    }
    if (!output.at("safe_slew").is_null())
      safe_text +=
          ", " + value_text(output.at("safe_slew")) + " " + value_text(output.at("unit")) + " in a second";
    rows.push_back({"  " + value_text(output.at("output")),
                    value_text(output.at("device")) + "." + value_text(output.at("channel")), safe_text,
                    "needs " + join(output.at("needs").get<std::vector<std::string>>())});
  }
  return table(rows);
}

std::string text_of(const json& result) {
  std::string text = fmt::format("{}: a beat every {}, {} time\n\nthe beat, in its order\n{}",
                                 value_text(result.at("name")), value_text(result.at("period")),
                                 value_text(result.at("clock")), order_text(result.at("order")));
  if (!result.at("wires").empty()) text += "\ninputs\n" + wires_text(result.at("wires"));
  if (!result.at("outputs").empty()) text += "\noutputs\n" + outputs_text(result.at("outputs"));
  if (!result.at("modes").empty()) text += "\nmodes\n" + modes_summary(result.at("modes"));
  const auto first_safe = result.at("safe_order").get<std::vector<std::string>>();
  if (!first_safe.empty())
    text += "\nthey go safe in this order: " + join(first_safe) + ", then all others\n";
  if (!result.at("watchdog").is_null()) text += watchdog_text(result.at("watchdog"));
  for (const json& output : result.at("unguarded")) {
    text += "\nnothing makes " + value_text(output.at("output")) +
            " safe if the run's process dies: " + value_text(output.at("reason"));
  }
  if (!result.at("unguarded").empty()) text += "\n";
  if (const json& checkpoint = result.at("checkpoint"); !checkpoint.is_null())
    text += fmt::format("\nstate is saved every {} beats from {}: {} numbers\n",
                        value_text(checkpoint.at("every")), value_text(checkpoint.at("offset")),
                        value_text(checkpoint.at("numbers")));
  const auto unused = result.at("needed_by_no_output").get<std::vector<std::string>>();
  if (!unused.empty()) text += "\nneeded by no output: " + join(unused) + "\n";
  return text;
}

}  // namespace

int check(const CheckArguments& arguments) {
  Findings findings;
  const std::optional<Specification> specification =
      load_specification(arguments.file, arguments.set, findings);
  PluginLibrary library(PluginLibrary::search_path(arguments.plugin_path));
  std::optional<Compiled> compiled;
  if (specification) compiled = compile(*specification, library, findings);
  const bool is_good = compiled && !findings.has_errors();
  json result = is_good ? result_of(*specification, *compiled) : json::object();
  if (arguments.json) {
    result["ok"] = is_good;
    result["findings"] = findings.to_json();
    fmt::print("{}\n", result.dump(2, ' ', false, json::error_handler_t::replace));
  } else {
    std::fputs(findings.to_text().c_str(), stderr);
    if (is_good && arguments.graph == "wiring") {
      fmt::print("{}", wiring_graph(result));
    } else if (is_good && arguments.graph == "modes") {
      fmt::print("{}", modes_graph(result));
    } else if (is_good) {
      fmt::print("{}", text_of(result));
    }
  }
  return is_good ? done : input_wrong;
}

}  // namespace tactus::cli
