#include "app/session/devices.hpp"

#include <algorithm>
#include <exception>

namespace tactus {

void OpenDevices::open(const Program& program) {
  const std::size_t before = held_.size();
  for (const DevicePart& part : program.devices) {
    if (std::ranges::find(held_, part.device, &Held::device) != held_.end()) continue;
    try {
      part.device->open();
    } catch (const std::exception& error) {
      for (; held_.size() > before; held_.pop_back()) close(held_.back());
      throw DeviceError("device " + part.name + ": " + error.what());
    }
    held_.push_back({part.name, part.device});
  }
}

void OpenDevices::keep(const Program* program) {
  const auto is_used = [&](const Held& held) {
    return program != nullptr &&
           std::ranges::find(program->devices, held.device, &DevicePart::device) != program->devices.end();
  };
  for (std::size_t i = held_.size(); i-- > 0;) {
    if (is_used(held_[i])) continue;
    close(held_[i]);
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void OpenDevices::close(const Held& held) {
  try {
    held.device->close();
  } catch (const std::exception& error) {
    problems_.push_back("device " + held.name + ": " + error.what());
  }
}

}  // namespace tactus
