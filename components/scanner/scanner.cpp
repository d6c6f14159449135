#include "components/scanner/scanner.hpp"

namespace tactus {

void Scanner::declare(const std::vector<ScannerLine>& lines) {
  for (const ScannerLine& line : lines)
    signals_.push_back(std::make_unique<Output>(*this, line.signal, line.unit));
}

void Scanner::attach(Device& device, const std::vector<ScannerLine>& lines) {
  Wiring& wiring = wiring_.edit();
  wiring.device = &device;
  std::vector<std::size_t> channels;
  for (const ScannerLine& line : lines) {
    channels.push_back(line.channel);
    wiring.conversions.push_back({line.scale, line.offset});
  }
  wiring.group = device.group(Direction::input, std::move(channels));
}

void Scanner::update(const Beat& beat) {
  const std::span<double> values = frame_values();
  const std::span<Status> statuses = frame_statuses();
  const Wiring& wiring = *wiring_;
  const DeviceResult result = wiring.device->read(*wiring.group, values, statuses);
  if (result.kind == DeviceResult::Kind::failed) return fault(result.text);
  if (result.kind == DeviceResult::Kind::end) return supervision().fault.finish(result.text);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = wiring.conversions[i].scale * values[i] + wiring.conversions[i].offset;
  }
  examine(beat, values, statuses);
}

}  // namespace tactus
