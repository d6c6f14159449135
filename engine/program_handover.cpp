// How a program that is built follows the running one: what goes on, what ends.

#include <algorithm>

#include "engine/program_builder.hpp"

namespace tactus {

void ProgramBuilder::make_handover(Program& program) const {
  if (running_ == nullptr) return;
  Handover& handover = program.handover;
  handover.predecessor = running_->number();
  std::vector<bool> comes_along(running_->parts.size(), false);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (!entries_[order_[i]].predecessor) continue;
    comes_along[*entries_[order_[i]].predecessor] = true;
    hand_over_part(program, i);
  }
  for (std::size_t i = 0; i < comes_along.size(); ++i) {
    if (!comes_along[i]) handover.stop.push_back({i, running_->layout->components[i].component});
  }
  hand_over_rates(program);
  hand_over_regions(program);
  release_outputs(program);
}

void ProgramBuilder::hand_over_regions(Program& program) const {
  const std::vector<ComponentLayout>& old = running_->layout->components;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (!is_region(order_[i])) continue;
    for (std::size_t before = 0; before < old.size(); ++before) {
      if (old[before].kind != PluginKind::region || old[before].component != entries_[order_[i]].part.name)
        continue;
      program.handover.regions.push_back({static_cast<const Region*>(running_->parts[before].instance.get()),
                                          static_cast<Region*>(program.parts[i].instance.get())});
    }
  }
}

void ProgramBuilder::hand_over_rates(Program& program) const {
  Handover& handover = program.handover;
  const std::vector<Schedule>& before = running_->layout->rates;
  const std::vector<Schedule>& after = program.layout->rates;
  const std::size_t chains = chains_.size();  // the same number in both
  for (std::size_t i = 0; i < running_->layout->shared_rates; ++i) {
    const auto end = after.begin() + static_cast<std::ptrdiff_t>(program.layout->shared_rates);
    const auto same = std::find(after.begin(), end, before[i]);
    if (same != end) handover.rates.push_back({i, static_cast<std::size_t>(same - after.begin())});
  }
  for (std::size_t c = chains; c > 0; --c) handover.rates.push_back({before.size() - c, after.size() - c});
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Entry& entry = entries_[order_[i]];
    if (!entry.own_rate || !entry.predecessor) continue;
    const ComponentLayout& old = running_->layout->components[*entry.predecessor];
    const std::size_t rate = program.layout->components[i].rate;
    if (old.chain.empty()) handover.rates.push_back({old.rate, rate});
    const bool governed = std::ranges::any_of(modes_, [&](const NewModes& modes) {
      return std::ranges::find(modes.governed, order_[i], &NewModes::Governed::part) != modes.governed.end();
    });
    if (!governed) handover.ungoverned.push_back(rate);
  }
}

/// The frame of a kept component, and what is on its way to it.
void ProgramBuilder::hand_over_part(Program& program, std::size_t place) const {
  Handover& handover = program.handover;
  const Entry& entry = entries_[order_[place]];
  const Part& before = running_->parts[*entry.predecessor];
  const Part& after = program.parts[place];
  const ComponentLayout& old = running_->layout->components[*entry.predecessor];
  const std::size_t count = old.signals.size();
  handover.frames.push_back({before.values, before.statuses, after.values, after.statuses, count});
  if (entry.part.chain) {  // what was delivered last stands beside what was computed last
    const std::size_t first = program.layout->components[place].first;
    handover.frames.push_back({running_->values.data() + old.first, running_->statuses.data() + old.first,
                               program.values.data() + first, program.statuses.data() + first, count});
  }
  const auto own = [](const Program& whole, const DelayLine* delay) {  // counted in beats, not in turns
    return delay >= whole.delays.data() && delay < whole.delays.data() + whole.delays.size();
  };
  for (std::size_t input = 0; input < after.wires.size(); ++input) {
    DelayLine* const from = before.wires[input].delay;
    DelayLine* const to = after.wires[input].delay;
    if (from == nullptr || to == nullptr || from->beats() != to->beats()) continue;
    if (own(*running_, from) == own(program, to)) handover.delays.push_back({from, to});
  }
}

void ProgramBuilder::release_outputs(Program& program) const {
  const auto still_written = [&](const Device* device, std::size_t channel) {
    return std::ranges::any_of(program.parts, [&](const Part& part) {
      return part.device == device &&
             std::ranges::any_of(part.lines, [&](const OutputLine& line) { return line.channel == channel; });
    });
  };
  for (std::size_t i = 0; i < running_->parts.size(); ++i) {
    const Part& old = running_->parts[i];
    std::vector<std::size_t> channels;
    SafeWrite write;
    for (const OutputLine& line : old.lines) {
      if (line.safe_hold || still_written(old.device, line.channel)) continue;
      if (line.safe_slew < OutputLine::infinity)
        throw ProgramError("output " + running_->layout->components[i].component + "." + line.signal +
                               " takes its time to go safe, and nothing would write it any more: stop the "
                               "experiment first",
                           {});
      channels.push_back(line.channel);
      write.raw.push_back((line.safe - line.offset) / line.scale);
    }
    if (channels.empty()) continue;
    write.device = old.device;
    write.group = old.device->group(Direction::output, std::move(channels));
    program.handover.release.push_back(std::move(write));
  }
}

}  // namespace tactus
