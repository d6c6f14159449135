#include "engine/mode_switch.hpp"

namespace tactus {

void ModeSwitch::enter(std::size_t mode, const Beat* turn) {
  for (const Tuned& part : tuned) part.component->bind(*part.settings[mode]);
  for (const Rewired& wire : rewired) {
    wire.input->bind(wire.values[mode], wire.statuses[mode], wire.connected[mode]);
    *wire.status = wire.statuses[mode];
  }
  for (const Governed& part : governed) {
    const bool active = part.active[mode];
    if (active == part.rate->active()) continue;
    if (active) {
      part.rate->resume();
      if (turn != nullptr) part.rate->advance(turn->number, turn->time_ns);
    } else {
      part.rate->rest();
      for (Status& status : part.statuses) status = worst(status, Status::stale);  // never written: still bad
    }
  }
  for (const Guarded& output : guarded) output.actuator->force_safe(output.line, output.safe[mode]);
}

}  // namespace tactus
