#include "app/session/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "app/session/modes.hpp"
#include "interpreter/unit_product.hpp"
#include "interpreter/units.hpp"

namespace tactus {
namespace {

using nlohmann::json;

json value_json(const ParameterDescription& about, const Value& value) {
  if (!about.choices.empty())
    return about.choices.at(static_cast<std::size_t>(std::get<std::int64_t>(value)));
  if (const double* const number = std::get_if<double>(&value)) return number_json(*number);
  if (const auto* const list = std::get_if<std::vector<double>>(&value)) {
    json numbers = json::array();
    for (const double number : *list) numbers.push_back(number_json(number));
    return numbers;
  }
  return std::visit([](const auto& held) { return json(held); }, value);
}

bool has_unit(const ParameterDescription& about) {
  return std::holds_alternative<double>(about.type) ||
         std::holds_alternative<std::vector<double>>(about.type);
}

bool is_given(const std::vector<ParameterSpecification>* given, const std::string& name) {
  return given != nullptr && std::ranges::find(*given, name, &ParameterSpecification::name) != given->end();
}

/// Collects the parameters of one run.
class Collection {
 public:
  explicit Collection(const Session& session) : session_(session), specification_(session.specification()) {
    const std::optional<LatestBeat> latest = session.reporter().latest();
    if (latest && latest->layout->program == session.program().number()) modes_ = modes_in_force(latest);
  }

  std::vector<ParameterInForce> take() {
    const Program& program = session_.program();
    for (std::size_t i = 0; i < program.parts.size(); ++i)
      add_component(program.layout->components[i], program.parts[i]);
    for (const DevicePart& device : program.devices) add_device(device);
    return std::move(parameters_);
  }

 private:
  using Variables = std::map<char, std::string>;

  void add_component(const ComponentLayout& layout, const Part& part) {
    const ComponentSpecification* const written = specification_.component(layout.component);
    if (written == nullptr) return;  // a conversion of units, which the user did not write
    const Variables variables = unit_variables(layout, part);
    add_all(layout.component, *part.instance, settings_of(part), &written->parameters, variables);
    for (const ChannelSpecification& channel : written->channels) {
      const auto line = std::ranges::find(part.lines, channel.signal, &OutputLine::signal);
      if (line != part.lines.end()) add_line(layout.component + "." + line->signal, *line, channel);
    }
  }

  /// Those of the present mode, if it has some for this component.
  const Settings& settings_of(const Part& part) const {
    const Program& program = session_.program();
    for (std::size_t region = 0; region < modes_.size(); ++region) {
      for (const ModeSwitch::Tuned& tuned : program.modes[region]->tuned) {
        if (tuned.component == part.instance.get()) return *tuned.settings[modes_[region].number];
      }
    }
    return part.settings;
  }

  bool is_set_by_mode(const std::string& name) const {
    return std::ranges::any_of(modes_, [&](const ModeInForce& now) {
      const auto& modes = specification_.component(now.region)->region->modes;
      return std::ranges::any_of(modes[now.number].set, [&](const ModeSpecification::Setting& setting) {
        return setting.component + "." + setting.parameter.name == name;
      });
    });
  }

  void add_device(const DevicePart& device) {
    const auto written = std::ranges::find(specification_.devices, device.name, &DeviceSpecification::name);
    const bool found = written != specification_.devices.end();
    add_all(device.name, *device.device, *device.settings, found ? &written->parameters : nullptr, {});
  }

  void add_all(const std::string& owner, const Configurable& instance, const Settings& settings,
               const std::vector<ParameterSpecification>* given, const Variables& variables) {
    for (std::size_t i = 0; i < instance.parameters().size(); ++i) {
      const ParameterDescription& about = instance.parameters()[i]->description();
      const std::string unit = has_unit(about) ? resolved(about.unit, variables) : "";
      add(owner + "." + about.name, value_json(about, settings.values[i]), unit, is_given(given, about.name));
    }
  }

  void add_line(const std::string& name, const OutputLine& line, const ChannelSpecification& written) {
    add(name + ".limits", {number_json(line.low), number_json(line.high)}, line.unit, !written.low.is_null());
    UnitProduct per_second = UnitProduct::parse(line.unit);
    per_second.multiply(UnitProduct::parse("s"), -1);
    add(name + ".slew", number_json(line.slew), per_second.text(), !written.slew.is_null());
    add(name + ".safe_slew", number_json(line.safe_slew), per_second.text(), !written.safe_slew.is_null());
    const bool safe_given = written.safe_hold || !written.safe.is_null();
    if (line.safe_hold) {
      add(name + ".safe", "hold", "", safe_given);
    } else {
      add(name + ".safe", number_json(line.safe), line.unit, safe_given);
    }
  }

  void add(std::string name, json value, std::string unit, bool given) {
    const char* from = given ? "file" : "default";
    if (is_set_by_mode(name)) from = "mode";
    if (session_.options().set.contains(name)) from = "set";
    parameters_.push_back({std::move(name), std::move(value), std::move(unit), from});
  }

  /// What the wiring made of the ports' unit variables.
  Variables unit_variables(const ComponentLayout& layout, const Part& part) const {
    Variables variables;
    const auto learn = [&](const std::string& declared, const std::string& unit) {
      if (declared.size() == 1 && !Unit::parse(declared).variables().empty())
        variables.emplace(declared[0], unit);
    };
    for (const CompiledWire& wire : session_.wires()) {
      if (wire.component != layout.component) continue;
      for (const Input* input : part.instance->inputs()) {
        if (input->description().name == wire.input) learn(input->description().unit, wire.unit);
      }
    }
    for (std::size_t i = 0; i < layout.signals.size(); ++i) {
      learn(part.instance->outputs()[i]->description().unit, layout.signals[i].unit);
    }
    return variables;
  }

  static std::string resolved(const std::string& declared, const Variables& variables) {
    UnitProduct unit = UnitProduct::parse(declared);
    for (const auto& [variable, meaning] : variables) unit = unit.with(variable, UnitProduct::parse(meaning));
    return unit.text();
  }

  const Session& session_;
  const Specification& specification_;
  std::vector<ModeInForce> modes_;  // in the order of the program's regions
  std::vector<ParameterInForce> parameters_;
};

}  // namespace

std::vector<ParameterInForce> parameters_in_force(const Session& session) {
  return Collection(session).take();
}

json number_json(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return ".nan";
  return value > 0 ? ".inf" : "-.inf";
}

}  // namespace tactus
