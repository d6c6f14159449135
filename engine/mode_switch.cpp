#include "engine/mode_switch.hpp"

#include <algorithm>

namespace tactus {

void ModeSwitch::enter(std::size_t mode, const Beat& beat) {
  for (const Tuned& part : tuned) part.component->bind(*part.settings[mode]);
  for (const Rewired& wire : rewired) {
    wire.input->bind(wire.values[mode], wire.statuses[mode], wire.connected);
    *wire.status = wire.statuses[mode];
  }
  for (const Governed& part : governed) {
    const bool active = part.active[mode];
    if (active == part.rate->active()) continue;
    if (active) {
      part.rate->resume();
      part.rate->advance(beat.number, beat.time_ns);
    } else {
      part.rate->rest();
      std::ranges::fill(part.statuses, Status::stale);
    }
  }
  for (const Guarded& output : guarded) output.actuator->force_safe(output.line, output.safe[mode]);
}

}  // namespace tactus
