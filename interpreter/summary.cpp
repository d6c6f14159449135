#include "interpreter/summary.hpp"

#include <map>
#include <set>
#include <vector>

#include "interpreter/exact_time.hpp"
#include "interpreter/number.hpp"

namespace tactus {
namespace {

using nlohmann::json;

/// Who reads whom, for walks from the outputs back.
class Needs {
 public:
  explicit Needs(const std::vector<CompiledWire>& wires) {
    for (const CompiledWire& wire : wires) {
      sources_[wire.component + "." + wire.input].push_back(component_of(wire.from));
      of_component_[wire.component].push_back(component_of(wire.from));
    }
  }

  /// All components that the input depends on, however far back.
  std::set<std::string> of_input(const std::string& input) const {
    std::set<std::string> result;
    std::vector<std::string> open = at(sources_, input);
    while (!open.empty()) {
      const std::string component = open.back();
      open.pop_back();
      if (!result.insert(component).second) continue;
      for (const std::string& next : at(of_component_, component)) open.push_back(next);
    }
    return result;
  }

 private:
  using Lists = std::map<std::string, std::vector<std::string>>;
  static std::string component_of(const std::string& signal) { return signal.substr(0, signal.find('.')); }
  static std::vector<std::string> at(const Lists& lists, const std::string& key) {
    const auto found = lists.find(key);
    return found != lists.end() ? found->second : std::vector<std::string>();
  }
  Lists sources_;
  Lists of_component_;
};

json beat_of(const ProgramLayout& layout) {
  json beat = json::array();
  for (const ComponentLayout& component : layout.components) {
    json signals = json::array();
    for (const SignalLayout& signal : component.signals)
      signals.push_back({{"name", signal.name}, {"unit", signal.unit}});
    const Schedule& schedule = layout.rates[component.rate];
    beat.push_back({{"component", component.component},
                    {"plugin", component.plugin},
                    {"kind", to_string(component.kind)},
                    {"every", schedule.every},
                    {"offset", schedule.offset},
                    {"signals", std::move(signals)}});
  }
  return beat;
}

json wiring_of(const std::vector<CompiledWire>& wires) {
  json wiring = json::array();
  for (const CompiledWire& wire : wires) {
    wiring.push_back({{"from", wire.from},
                      {"to", wire.component + "." + wire.input},
                      {"from_unit", wire.from_unit},
                      {"unit", wire.unit},
                      {"delay", wire.last_beat ? 1 : wire.delay}});
  }
  return wiring;
}

std::string words(const json& list) {
  std::string text;
  for (const json& word : list) text += (text.empty() ? "" : ", ") + word.get<std::string>();
  return text.empty() ? "nothing" : text;
}

std::string schedule_text(const json& step) {
  if (step["every"] == 1) return "every beat";
  return "every " + step["every"].dump() + " beats" +
         (step["offset"] == 0 ? "" : " from beat " + step["offset"].dump());
}

std::string wire_text(const json& wire) {
  std::string text = "  " + wire["from"].get<std::string>() + " -> " + wire["to"].get<std::string>();
  const std::string from = wire["from_unit"];
  const std::string to = wire["unit"];
  text += " [" + from + (from == to ? "" : " to " + to) + "]";
  const std::size_t delay = wire["delay"];
  if (delay > 0) text += delay == 1 ? ", one beat old" : ", " + std::to_string(delay) + " beats old";
  return text + "\n";
}

}  // namespace

json summarize(const Specification& specification, const Compiled& compiled) {
  const Needs needs(compiled.wires);
  json outputs = json::array();
  std::set<std::string> needed;
  for (const CompiledOutput& output : compiled.outputs) {
    const std::set<std::string> components = needs.of_input(output.signal);
    needed.insert(components.begin(), components.end());
    needed.insert(output.signal.substr(0, output.signal.find('.')));
    json safe = nullptr;
    if (output.safe_hold)
      safe = "hold";
    else if (output.safe_given)
      safe = number_text(output.safe) + " " + output.unit;
    outputs.push_back({{"signal", output.signal},
                       {"device", output.device},
                       {"channel", output.channel},
                       {"hardware", output.hardware},
                       {"safe", safe},
                       {"needs", components}});
  }
  json unneeded = json::array();
  for (const ComponentSpecification& component : specification.components) {
    if (!needed.contains(component.name)) unneeded.push_back(component.name);
  }
  json unsafe = json::array();  // a held value is not made safe by anybody
  for (const CompiledOutput& output : compiled.outputs) {
    if (!output.safe_given || output.safe_hold) unsafe.push_back(output.signal);
  }
  const HeartbeatSpecification& heartbeat = specification.heartbeat;
  return {{"name", specification.name},
          {"period", to_string(heartbeat.period)},
          {"period_ns", {heartbeat.period.numerator, heartbeat.period.denominator}},
          {"clock", heartbeat.virtual_time ? "virtual" : "real"},
          {"beat", beat_of(*compiled.program->layout)},
          {"wiring", wiring_of(compiled.wires)},
          {"outputs", std::move(outputs)},
          {"unneeded", std::move(unneeded)},
          {"not_made_safe", std::move(unsafe)}};
}

std::string summary_as_text(const json& summary) {
  std::string text = summary["name"].get<std::string>() + ": a beat every " +
                     summary["period"].get<std::string>() + ", " + summary["clock"].get<std::string>() +
                     " time\n\nthe beat, in this order:\n";
  for (const json& step : summary["beat"]) {
    const std::string kind = step["kind"];
    const std::string plugin = step["plugin"];
    text += "  " + step["component"].get<std::string>() + " (" + kind + (plugin == kind ? "" : " " + plugin) +
            "), " + schedule_text(step) + "\n";
  }
  text += "\nthe wiring:\n";
  for (const json& wire : summary["wiring"]) text += wire_text(wire);
  text += summary["outputs"].empty() ? "\nthere are no outputs\n" : "\nthe outputs:\n";
  for (const json& output : summary["outputs"]) {
    text += "  " + output["signal"].get<std::string>() + " at " + output["device"].get<std::string>() + " " +
            output["channel"].get<std::string>() +
            ", safe: " + (output["safe"].is_null() ? "not given" : output["safe"].get<std::string>()) +
            ", needs " + words(output["needs"]) + "\n";
  }
  text += "\nno output needs: " + words(summary["unneeded"]) + "\n";
  text += "nothing makes safe: " + words(summary["not_made_safe"]) + "\n";
  return text;
}

}  // namespace tactus
