#include "interpreter/parameters.hpp"

#include <algorithm>
#include <cmath>

#include "interpreter/number.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

std::string range_text(const ParameterDescription& about, const std::string& unit) {
  const std::string suffix = unit == "1" ? "" : " " + unit;
  const std::string low = number_text(about.min) + suffix;
  const std::string high = number_text(about.max) + suffix;
  if (std::isinf(about.max)) return "at least " + low;
  if (std::isinf(about.min)) return "at most " + high;
  return low + " to " + high;
}

}  // namespace

std::nullopt_t ParameterFiller::refuse(const Node& node, const std::string& text) {
  findings_.error(node.position(), text);
  return std::nullopt;
}

Settings ParameterFiller::fill(const std::vector<ParameterSpecification>& given,
                               const schema::Section& section, const UnitResolver& units) {
  check_names(given, section);
  Settings settings = instance_.make_settings();
  for (std::size_t i = 0; i < instance_.parameters().size(); ++i) {
    const ParameterDescription& about = instance_.parameters()[i]->description();
    const auto found = std::ranges::find(given, about.name, &ParameterSpecification::name);
    if (found != given.end()) {
      if (auto read = value(about, found->value, units)) settings.values[i] = std::move(*read);
    } else if (!about.initial) {
      const std::string unit =
          std::holds_alternative<double>(about.type) ? units(about.unit).unit.text() : "1";
      findings_.error(position_, what_ + " lacks the parameter `" + about.name + "`" +
                                     (unit == "1" ? "" : " in " + unit) + ": " + about.description);
    }
  }
  return settings;
}

void ParameterFiller::check_names(const std::vector<ParameterSpecification>& given,
                                  const schema::Section& section) {
  std::vector<std::string> known = section.words();
  for (const ParameterBase* parameter : instance_.parameters()) {
    const std::string& name = parameter->description().name;
    if (section.find(name) != nullptr)
      findings_.error(position_, "the plug-in of " + what_ + " declares a parameter `" + name +
                                     "`, which is a word of this format: the plug-in must name it otherwise");
    known.push_back(name);
  }
  for (const ParameterSpecification& parameter : given) {
    if (std::ranges::find(known, parameter.name) == known.end())
      findings_.error(parameter.position,
                      what_ + " has no parameter `" + parameter.name + "`" + hint(parameter.name, known));
  }
}

std::optional<Value> ParameterFiller::value(const ParameterDescription& about, const Node& node,
                                            const UnitResolver& units) {
  if (std::holds_alternative<std::vector<double>>(about.type)) return list(about, node, units);
  if (!node.is_scalar())
    return refuse(node, name_of(about) + " must be one value, this is " + node.kind_name());
  if (!about.choices.empty()) return choice(about, node);
  if (std::holds_alternative<double>(about.type)) return number(about, node, units);
  if (std::holds_alternative<std::int64_t>(about.type)) return integer(about, node);
  if (std::holds_alternative<bool>(about.type)) {
    if (const auto truth = node.boolean()) return Value(*truth);
    return refuse(node, name_of(about) + " must be true or false, this is `" + node.text() + "`");
  }
  return Value(node.text());
}

std::optional<Value> ParameterFiller::number(const ParameterDescription& about, const Node& node,
                                             const UnitResolver& units) {
  const ResolvedUnit resolved = units(about.unit);
  if (!resolved.is_known) {
    quantities_.literal(node, name_of(about));
    return std::nullopt;
  }
  const auto read = quantities_.read(node, resolved.unit, about.quantity, name_of(about), resolved.why);
  if (!read || !in_range(about, *read, node.position(), resolved.unit.text())) return std::nullopt;
  return Value(*read);
}

std::optional<Value> ParameterFiller::integer(const ParameterDescription& about, const Node& node) {
  if (const auto whole = node.integer()) {
    if (in_range(about, static_cast<double>(*whole), node.position(), "1")) return Value(*whole);
    return std::nullopt;
  }
  return refuse(node, name_of(about) + " must be a whole number, this is `" + node.text() + "`");
}

std::optional<Value> ParameterFiller::choice(const ParameterDescription& about, const Node& node) {
  const auto found = std::ranges::find(about.choices, node.text());
  if (found != about.choices.end()) return Value(static_cast<std::int64_t>(found - about.choices.begin()));
  return refuse(
      node, name_of(about) + " must be one of " + join(about.choices) + "; this is `" + node.text() + "`");
}

std::optional<Value> ParameterFiller::list(const ParameterDescription& about, const Node& node,
                                           const UnitResolver& units) {
  if (!node.is_sequence())
    return refuse(node, name_of(about) + " must be a list, this is " + node.kind_name());
  const ResolvedUnit resolved = units(about.unit);
  if (!resolved.is_known) return std::nullopt;
  std::vector<double> values;
  bool good = true;
  for (const Node& item : node.items()) {
    const auto read =
        quantities_.read(item, resolved.unit, about.quantity, "an item in " + name_of(about), resolved.why);
    good = read && in_range(about, *read, item.position(), resolved.unit.text()) && good;
    values.push_back(read.value_or(0));
  }
  return good ? std::optional<Value>(std::move(values)) : std::nullopt;
}

bool ParameterFiller::in_range(const ParameterDescription& about, double value, const Position& position,
                               const std::string& unit) {
  if (value >= about.min && value <= about.max) return true;
  findings_.error(position, name_of(about) + " is " + number_text(value) + (unit == "1" ? "" : " " + unit) +
                                ", allowed is " + range_text(about, unit));
  return false;
}

bool configure(Configurable& instance, Configuration& configuration,
               const std::vector<ParameterSpecification>& given, const std::string& what,
               const Position& position, Findings& findings) {
  try {
    instance.configure(configuration);
  } catch (const std::exception& error) {
    findings.error(position, what + ": " + error.what());
    return false;
  }
  for (const Configuration::Refusal& refusal : configuration.refusals()) {
    const auto at = std::ranges::find(given, refusal.parameter, &ParameterSpecification::name);
    const std::string subject =
        refusal.parameter.empty() ? what + ": " : "`" + refusal.parameter + "` of " + what + " ";
    findings.error(at != given.end() ? at->value.position() : position, subject + refusal.text);
  }
  return configuration.refusals().empty();
}

}  // namespace tactus
