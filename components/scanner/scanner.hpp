#pragma once
#include <memory>
#include <span>
#include <vector>

#include "components/component.hpp"
#include "components/scanner/scanner_line.hpp"
#include "device/device.hpp"

namespace tactus {

/// Reads channels of one device and gives them their meaning; each sample passes `judge_sample`. It serves as
/// it is; a plug-in derives from it to examine what was read before anyone else sees it.
class Scanner : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::scanner;

  /// Declares one output for each line. Ordinary domain, once, on a new instance.
  void declare(const std::vector<ScannerLine>& lines);
  /// Puts device and lines into the settings at hand. Ordinary domain, where `configure` runs.
  void attach(Device& device, std::vector<ScannerLine> lines);

  void update(const Beat& beat) final;

  /// What it remembers of its samples. A plug-in with a state of its own calls this from its `state`.
  void state(StateVisitor& visitor) override;

  /// As attached; once it is bound.
  const ScannerLine& line(std::size_t line) const { return wiring_->lines[line]; }
  /// Any thread.
  const InputCounters& counters(std::size_t line) const { return *counters_[line]; }
  std::size_t lines() const { return counters_.size(); }

 protected:
  /// A look at what was read, in the signals' units; values and statuses may be changed. What it calls bad is
  /// treated as the user wants it for that signal (`on_bad`). Real-time.
  virtual void examine(const Beat&, std::span<double> /*values*/, std::span<Status> /*statuses*/) {}

 private:
  struct Wiring {
    Device* device = nullptr;
    std::unique_ptr<ChannelGroup> group;
    std::vector<ScannerLine> lines;
  };
  Derived<Wiring> wiring_{*this};
  std::vector<std::unique_ptr<Output>> signals_;
  std::vector<InputHistory> histories_;
  std::vector<std::unique_ptr<InputCounters>> counters_;
};

}  // namespace tactus
