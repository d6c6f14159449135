#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "components/actuator/output_line.hpp"
#include "components/component.hpp"
#include "device/device.hpp"

namespace tactus {

/// Writes signals to channels of one device, last and always through the chain of `limit_output`.
/// For each line `pump` it has the input `pump`, an input `pump.<interlock>` for each of its gates, and the
/// outputs `pump` (the value applied) and `pump.requested`.
class Actuator : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::actuator;

  /// Declares the ports of the lines. Ordinary domain, once, on a new instance.
  void declare(const std::vector<OutputLine>& lines);
  /// Puts device and lines into the settings at hand. Ordinary domain, where `configure` runs.
  void attach(Device& device, std::vector<OutputLine> lines);

  void start(const Beat&) final;
  void update(const Beat& beat) final;

  /// Writes the safe values instead, slew ignored. Real-time, or ordinary when the engine's task does not
  /// run.
  DeviceResult write_safe();

  const OutputCounters& counters(std::size_t line) const { return *counters_[line]; }
  std::size_t lines() const { return counters_.size(); }

 private:
  struct Wiring {
    Device* device = nullptr;
    std::unique_ptr<ChannelGroup> group;
    std::vector<OutputLine> lines;
    std::vector<double> raw;
  };
  // The frame keeps a line's two signals side by side: applied, requested.
  double& applied(std::size_t line) { return frame_values()[2 * line]; }

  /// What interlocks leave of a request; nothing if the line has to be safe.
  std::optional<double> gated(std::size_t line, double requested);
  DeviceResult write(Wiring& wiring);

  Derived<Wiring> wiring_{*this};
  std::vector<std::unique_ptr<Input>> sources_;
  std::vector<std::vector<std::unique_ptr<Input>>> gates_;  // by line, in the order of its gates
  std::vector<std::unique_ptr<Output>> signals_;
  std::vector<std::unique_ptr<OutputCounters>> counters_;
};

}  // namespace tactus
