#include "components/scanner/scanner.hpp"

#include <iterator>

namespace tactus {

void Scanner::declare(const std::vector<ScannerLine>& lines) {
  for (const ScannerLine& line : lines) {
    signals_.push_back(std::make_unique<Output>(*this, line.signal, line.unit));
    counters_.push_back(std::make_unique<InputCounters>());
  }
  histories_.resize(lines.size());
}

void Scanner::attach(Device& device, std::vector<ScannerLine> lines) {
  Wiring& wiring = wiring_.edit();
  wiring.device = &device;
  std::vector<std::size_t> channels;
  channels.reserve(lines.size());
  for (const ScannerLine& line : lines) channels.push_back(line.channel);
  wiring.group = device.group(Direction::input, std::move(channels));
  wiring.lines = std::move(lines);
}

void Scanner::update(const Beat& beat) {
  const std::span<double> values = frame_values();
  const std::span<Status> statuses = frame_statuses();
  const Wiring& wiring = *wiring_;
  const DeviceResult result = wiring.device->read(*wiring.group, values, statuses);
  if (result.kind == DeviceResult::Kind::failed) return fault(result.text);
  if (result.kind == DeviceResult::Kind::end) return supervision().fault.finish(result.text);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = wiring.lines[i].scale * values[i] + wiring.lines[i].offset;
  }
  examine(beat, values, statuses);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (beat.resumed) histories_[i].same_since_ns = InputHistory::never;  // nobody looked meanwhile
    const Sample sample = judge_sample(wiring.lines[i], {values[i], statuses[i]}, beat.time_ns, histories_[i],
                                       *counters_[i], supervision().fault);
    values[i] = sample.value;
    statuses[i] = sample.status;
  }
}

void Scanner::state(StateVisitor& visitor) {
  for (std::size_t i = 0; i < histories_.size(); ++i) {
    InputHistory& history = histories_[i];
    // Under one name, since none can be put together on the beat.
    double numbers[] = {history.good, static_cast<double>(history.good_at_ns), history.last,
                        static_cast<double>(history.same_since_ns)};
    visitor.visit(signals_[i]->description().name.c_str(), numbers, std::size(numbers));
    history = {numbers[0], static_cast<std::int64_t>(numbers[1]), numbers[2],
               static_cast<std::int64_t>(numbers[3])};
  }
}

}  // namespace tactus
