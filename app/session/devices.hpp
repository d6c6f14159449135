#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/program.hpp"

namespace tactus {

/// The devices that this process holds open. Ordinary domain.
class OpenDevices {
 public:
  OpenDevices() = default;
  ~OpenDevices() { keep(nullptr); }
  OpenDevices(const OpenDevices&) = delete;
  OpenDevices& operator=(const OpenDevices&) = delete;

  /// Opens the devices of a program that are not open yet, in its order: all of them, or none and
  /// DeviceError.
  void open(const Program& program);
  /// Closes all but those of the program (null: all), the last one opened first. What goes wrong is kept.
  void keep(const Program* program);

  /// What went wrong on closing, a line for each device.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct Held {
    std::string name;
    std::shared_ptr<Device> device;
  };
  void close(const Held& held);

  std::vector<Held> held_;
  std::vector<std::string> problems_;
};

}  // namespace tactus
