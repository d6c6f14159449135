#include "app/cli/modes_text.hpp"

#include <fmt/format.h>

#include "app/cli/text.hpp"
#include "interpreter/words.hpp"

namespace tactus::cli {

using nlohmann::json;

namespace {

json mode_json(const ModeSpecification& mode) {
  json result{{"mode", mode.name},         {"active", json::array()}, {"set", json::array()},
              {"connect", json::object()}, {"safe", json::array()},   {"go", json::array()}};
  for (const Word& active : mode.active) result["active"].push_back(active.text);
  for (const ModeSpecification::Setting& setting : mode.set)
    result["set"].push_back(setting.component + "." + setting.parameter.name);
  for (const ModeSpecification::Connection& wire : mode.connect)
    result["connect"][wire.component + "." + wire.connection.input] = wire.connection.signal.text;
  for (const Word& output : mode.safe_outputs) result["safe"].push_back(output.text);
  for (const ModeSpecification::Transition& transition : mode.transitions)
    result["go"].push_back({{"to", transition.target.text}, {"when", transition.cause}});
  return result;
}

std::string meaning_of(const json& mode) {
  std::vector<std::string> parts;
  const auto list = [&](const char* what, const json& words) {
    if (!words.empty()) parts.push_back(what + join(words.get<std::vector<std::string>>()));
  };
  list("active ", mode.at("active"));
  list("sets ", mode.at("set"));
  for (const auto& [input, signal] : mode.at("connect").items())
    parts.push_back(input + " reads " + value_text(signal));
  list("safe ", mode.at("safe"));
  return join(parts, "; ");
}

}  // namespace

json modes_of(const Specification& specification) {
  json regions = json::array();
  for (const ComponentSpecification& component : specification.components) {
    if (!component.region) continue;
    json modes = json::array();
    for (const ModeSpecification& mode : component.region->modes) modes.push_back(mode_json(mode));
    regions.push_back({{"region", component.name},
                       {"initial", component.region->modes[component.region->initial].name},
                       {"modes", std::move(modes)}});
  }
  return regions;
}

std::string modes_summary(const json& modes) {
  std::vector<std::vector<std::string>> rows;
  for (const json& region : modes) {
    for (const json& mode : region.at("modes")) {
      std::vector<std::string> ways;
      for (const json& way : mode.at("go"))
        ways.push_back(value_text(way.at("to")) + ": " + value_text(way.at("when")));
      const bool is_initial = mode.at("mode") == region.at("initial");
      rows.push_back({"  " + value_text(region.at("region")) + "." + value_text(mode.at("mode")),
                      is_initial ? "initial" : "", meaning_of(mode),
                      ways.empty() ? "" : "goes to " + join(ways, "; ")});
    }
  }
  return rows.empty() ? "" : table(rows);
}

}  // namespace tactus::cli
