#include "interpreter/device_maker.hpp"

#include "interpreter/parameters.hpp"

namespace tactus {

MadeDevice make_device(const DeviceSpecification& device, PluginLibrary& library, QuantityReader& quantities,
                       Findings& findings) {
  MadeDevice made;
  if (device.driver.text.empty()) return made;  // found already
  try {
    auto instance = PluginLibrary::create(library.find(device.driver.text, PluginKind::device));
    made.device = std::shared_ptr<Device>(static_cast<Device*>(instance.release()));
  } catch (const PluginError& error) {
    findings.error(device.driver.position, error.what());
    return made;
  }
  const std::size_t before = findings.errors();
  ParameterFiller filler(*made.device, "device " + device.name, device.position, quantities, findings);
  made.settings = std::make_shared<Settings>(
      filler.fill(device.parameters, schema::device, [&](const std::string& declared) -> ResolvedUnit {
        try {
          return {Unit::parse(declared)};
        } catch (const UnitError& error) {
          findings.error(device.driver.position, "driver " + device.driver.text + ": " + error.what());
          return {};
        }
      }));
  if (findings.errors() > before) made.device = nullptr;
  return made;
}

bool configure_device(const MadeDevice& made, const Specification& specification,
                      const DeviceSpecification& device, Findings& findings) {
  made.device->bind(*made.settings);
  const HeartbeatSpecification& heartbeat = specification.heartbeat;
  Configuration told(heartbeat.period.seconds(), heartbeat.virtual_time, specification.directory);
  return configure(*made.device, told, device.parameters, "device " + device.name, device.position, findings);
}

}  // namespace tactus
