// What a program saves in a checkpoint: whose state, and what its numbers are called.

#include <algorithm>

#include "engine/program_builder.hpp"
#include "engine/saved_state.hpp"

namespace tactus {

/// A running instance is not to be looked at: its names are known.
void ProgramBuilder::name_states() {
  for (Entry& entry : entries_) {
    entry.states = entry.predecessor ? running_->parts[*entry.predecessor].states
                                     : state_names(entry.part.name, *entry.part.instance);
  }
  for (DevicePart& part : devices_) {
    const DevicePart* running = nullptr;
    if (running_ != nullptr) {
      const auto same = std::ranges::find(running_->devices, part.device, &DevicePart::device);
      if (same != running_->devices.end()) running = &*same;
    }
    part.states = running != nullptr ? running->states : state_names(part.name, *part.device);
  }
}

void ProgramBuilder::take_checkpoints(Program& program, ProgramLayout& layout) const {
  if (!chains_.empty()) throw ProgramError("the state of chains cannot be saved", {});
  program.checkpoint.emplace(*checkpoint_, period_);
  const auto add = [&](const std::vector<std::string>& names) {
    layout.states.insert(layout.states.end(), names.begin(), names.end());
  };
  for (const DevicePart& part : program.devices) add(part.states);
  for (const Part& part : program.parts) add(part.states);
  add(state_names("tactus", program));
}

}  // namespace tactus
