#include "interpreter/wiring.hpp"

#include <algorithm>

#include "interpreter/words.hpp"

namespace tactus {

Wiring::Wiring(DraftComponents& components, Findings& findings)
    : components_(components), findings_(findings) {
  for (std::size_t i = 0; i < components.size(); ++i) {
    by_name_.emplace(components[i].specification->name, i);
    component_names_.push_back(components[i].specification->name);
  }
}

void Wiring::connect() {
  for (DraftComponent& component : components_) {
    if (!component.instance) continue;
    component.sources.resize(component.instance->inputs().size());
    for (const ConnectionSpecification& connection : component.specification->inputs)
      connect(component, connection);
    if (component.specification->kind == PluginKind::actuator) {
      for (const ChannelSpecification& channel : component.specification->channels) {
        if (!channel.from.signal.text.empty()) connect(component, channel.from);
      }
    }
    find_unconnected(component);
  }
}

void Wiring::connect(DraftComponent& component, const ConnectionSpecification& connection) {
  if (const auto found = resolve(component, connection))
    component.sources[found->first] = found->second;
  else
    component.usable = false;
}

std::optional<std::pair<std::size_t, DraftSource>> Wiring::resolve(
    const DraftComponent& component, const ConnectionSpecification& connection) {
  const std::vector<Input*>& inputs = component.instance->inputs();
  const auto input = std::ranges::find_if(
      inputs, [&](const Input* port) { return port->description().name == connection.input; });
  const std::optional<Signal> signal = find(connection.signal);
  if (input == inputs.end()) {
    std::vector<std::string> names;
    names.reserve(inputs.size());
    for (const Input* port : inputs) names.push_back(port->description().name);
    findings_.error(connection.position,
                    component.specification->name + " has no input `" + connection.input + "`" +
                        (names.empty() ? ": it reads nothing" : hint(connection.input, names)));
    return std::nullopt;
  }
  if (!signal) return std::nullopt;
  return std::pair(static_cast<std::size_t>(input - inputs.begin()),
                   DraftSource{signal->component, signal->output, &connection});
}

void Wiring::find_unconnected(DraftComponent& component) {
  for (std::size_t i = 0; i < component.sources.size(); ++i) {
    const PortDescription& port = component.instance->inputs()[i]->description();
    const bool given =
        std::ranges::find(component.specification->inputs, port.name, &ConnectionSpecification::input) !=
        component.specification->inputs.end();
    if (component.sources[i] || port.otherwise || given) continue;
    component.usable = false;
    if (component.specification->kind == PluginKind::actuator)
      continue;  // the missing `from` is found already
    findings_.error(component.specification->position,
                    "input `" + port.name + "` of " + component.specification->name + " is not connected" +
                        (port.description.empty() ? "" : ": " + port.description));
  }
}

std::optional<Wiring::Signal> Wiring::find(const Word& name) {
  if (name.text.empty()) return std::nullopt;  // found already
  const std::size_t dot = name.text.find('.');
  const std::string_view component = std::string_view(name.text).substr(0, dot);
  const auto found = by_name_.find(component);
  if (found == by_name_.end()) {
    findings_.error(name.position, "there is no signal `" + name.text + "`: no component is called `" +
                                       std::string(component) + "`" + hint(component, component_names_));
    return std::nullopt;
  }
  const DraftComponent& draft = components_[found->second];
  if (!draft.instance) return std::nullopt;
  std::vector<std::string> names;
  const std::string_view signal = dot == std::string::npos ? "" : std::string_view(name.text).substr(dot + 1);
  for (std::size_t i = 0; i < draft.instance->outputs().size(); ++i) {
    const std::string& output = draft.instance->outputs()[i]->description().name;
    if (output == signal) return Signal{found->second, i};
    names.push_back(output);
  }
  const auto& channels =
      draft.specification->channels;  // one that could not be made is not missed a second time
  const bool broken = std::ranges::find(channels, signal.substr(0, signal.find('.')),
                                        &ChannelSpecification::signal) != channels.end();
  if ((broken && !draft.usable) || (draft.device != nullptr && channels.empty())) return std::nullopt;
  if (dot == std::string::npos) {
    for (std::string& each : names) each.insert(0, std::string(component) + ".");
    findings_.error(name.position,
                    "`" + name.text + "` is a component; a signal of it is meant" + hint(name.text, names));
  } else {
    findings_.error(name.position, "there is no signal `" + name.text + "`" + hint(signal, names));
  }
  return std::nullopt;
}

void Wiring::check_reported(const Word& name) {
  if (name.text.find('.') != std::string::npos)
    find(name);
  else if (!by_name_.contains(name.text))
    findings_.error(name.position,
                    "there is no component `" + name.text + "`" + hint(name.text, component_names_));
}

}  // namespace tactus
