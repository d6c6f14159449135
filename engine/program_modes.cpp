// What the modes of a program's regions mean, as addresses.

#include <algorithm>

#include "engine/program_builder.hpp"

namespace tactus {

void ProgramBuilder::make_modes(Program& program) {
  for (NewModes& modes : modes_) {
    ModeSwitch& result = *program.modes.emplace_back(std::make_unique<ModeSwitch>());
    static_cast<Region&>(*program.parts[place_[modes.region]].instance).set_effect(result);
    for (NewModes::Governed& part : modes.governed) {
      const std::size_t place = place_[part.part];
      const ComponentLayout& about = program.layout->components[place];
      result.governed.push_back({&program.rates[about.rate],
                                 {program.parts[place].statuses, about.signals.size()},
                                 std::move(part.active)});
    }
    for (NewModes::Tuned& part : modes.tuned) {
      Part& tuned = program.parts[place_[part.part]];
      ModeSwitch::Tuned& made = result.tuned.emplace_back();
      made.component = tuned.instance.get();
      made.own.reserve(part.settings.size());
      for (std::optional<Settings>& settings : part.settings) {
        if (settings) made.own.push_back(std::move(*settings));
        made.settings.push_back(settings ? &made.own.back() : &tuned.settings);
      }
    }
    for (NewModes::Guarded& output : modes.guarded) {
      auto& actuator = static_cast<Actuator&>(*program.parts[place_[output.part]].instance);
      result.guarded.push_back({&actuator, output.line, std::move(output.safe)});
    }
    make_mode_wires(program, modes, result);
  }
}

void ProgramBuilder::make_mode_wires(Program& program, const NewModes& modes, ModeSwitch& result) {
  for (const NewModes::Rewired& wire : modes.rewired) {
    const std::size_t place = place_[wire.part];
    const Part& part = program.parts[place];
    ModeSwitch::Rewired& made = result.rewired.emplace_back();
    made.input = part.instance->inputs()[wire.input];
    const std::ptrdiff_t first = program.steps[place].input_statuses - program.input_statuses.data();
    made.status = &program.input_statuses[static_cast<std::size_t>(first) + wire.input];
    for (const std::optional<Source>& source : wire.sources) {
      const Wire& usual = part.wires[wire.input];
      made.connected.push_back(source || usual.connected);
      const Wire other = source ? wire_source(program, place, *source, beat_) : usual;
      made.values.push_back(other.value);
      made.statuses.push_back(other.status);
    }
  }
}

}  // namespace tactus
