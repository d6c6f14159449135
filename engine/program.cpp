#include "engine/program.hpp"

namespace tactus {

Stint Program::first_stint(std::size_t step, std::uint64_t beat) const {
  const ComponentLayout& about = layout->components[step];
  const bool drives = about.kind == PluginKind::scanner || about.kind == PluginKind::actuator;
  return {about.component.c_str(), drives, beat, 0};
}

Stint Program::stint(std::size_t step) const {
  const Rate& rate = *steps[step].rate;
  const std::uint64_t beat = rate.beat().number;
  Stint stint = first_stint(step, beat);
  stint.round = (beat - first_beat) / rate.schedule().every;
  return stint;
}

}  // namespace tactus
