#include "components/actuator/actuator.hpp"

#include <algorithm>

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
}

void Actuator::attach(Device& device, std::vector<OutputLine> lines) {
  Wiring& wiring = wiring_.edit();
  wiring.device = &device;
  std::vector<std::size_t> channels;
  channels.reserve(lines.size());
  for (const OutputLine& line : lines) channels.push_back(line.channel);
  wiring.group = device.group(Direction::output, std::move(channels));
  wiring.raw.resize(lines.size());
  wiring.lines = std::move(lines);
}

void Actuator::start(const Beat&) {
  const std::vector<OutputLine>& lines = wiring_->lines;
  for (std::size_t i = 0; i < lines.size(); ++i) signals_[2 * i]->set(lines[i].safe, Status::good);
}

void Actuator::update(const Beat& beat) {
  Wiring& wiring = wiring_.edit();
  for (std::size_t i = 0; i < wiring.lines.size(); ++i) {
    const Input& source = *sources_[i];
    signals_[2 * i + 1]->set(source, source.status());
    if (supervision().inhibited) continue;
    const std::optional<double> wanted = gated(i, source);
    if (!wanted) counters_[i]->count_made_safe();
    const double value = wanted ? limit_output(wiring.lines[i], *wanted, source.status(), applied(i),
                                               beat.elapsed, *counters_[i], supervision().fault)
                                : safe_value(wiring.lines[i], applied(i));
    if (supervision().fault.raised())
      return;  // nothing of this beat goes out; the engine writes the safe values
    signals_[2 * i]->set(value, Status::good);
  }
  const DeviceResult result = supervision().inhibited ? write_safe() : write(wiring);
  if (result.kind != DeviceResult::Kind::ok) fault(result.text);
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

DeviceResult Actuator::write_safe() {
  Wiring& wiring = wiring_.edit();
  for (std::size_t i = 0; i < wiring.lines.size(); ++i) {
    signals_[2 * i]->set(safe_value(wiring.lines[i], applied(i)), Status::good);
  }
  return write(wiring);
}

DeviceResult Actuator::write(Wiring& wiring) {
  for (std::size_t i = 0; i < wiring.lines.size(); ++i) {
    wiring.raw[i] = (applied(i) - wiring.lines[i].offset) / wiring.lines[i].scale;
  }
  return wiring.device->write(*wiring.group, wiring.raw);
}

}  // namespace tactus
