#include "engine/program.hpp"

#include "engine/saved_state.hpp"

namespace tactus {

void Part::bind(Supervision& supervision) {
  instance->bind(settings);
  instance->bind_frame(values, statuses);
  instance->bind_supervision(supervision);
  for (std::size_t i = 0; i < wires.size(); ++i) {
    instance->inputs()[i]->bind(wires[i].value, wires[i].status, wires[i].connected);
  }
  for (std::size_t line = 0; line < lines.size(); ++line)  // what modes want is told by their regions
    static_cast<Actuator&>(*instance).force_safe(line, false);
}

/// Gives each owner of state the numbers that are its; the last one is the program itself.
template <class Number, class Work>
void Program::each_state(std::span<Number> numbers, const Work& work) {
  const auto take = [&](auto& owner, std::size_t count) {
    work(owner, numbers.first(count));
    numbers = numbers.subspan(count);
  };
  for (const DevicePart& part : devices) take(*part.device, part.states.size());
  for (const Part& part : parts) take(*part.instance, part.states.size());
  take(*this, numbers.size());
}

void Program::save(std::span<double> to) {
  each_state(to, [](auto& owner, std::span<double> numbers) { save_state(owner, numbers); });
}

void Program::restore(std::span<const double> from) {
  each_state(from, [](auto& owner, std::span<const double> numbers) { restore_state(owner, numbers); });
  for (Part& part : parts) part.kept = true;
  resumed = true;
}

void Program::state(StateVisitor& visitor) {
  visitor.visit("origin.beat", origin.beat);
  visitor.visit("origin.time", origin.time_ns);
  visitor.visit("values", values.data(), values.size());
  visit_statuses(visitor, "statuses", statuses);
  for (Rate& rate : rates) rate.state(visitor);
  for (DelayLine& delay : delays) delay.state(visitor);
}

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
