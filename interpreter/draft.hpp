#pragma once
// A program in the making: what the compiler knows of each device and component while it works. Private to
// the compiler's files.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "components/actuator/actuator.hpp"
#include "components/component.hpp"
#include "components/scanner/scanner.hpp"
#include "device/device.hpp"
#include "engine/program_builder.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

struct DraftDevice {
  const DeviceSpecification* specification = nullptr;
  std::shared_ptr<Device> device;  ///< null if it could not be made
  std::shared_ptr<const Settings> settings;
  std::vector<Channel> channels;
};

/// The signal behind an input.
struct DraftSource {
  std::size_t component = 0;
  std::size_t output = 0;
  const ConnectionSpecification* specification = nullptr;
};

struct DraftComponent {
  const ComponentSpecification* specification = nullptr;
  std::string plugin;
  std::shared_ptr<Component>
      instance;  ///< null if it could not be made: its signals are unknown, and not missed
  Settings settings;
  DraftDevice* device = nullptr;  ///< of a scanner or an actuator
  std::vector<ScannerLine> inputs;
  std::vector<OutputLine> outputs;
  std::vector<std::optional<DraftSource>> sources;  ///< by input of the instance
  bool usable = true;  ///< false once something was found that keeps it from running
};

/// What the modes of a region mean, but for the conversions of units that its wires may need.
struct DraftModes {
  struct Wire {
    std::size_t component;
    std::size_t input;
    std::vector<std::optional<DraftSource>> sources;  ///< by mode; none: as it is connected
  };
  NewModes modes;
  std::vector<Wire> wires{};
};

using DraftDevices = std::map<std::string, DraftDevice, std::less<>>;
using DraftComponents = std::vector<DraftComponent>;

}  // namespace tactus
