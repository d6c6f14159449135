#pragma once
#include <memory>

#include "device/device.hpp"
#include "interpreter/finding.hpp"
#include "interpreter/plugin_library.hpp"
#include "interpreter/quantity_reader.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// A device with its parameters; not opened.
struct MadeDevice {
  std::shared_ptr<Device> device;  ///< null if something is wrong with it
  std::shared_ptr<const Settings> settings;
};

/// A new instance of the device's driver, and its parameters as the user gave them. What is wrong goes to the
/// findings, and nothing is returned then. Ordinary domain.
MadeDevice make_device(const DeviceSpecification& device, PluginLibrary& library, QuantityReader& quantities,
                       Findings& findings);

/// Configures what `make_device` returned; false if the driver refuses, which goes to the findings. Ordinary
/// domain.
bool configure_device(const MadeDevice& made, const Specification& specification,
                      const DeviceSpecification& device, Findings& findings);

}  // namespace tactus
