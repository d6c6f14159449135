#include "interpreter/assembler.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "interpreter/resume_bounds.hpp"
#include "interpreter/safe_order.hpp"
#include "interpreter/unit_conversion.hpp"
#include "interpreter/words.hpp"

namespace tactus {

std::optional<Compiled> Assembler::assemble(const DraftDevices& devices, const CompileOptions& options) {
  ProgramBuilder builder(specification_.heartbeat.period, options.number, options.running);
  for (const DeviceSpecification& device : specification_.devices) {
    const DraftDevice& draft = devices.at(device.name);
    builder.add_device(device.name, draft.device, draft.settings);
  }
  for (const ChainSpecification& chain : specification_.chains) builder.add_chain(chain.name, chain.schedule);
  Compiled compiled;
  add_parts(builder);
  connect(builder, compiled);
  add_modes(builder, compiled);
  builder.set_safe_order(lines_in_safe_order(specification_));
  if (specification_.report && specification_.report->checkpoint)
    builder.save_state(*specification_.report->checkpoint);
  try {
    compiled.program = builder.build(specification_.text);
  } catch (const ProgramError& error) {
    report(error);
    return std::nullopt;
  }
  name_units(*compiled.program);
  describe_outputs(compiled);
  compiled.bounds = compile_bounds(specification_, *compiled.program->layout, quantities_, findings_);
  if (findings_.has_errors()) return std::nullopt;
  return compiled;
}

void Assembler::add_parts(ProgramBuilder& builder) {
  for (DraftComponent& draft : components_) {
    NewPart part;
    part.name = draft.specification->name;
    part.plugin = draft.plugin;
    part.kind = draft.specification->kind;
    part.schedule = draft.specification->schedule;
    part.chain = draft.specification->chain;
    part.instance = draft.instance;
    part.settings = std::move(draft.settings);
    if (part.kind == PluginKind::actuator) {
      part.lines = draft.outputs;
      part.device = draft.device->device.get();
    }
    builder.add(std::move(part));
  }
}

void Assembler::connect(ProgramBuilder& builder, Compiled& compiled) {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    for (std::size_t input = 0; input < components_[i].sources.size(); ++input) {
      const auto& draft = components_[i].sources[input];
      if (!draft) continue;
      const PortDescription& port = components_[i].instance->inputs()[input]->description();
      const Unit from = output_unit(draft->component, draft->output);
      const Unit to = units_.of_input(i, input).unit;
      Source source{draft->component, draft->output, draft->specification->delay, 0};
      if (source.delay > 0) {
        source.initial =
            quantities_.read(draft->specification->initial, from, Quantity::absolute, "`initial`")
                .value_or(0);
      }
      const ComponentSpecification& producer = *components_[draft->component].specification;
      const ComponentSpecification& consumer = *components_[i].specification;
      const bool crosses = producer.chain != consumer.chain;
      const bool last_beat = producer.kind == PluginKind::actuator || (crosses && consumer.chain) ||
                             (consumer.kind == PluginKind::region &&
                              !(producer.kind == PluginKind::region && draft->component < i));
      compiled.wires.push_back({draft->specification->signal.text,
                                consumer.name,
                                port.name,
                                from.text(),
                                to.text(),
                                source.delay,
                                last_beat && source.delay == 0,
                                crosses && producer.chain ? producer.schedule.every : 0,
                                {}});
      if (!(from == to)) source = converted(builder, i, input, source, from, to);
      builder.connect(i, input, source);
    }
  }
}

void Assembler::add_modes(ProgramBuilder& builder, Compiled& compiled) {
  for (DraftModes& modes : modes_) {
    const ComponentSpecification& region = *components_[modes.modes.region].specification;
    for (const DraftModes::Wire& draft : modes.wires) {
      NewModes::Rewired& wire =
          modes.modes.rewired.emplace_back(NewModes::Rewired{draft.component, draft.input, {}});
      const Unit to = units_.of_input(draft.component, draft.input).unit;
      for (std::size_t mode = 0; mode < draft.sources.size(); ++mode) {
        const std::optional<DraftSource>& given = draft.sources[mode];
        if (!given) {
          wire.sources.emplace_back();
          continue;
        }
        const std::string name = region.name + "." + region.region->modes[mode].name;
        Source source{given->component, given->output, 0, 0};
        const Unit from = output_unit(given->component, given->output);
        const bool last_beat = components_[given->component].specification->kind == PluginKind::actuator;
        compiled.wires.push_back(
            {given->specification->signal.text, components_[draft.component].specification->name,
             given->specification->input, from.text(), to.text(), 0, last_beat, 0, name});
        if (!(from == to))
          source = converted(builder, draft.component, draft.input, source, from, to, "." + name);
        wire.sources.emplace_back(source);
      }
    }
  }
  for (DraftModes& modes : modes_) builder.add_modes(std::move(modes.modes));
}

/// Puts a conversion between a source and its consumer. It has the consumer's turns: so it works on what is
/// newest whenever that is looked at.
Source Assembler::converted(ProgramBuilder& builder, std::size_t consumer, std::size_t input,
                            const Source& source, const Unit& from, const Unit& to, const std::string& mode) {
  const ComponentSpecification& reader = *components_[consumer].specification;
  const Conversion factors = conversion(from, to);
  NewPart part;
  part.name = reader.name + "." + components_[consumer].instance->inputs()[input]->description().name +
              ".unit" + mode;
  part.plugin = UnitConversion::plugin_name;
  part.kind = PluginKind::observer;
  // What modes switch on may have its turn on any beat.
  part.schedule = is_governed(consumer) ? Schedule{} : reader.schedule;
  part.chain = reader.chain;
  part.instance = std::make_shared<UnitConversion>(from.text(), to.text());
  part.settings = part.instance->make_settings();
  part.settings.values = {factors.scale, factors.offset};
  const std::size_t added = builder.add(std::move(part));
  builder.connect(added, 0, source);
  return {added, 0};
}

/// The engine's layout tells the units that plug-ins declare; users want those that the wiring gave them.
void Assembler::name_units(Program& program) const {
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < components_.size(); ++i) by_name.emplace(components_[i].specification->name, i);
  auto layout = std::make_shared<ProgramLayout>(*program.layout);
  for (ComponentLayout& component : layout->components) {
    const auto found = by_name.find(component.component);
    if (found == by_name.end()) continue;  // a conversion: its units are real
    for (std::size_t i = 0; i < component.signals.size(); ++i) {
      component.signals[i].unit = output_unit(found->second, i).text();
      component.signals[i].labels = labels_of(*components_[found->second].specification, i);
    }
  }
  program.layout = std::move(layout);
}

void Assembler::describe_outputs(Compiled& compiled) const {
  for (const DraftComponent& draft : components_) {
    if (draft.specification->kind != PluginKind::actuator) continue;
    const bool hardware = draft.device->device->is_hardware();
    const bool safe_writer = draft.device->device->safe_writer() != nullptr;
    compiled.hardware = compiled.hardware || hardware;
    for (std::size_t i = 0; i < draft.outputs.size(); ++i) {
      const OutputLine& line = draft.outputs[i];
      compiled.outputs.push_back({draft.specification->name + "." + line.signal,
                                  draft.device->specification->name,
                                  draft.device->channels[line.channel].name, line.unit, hardware,
                                  !draft.specification->channels[i].safe.is_null(), line.safe_hold, line.safe,
                                  line.safe_slew, safe_writer});
    }
  }
}

/// At the input that closes the loop, with what to write there instead.
void Assembler::report(const ProgramError& error) {
  std::vector<std::string> members;  // without the conversions, which the user did not write
  for (const std::string& member : error.members()) {
    if (specification_.component(member) != nullptr) members.push_back(member);
  }
  if (members.empty()) return findings_.error({specification_.file}, error.what());
  const ComponentSpecification& first = *specification_.component(members[0]);
  const std::string next = members.size() > 1 ? members[1] : members[0];
  const auto closes = [&](const ConnectionSpecification& connection) {
    return connection.signal.text.starts_with(next + ".") && connection.delay == 0;
  };
  const auto closing = std::ranges::find_if(first.inputs, closes);
  if (closing == first.inputs.end()) return findings_.error(first.position, error.what());
  members.push_back(members.front());
  findings_.error(closing->signal.position,
                  "a loop: " + join(members, " reads ") + "; break it with a delay, for example `" +
                      closing->input + ": {signal: " + closing->signal.text + ", delay: 1, initial: ...}`");
}

}  // namespace tactus
