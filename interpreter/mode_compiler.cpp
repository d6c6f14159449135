#include "interpreter/mode_compiler.hpp"

#include <algorithm>

namespace tactus {
namespace {

/// The entry of `part` in a list, which is made if there is none.
template <class Entry, class Matches>
Entry& entry_for(std::vector<Entry>& list, const Matches& matches, Entry fresh) {
  const auto found = std::ranges::find_if(list, matches);
  return found != list.end() ? *found : list.emplace_back(std::move(fresh));
}

/// What has its own status whatever it reads: it feeds nothing that could be missing.
bool stands_alone(PluginKind kind) {
  return kind == PluginKind::actuator || kind == PluginKind::interlock || kind == PluginKind::region;
}

}  // namespace

DraftModes ModeCompiler::compile(std::size_t region) {
  DraftModes result{.modes = {.region = region}};
  govern(result);
  tune(result);
  rewire(result);
  guard(result);
  warn_of_unfed_outputs(result);
  warn_of_blind_interlocks(result);
  return result;
}

std::size_t ModeCompiler::component(std::string_view name) const {
  const auto found = std::ranges::find_if(
      components_, [&](const DraftComponent& draft) { return draft.specification->name == name; });
  return static_cast<std::size_t>(found - components_.begin());
}

void ModeCompiler::govern(DraftModes& result) const {
  const std::vector<ModeSpecification>& modes = region(result).modes;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    for (const Word& active : modes[i].active) {
      const std::size_t part = component(active.text);
      entry_for(result.modes.governed, [&](const NewModes::Governed& each) { return each.part == part; },
                {part, std::vector<bool>(modes.size(), false)})
          .active[i] = true;
    }
  }
}

void ModeCompiler::tune(DraftModes& result) {
  const std::vector<ModeSpecification>& modes = region(result).modes;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    std::vector<std::size_t> tuned;
    for (const ModeSpecification::Setting& setting : modes[i].set) {
      const std::size_t part = component(setting.component);
      if (std::ranges::count(tuned, part) == 0) tuned.push_back(part);
    }
    for (const std::size_t part : tuned) {
      std::vector<ParameterSpecification> parameters = components_[part].specification->parameters;
      for (const ModeSpecification::Setting& setting : modes[i].set) {
        if (component(setting.component) != part) continue;
        std::erase_if(parameters, [&](const ParameterSpecification& given) {
          return given.name == setting.parameter.name;
        });
        parameters.push_back(setting.parameter);
      }
      std::vector<std::optional<Settings>>& settings =
          entry_for(result.modes.tuned, [&](const NewModes::Tuned& each) { return each.part == part; },
                    {part, std::vector<std::optional<Settings>>(modes.size())})
              .settings;
      settings[i] = make_settings_(part, parameters);
    }
  }
}

void ModeCompiler::rewire(DraftModes& result) {
  const std::vector<ModeSpecification>& modes = region(result).modes;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    for (const ModeSpecification::Connection& connection : modes[i].connect) {
      const std::size_t part = component(connection.component);
      if (!components_[part].instance) continue;
      const auto found = wiring_.resolve(components_[part], connection.connection);
      if (!found) continue;
      const auto same = [&](const DraftModes::Wire& wire) {
        return wire.component == part && wire.input == found->first;
      };
      entry_for(result.wires, same,
                {part, found->first, std::vector<std::optional<DraftSource>>(modes.size())})
          .sources[i] = found->second;
    }
  }
}

void ModeCompiler::guard(DraftModes& result) const {
  const std::vector<ModeSpecification>& modes = region(result).modes;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    for (const Word& output : modes[i].safe_outputs) {
      const std::size_t part = component(output.text.substr(0, output.text.rfind('.')));
      const auto& channels = components_[part].specification->channels;
      const auto channel = std::ranges::find(channels, output.text.substr(output.text.rfind('.') + 1),
                                             &ChannelSpecification::signal);
      const auto line = static_cast<std::size_t>(channel - channels.begin());
      const auto same = [&](const NewModes::Guarded& each) { return each.part == part && each.line == line; };
      entry_for(result.modes.guarded, same, {part, line, std::vector<bool>(modes.size(), false)}).safe[i] =
          true;
    }
  }
}

void ModeCompiler::warn_of_unfed_outputs(const DraftModes& modes) const {
  const RegionSpecification& region = this->region(modes);
  const std::string& name = components_[modes.modes.region].specification->name;
  for (std::size_t mode = 0; mode < region.modes.size(); ++mode) {
    for (std::size_t i = 0; i < components_.size(); ++i) {
      const ComponentSpecification& actuator = *components_[i].specification;
      if (actuator.kind != PluginKind::actuator || !components_[i].instance) continue;
      for (const ChannelSpecification& channel : actuator.channels) {
        const std::string output = actuator.name + "." + channel.signal;
        if (std::ranges::count(region.modes[mode].safe_outputs, output, &Word::text) != 0) continue;
        const auto& inputs = components_[i].instance->inputs();
        const auto input = std::ranges::find_if(
            inputs, [&](const Input* port) { return port->description().name == channel.signal; });
        std::vector<bool> seen(components_.size(), false);
        const DraftComponent* const resting =
            resting_source(modes, mode, i, static_cast<std::size_t>(input - inputs.begin()), seen);
        if (resting == nullptr) continue;
        std::string text = "in the mode " + name + "." + region.modes[mode].name;
        text.append(" nothing feeds ").append(output).append(", since ");
        text.append(resting->specification->name).append(" is not active: it is kept safe; `outputs: {");
        text.append(output).append(": safe}` says that this is meant");
        findings_.warning(region.modes[mode].position, std::move(text));
      }
    }
  }
}

/// An interlock acts in every mode, but it can't see what nobody looks at.
void ModeCompiler::warn_of_blind_interlocks(const DraftModes& modes) const {
  const RegionSpecification& region = this->region(modes);
  for (std::size_t mode = 0; mode < region.modes.size(); ++mode) {
    for (std::size_t i = 0; i < components_.size(); ++i) {
      if (!components_[i].specification->interlock) continue;
      for (std::size_t input = 0; input < components_[i].sources.size(); ++input) {
        std::vector<bool> seen(components_.size(), false);
        const DraftComponent* const resting = resting_source(modes, mode, i, input, seen);
        if (resting == nullptr) continue;
        std::string text = "in the mode " + components_[modes.modes.region].specification->name;
        text.append(".").append(region.modes[mode].name).append(" the interlock ");
        text.append(components_[i].specification->name).append(" sees old values of `");
        text.append(components_[i].specification->inputs[input].signal.text).append("`, since ");
        text.append(resting->specification->name)
            .append(" is not active; `stale(...)` in its condition asks");
        findings_.warning(region.modes[mode].position, std::move(text));
      }
    }
  }
}

const DraftComponent* ModeCompiler::resting_source(const DraftModes& modes, std::size_t mode,
                                                   std::size_t component, std::size_t input,
                                                   std::vector<bool>& seen) const {
  if (input >= components_[component].sources.size()) return nullptr;
  std::optional<DraftSource> source = components_[component].sources[input];
  for (const DraftModes::Wire& wire : modes.wires) {
    if (wire.component == component && wire.input == input && wire.sources[mode]) source = wire.sources[mode];
  }
  if (!source || seen[source->component]) return nullptr;
  seen[source->component] = true;
  const DraftComponent& producer = components_[source->component];
  if (stands_alone(producer.specification->kind)) return nullptr;
  const auto governed = std::ranges::find(modes.modes.governed, source->component, &NewModes::Governed::part);
  if (governed != modes.modes.governed.end() && !governed->active[mode]) return &producer;
  for (std::size_t i = 0; i < producer.sources.size(); ++i) {
    const DraftComponent* const resting = resting_source(modes, mode, source->component, i, seen);
    if (resting != nullptr) return resting;
  }
  return nullptr;
}

}  // namespace tactus
