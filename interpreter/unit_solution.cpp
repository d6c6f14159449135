#include "interpreter/unit_solution.hpp"

#include <algorithm>

namespace tactus {
namespace {

/// It reads signals for conditions, and takes them as they come.
bool has_conditions(const DraftComponent& component) {
  const PluginKind kind = component.specification->kind;
  return kind == PluginKind::interlock || kind == PluginKind::region;
}

}  // namespace

UnitSolution::UnitSolution(const DraftComponents& components, QuantityReader& quantities, Findings& findings)
    : components_(components), quantities_(quantities), variables_(components.size()) {
  check_declarations(findings);
  while (from_sources() || from_parameters(true) || from_consumers() || from_parameters(false)) {
  }
}

void UnitSolution::check_declarations(Findings& findings) {
  for (const DraftComponent& component : components_) {
    complete_ = complete_ && component.usable;
    if (!component.instance) continue;
    const auto check = [&](const std::string& name, const std::string& unit) {
      std::string wrong;
      try {
        const bool has_variables = !expression(unit).variables.empty();
        if (has_variables && unit.find('(') != std::string::npos)
          wrong = "`" + unit + "`: write it without brackets";
      } catch (const UnitError& error) {
        wrong = error.what();
        expressions_[unit] = {};
      }
      if (wrong.empty()) return;
      std::string text = "plug-in " + component.plugin;
      text.append(" gives `").append(name).append("` a unit that cannot be used: ").append(wrong);
      findings.error(component.specification->position, std::move(text));
    };
    for (const Input* port : component.instance->inputs())
      check(port->description().name, port->description().unit);
    for (const Output* port : component.instance->outputs())
      check(port->description().name, port->description().unit);
    for (const ParameterBase* each : component.instance->parameters())
      check(each->description().name, each->description().unit);
  }
}

const UnitSolution::Expression& UnitSolution::expression(const std::string& declared) const {
  const auto found = expressions_.find(declared);
  if (found != expressions_.end()) return found->second;
  Expression parsed{UnitProduct::parse(declared), Unit::parse(declared).variables()};
  return expressions_.emplace(declared, std::move(parsed)).first->second;
}

std::optional<UnitProduct> UnitSolution::known(std::size_t component, const std::string& declared) const {
  const Expression& expression = this->expression(declared);
  UnitProduct result = expression.product;
  for (const auto& [variable, power] : expression.variables) {
    const auto bound = variables_[component].find(variable);
    if (bound == variables_[component].end()) return std::nullopt;
    result = result.with(variable, bound->second.unit);
  }
  return result;
}

bool UnitSolution::learn(std::size_t component, const std::string& declared, const UnitProduct& unit,
                         const std::string& reason) {
  const Expression& expression = this->expression(declared);
  UnitProduct rest = expression.product;
  char unknown = 0;
  int power = 0;
  for (const auto& [variable, its_power] : expression.variables) {
    const auto bound = variables_[component].find(variable);
    if (bound != variables_[component].end()) {
      rest = rest.with(variable, bound->second.unit);
    } else if (unknown != 0) {
      return false;
    } else {
      unknown = variable;
      power = its_power;
    }
  }
  if (unknown == 0 || (power != 1 && power != -1)) return false;
  UnitProduct answer;
  answer.multiply(unit, power);
  answer.multiply(rest.without(unknown), -power);
  variables_[component].emplace(unknown, Bound{answer, reason});
  return true;
}

bool UnitSolution::from_sources() {
  bool progress = false;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    for (std::size_t input = 0; input < components_[i].sources.size(); ++input) {
      const auto& source = components_[i].sources[input];
      if (!source) continue;
      const auto& output = *components_[source->component].instance->outputs()[source->output];
      const auto unit = known(source->component, output.description().unit);
      if (!unit) continue;
      const auto& port = components_[i].instance->inputs()[input]->description();
      progress =
          learn(i, port.unit, *unit, "`" + port.name + "` reads " + source->specification->signal.text) ||
          progress;
    }
  }
  return progress;
}

bool UnitSolution::from_parameters(bool alone) {
  bool progress = false;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    if (!components_[i].instance) continue;
    for (const ParameterBase* parameter : components_[i].instance->parameters()) {
      const ParameterDescription& about = parameter->description();
      if (expression(about.unit).variables.empty() || (about.unit.size() == 1) != alone) continue;
      const auto& given = components_[i].specification->parameters;
      const auto found = std::ranges::find(given, about.name, &ParameterSpecification::name);
      if (found == given.end()) continue;
      const Node& value = found->value.items().empty() ? found->value : found->value.items()[0];
      if (!value.is_scalar()) continue;
      const std::string what = "`" + about.name + "` of " + components_[i].specification->name;
      const auto literal =
          quantities_.literal(value, found->value.is_sequence() ? "an item in " + what : what);
      if (!literal || !literal->unit) continue;
      progress = learn(i, about.unit, UnitProduct::parse(literal->unit->text()),
                       "`" + about.name + "` is given in " + literal->unit->text()) ||
                 progress;
    }
  }
  return progress;
}

bool UnitSolution::from_consumers() {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    if (has_conditions(components_[i])) continue;
    for (std::size_t input = 0; input < components_[i].sources.size(); ++input) {
      const auto& source = components_[i].sources[input];
      if (!source) continue;
      const auto& port = components_[i].instance->inputs()[input]->description();
      const auto unit = known(i, port.unit);
      if (!unit) continue;
      const auto& output = components_[source->component].instance->outputs()[source->output]->description();
      const std::string reason =
          components_[i].specification->name + "." + port.name + " reads `" + output.name + "`";
      if (learn(source->component, output.unit, *unit, reason)) return true;
    }
  }
  return false;
}

ResolvedUnit UnitSolution::resolve(std::size_t component, const std::string& declared) const {
  const Expression& expression = this->expression(declared);
  UnitProduct product = expression.product;
  std::string why;
  bool all_known = true;
  for (const auto& [variable, power] : expression.variables) {
    const auto bound = variables_[component].find(variable);
    const bool is_known = bound != variables_[component].end();
    all_known = all_known && is_known;
    product = product.with(variable, is_known ? bound->second.unit : UnitProduct());
    why += std::string(why.empty() ? " (" : "; ") + variable + " is " +
           (is_known ? bound->second.unit.text() + ": " + bound->second.reason
                     : "a pure number: nothing gives it a unit");
  }
  if (!why.empty()) why += ")";
  const std::string text = expression.variables.empty() ? declared : product.text();
  try {
    return {Unit::parse(text), why, all_known || complete_};
  } catch (const UnitError&) {
    return {Unit(), why, false};  // a plug-in's own mistake, found already
  }
}

ResolvedUnit UnitSolution::of_input(std::size_t component, std::size_t input) const {
  const DraftComponent& reader = components_[component];
  const std::optional<DraftSource>& source = reader.sources[input];
  if (has_conditions(reader) && source) {
    const Output& output = *components_[source->component].instance->outputs()[source->output];
    return resolve(source->component, output.description().unit);
  }
  return resolve(component, reader.instance->inputs()[input]->description().unit);
}

}  // namespace tactus
