#include "interpreter/describe.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "components/component.hpp"
#include "interpreter/number.hpp"
#include "interpreter/plugin_library.hpp"

namespace tactus {
namespace {

using nlohmann::json;

const char* type_name(const ParameterDescription& about) {
  if (!about.choices.empty()) return "choice";
  constexpr const char* names[] = {"number", "integer", "boolean", "text", "list of numbers"};
  return names[about.type.index()];
}

/// JSON has no infinity: what has no bound has no member.
void put_bound(json& object, const char* name, double value) {
  if (std::isfinite(value)) object[name] = value;
}

json value_of(const ParameterDescription& about, const Value& value) {
  if (!about.choices.empty())
    return about.choices.at(static_cast<std::size_t>(std::get<std::int64_t>(value)));
  if (const double* number = std::get_if<double>(&value); number != nullptr && !std::isfinite(*number))
    return std::isnan(*number) ? ".nan" : *number > 0 ? ".inf" : "-.inf";
  return std::visit([](const auto& held) { return json(held); }, value);
}

json describe(const ParameterDescription& about) {
  json result{{"name", about.name}, {"type", type_name(about)}, {"description", about.description}};
  const bool has_unit = about.type.index() == 0 || about.type.index() == 4;
  if (has_unit) result["unit"] = about.unit;
  if (about.quantity == Quantity::difference) result["difference"] = true;
  if (about.initial) result["default"] = value_of(about, *about.initial);
  result["required"] = !about.initial.has_value();
  put_bound(result, "min", about.min);
  put_bound(result, "max", about.max);
  if (!about.choices.empty()) result["choices"] = about.choices;
  return result;
}

json describe(const PortDescription& about) {
  json result{{"name", about.name}, {"unit", about.unit}, {"description", about.description}};
  if (about.otherwise) result["otherwise"] = *about.otherwise;
  return result;
}

/// Columns of text, each as wide as it must be.
std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string plain(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? number_text(value.get<double>()) : value.dump();
}

std::string bounds(const json& parameter) {
  const bool has_min = parameter.contains("min");
  const bool has_max = parameter.contains("max");
  if (has_min && has_max) return plain(parameter["min"]) + " to " + plain(parameter["max"]);
  if (has_min) return "from " + plain(parameter["min"]);
  return has_max ? "up to " + plain(parameter["max"]) : "";
}

std::string parameter_range(const json& parameter) {
  if (!parameter.contains("choices")) return bounds(parameter);
  std::string words;
  for (const json& word : parameter["choices"]) words += (words.empty() ? "" : "|") + word.get<std::string>();
  return words;
}

std::string ports_as_text(const json& ports) {
  std::vector<std::vector<std::string>> rows;
  for (const json& port : ports) {
    const std::string otherwise = port.contains("otherwise") ? "otherwise " + plain(port["otherwise"]) : "";
    rows.push_back({plain(port["name"]), plain(port["unit"]), otherwise, plain(port["description"])});
  }
  return table(rows);
}

}  // namespace

json describe(const PluginEntry& plugin) {
  const std::unique_ptr<Configurable> instance = PluginLibrary::create(plugin);
  json result{{"name", plugin.name}, {"kind", to_string(plugin.kind)}, {"description", plugin.description}};
  if (plugin.kind != PluginKind::device) {
    const auto& component = static_cast<const Component&>(*instance);
    result["inputs"] = json::array();
    for (const Input* port : component.inputs()) result["inputs"].push_back(describe(port->description()));
    result["outputs"] = json::array();
    for (const Output* port : component.outputs()) result["outputs"].push_back(describe(port->description()));
  }
  result["parameters"] = json::array();
  for (const ParameterBase* parameter : instance->parameters())
    result["parameters"].push_back(describe(parameter->description()));
  return result;
}

std::string describe_as_text(const json& description) {
  std::string text = plain(description["name"]) + " (" + plain(description["kind"]) +
                     "): " + plain(description["description"]) + "\n";
  for (const char* ports : {"inputs", "outputs"}) {
    if (description.contains(ports) && !description[ports].empty())
      text += std::string(ports) + ":\n" + ports_as_text(description[ports]);
  }
  std::vector<std::vector<std::string>> rows;
  for (const json& parameter : description["parameters"]) {
    const std::string initial =
        parameter.contains("default") ? "default " + plain(parameter["default"]) : "required";
    const std::string unit = parameter.contains("unit") ? plain(parameter["unit"]) : plain(parameter["type"]);
    rows.push_back({plain(parameter["name"]), unit, initial, parameter_range(parameter),
                    plain(parameter["description"])});
  }
  return rows.empty() ? text : text + "parameters:\n" + table(rows);
}

}  // namespace tactus
