#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "components/component.hpp"
#include "device/device.hpp"

namespace tactus {

/// One signal of a scanner: signal = scale x raw + offset, where raw is in the channel's unit.
struct ScannerLine {
  std::string signal;
  std::string unit = "1";
  std::size_t channel = 0;  ///< index into Device::channels()
  double scale = 1;
  double offset = 0;
};

/// Reads channels of one device and gives them their meaning. It serves as it is; a plug-in derives from it
/// to examine what was read (outliers, a sensor that is stuck) before anyone else sees it.
class Scanner : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::scanner;

  /// Declares one output for each line. Ordinary domain, once, on a new instance.
  void declare(const std::vector<ScannerLine>& lines);
  /// Puts device and lines into the settings at hand. Ordinary domain, where `configure` runs.
  void attach(Device& device, const std::vector<ScannerLine>& lines);

  void update(const Beat& beat) final;

 protected:
  /// A look at what was read, in the signals' units; values and statuses may be changed. Real-time.
  virtual void examine(const Beat&, std::span<double> /*values*/, std::span<Status> /*statuses*/) {}

 private:
  struct Conversion {
    double scale;
    double offset;
  };
  struct Wiring {
    Device* device = nullptr;
    std::unique_ptr<ChannelGroup> group;
    std::vector<Conversion> conversions;
  };
  Derived<Wiring> wiring_{*this};
  std::vector<std::unique_ptr<Output>> signals_;
};

}  // namespace tactus
