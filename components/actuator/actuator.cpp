#include "components/actuator/actuator.hpp"

#include <algorithm>
#include <utility>

namespace tactus {

void Actuator::declare(const std::vector<OutputLine>& lines) {
  for (const OutputLine& line : lines) {
    sources_.push_back(std::make_unique<Input>(*this, line.signal, line.unit));
    std::vector<std::unique_ptr<Input>>& gates = gates_.emplace_back();
    for (const OutputGate& gate : line.gates)
      gates.push_back(std::make_unique<Input>(*this, line.signal + "." + gate.interlock));
    signals_.push_back(std::make_unique<Output>(*this, line.signal, line.unit));
    signals_.push_back(std::make_unique<Output>(*this, line.signal + ".requested", line.unit));
    counters_.push_back(std::make_unique<OutputCounters>());
  }
  states_.resize(lines.size());
}

void Actuator::attach(Device& device, std::vector<OutputLine> lines) {
  Wiring& wiring = wiring_.edit();
  wiring.device = &device;
  std::vector<std::size_t> channels;
  channels.reserve(lines.size());
  for (const OutputLine& line : lines) channels.push_back(line.channel);
  wiring.group = device.group(Direction::output, std::move(channels));
  wiring.next.resize(lines.size());
  wiring.raw.resize(lines.size());
  wiring.lines = std::move(lines);
}

void Actuator::start(const Beat&) {
  const std::vector<OutputLine>& lines = wiring_->lines;
  for (std::size_t i = 0; i < lines.size(); ++i) signals_[2 * i]->set(lines[i].safe, Status::good);
}

void Actuator::update(const Beat& beat) {
  Wiring& wiring = wiring_.edit();
  bool some_kept_safe = false;
  for (std::size_t i = 0; i < wiring.lines.size(); ++i) {
    const Input& source = *sources_[i];
    signals_[2 * i + 1]->set(source, source.status());
    LineState& state = states_[i];
    const std::optional<double> wanted = gated(i, source);
    state.tripped = !wanted;
    state.cut_off = source.status() >= Status::stale;
    if (state.must_be_safe()) counters_[i]->made_safe.add();
    // The time in which it was kept safe is not saved up for a leap.
    const double elapsed =
        std::exchange(state.made_safe, false) ? std::min(beat.elapsed, beat.dt) : beat.elapsed;
    some_kept_safe = some_kept_safe || kept_safe(i);
    wiring.next[i] = kept_safe(i) ? applied(i)
                                  : limit_output(wiring.lines[i], wanted.value_or(source), applied(i),
                                                 elapsed, *counters_[i], supervision().fault);
  }
  if (supervision().fault.raised()) return;  // nothing of this beat goes out; the engine makes all safe
  for (std::size_t i = 0; i < wiring.lines.size(); ++i) {
    signals_[2 * i]->set(wiring.next[i], kept_safe(i) ? Status::substituted : Status::good);
  }
  if (some_kept_safe) {
    supervision().safe_wanted = true;  // and the engine writes, once those are safe
    return;
  }
  const DeviceResult result = write();
  if (result.kind != DeviceResult::Kind::ok) fault(result.text);
}

void Actuator::state(StateVisitor& visitor) {
  for (LineState& state : states_) {
    visitor.visit("forced", state.forced);
    visitor.visit("cut_off", state.cut_off);
    visitor.visit("tripped", state.tripped);
    visitor.visit("made_safe", state.made_safe);
  }
}

std::optional<double> Actuator::gated(std::size_t line, double requested) {
  const std::vector<OutputGate>& gates = wiring_->lines[line].gates;
  for (std::size_t i = 0; i < gates.size(); ++i) {
    if (*gates_[line][i] == 0) continue;
    switch (gates[i].action) {
      case OutputGate::Action::safe:
        return std::nullopt;
      case OutputGate::Action::no_rise:
        requested = std::min(requested, applied(line));
        break;
      case OutputGate::Action::no_fall:
        requested = std::max(requested, applied(line));
        break;
    }
  }
  return requested;
}

void Actuator::force_safe(std::size_t line, bool forced) {
  states_[line].forced = forced;
  if (forced) supervision().safe_wanted = true;
}

bool Actuator::has_to_be_safe(std::size_t line, SafeOccasion occasion) const {
  const OutputLine& about = wiring_->lines[line];
  switch (occasion) {
    case SafeOccasion::beat:
      return states_[line].must_be_safe();
    case SafeOccasion::pause:
      return states_[line].must_be_safe() || !about.hold_on_pause;
    case SafeOccasion::stop:
      return states_[line].must_be_safe() || !about.hold_on_stop;
    case SafeOccasion::start:
    case SafeOccasion::fault:
      break;
  }
  return true;
}

SafeWay Actuator::make_safe(std::size_t line, SafeOccasion occasion, std::optional<double> elapsed) {
  const OutputLine& about = wiring_->lines[line];
  states_[line].made_safe = true;
  const double before = applied(line);
  const double after = elapsed ? toward_safe(about, before, *elapsed) : before;
  // Before the first beat nothing was asked for that the safe value would stand for.
  signals_[2 * line]->set(after, occasion == SafeOccasion::start ? Status::good : Status::substituted);
  if (after == safe_value(about, after)) return SafeWay::there;
  return after != before ? SafeWay::nearer : SafeWay::waiting;
}

DeviceResult Actuator::write() {
  Wiring& wiring = wiring_.edit();
  for (std::size_t i = 0; i < wiring.lines.size(); ++i) {
    wiring.raw[i] = (applied(i) - wiring.lines[i].offset) / wiring.lines[i].scale;
  }
  return wiring.device->write(*wiring.group, wiring.raw);
}

}  // namespace tactus
