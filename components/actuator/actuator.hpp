#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "components/actuator/output_line.hpp"
#include "components/component.hpp"
#include "device/device.hpp"

namespace tactus {

/// How far an output is on its way to safe.
enum class SafeWay : std::uint8_t {
  there,
  nearer,   ///< than it was
  waiting,  ///< for others, or for time to pass
};

/// Writes signals to channels of one device, last and always through the chain of `limit_output`.
/// For each line `pump` it has the input `pump`, an input `pump.<interlock>` for each of its gates, and the
/// outputs `pump` (the value applied) and `pump.requested`. What is applied is `good`, or `substituted` when
/// it is not what was asked for because the output has to be safe; the request carries the status of its
/// source.
///
/// An output that has to be safe keeps its value during `update`: it is the engine that moves it there, after
/// all actuators had their turn, since one output may have to wait for those of other actuators.
class Actuator : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::actuator;

  /// Declares the ports of the lines. Ordinary domain, once, on a new instance.
  void declare(const std::vector<OutputLine>& lines);
  /// Puts device and lines into the settings at hand. Ordinary domain, where `configure` runs.
  void attach(Device& device, std::vector<OutputLine> lines);

  void start(const Beat&) final;
  void update(const Beat& beat) final;
  /// What it remembers beside its frame.
  void state(StateVisitor& visitor) final;

  /// From now on a line has to be safe, whatever is asked for; or no longer. It takes effect in the beat at
  /// hand if that comes before the actuators' turn. Real-time.
  void force_safe(std::size_t line, bool forced);

  // The way to safe, which the engine goes. Real-time; or ordinary when the engine's task does not run.

  bool has_to_be_safe(std::size_t line, SafeOccasion occasion) const;
  /// Moves a line nearer to safe, as far as it may in `elapsed` seconds; none if it has to wait for others.
  SafeWay make_safe(std::size_t line, SafeOccasion occasion, std::optional<double> elapsed);
  /// Writes the values that are applied.
  DeviceResult write();

  /// Any thread.
  const OutputCounters& counters(std::size_t line) const { return *counters_[line]; }
  std::size_t lines() const { return counters_.size(); }

 private:
  struct Wiring {
    Device* device = nullptr;
    std::unique_ptr<ChannelGroup> group;
    std::vector<OutputLine> lines;
    std::vector<double> next;  // values of the beat at hand, until all of them are known
    std::vector<double> raw;
  };
  struct LineState {
    bool forced = false;     // to be safe, from outside
    bool cut_off = false;    // its source is stale or bad
    bool tripped = false;    // an interlock wants it safe
    bool made_safe = false;  // since the last update
    bool must_be_safe() const { return forced || cut_off || tripped; }
  };
  // The frame keeps a line's two signals side by side: applied, requested.
  double& applied(std::size_t line) { return frame_values()[2 * line]; }
  bool kept_safe(std::size_t line) const { return supervision().inhibited || states_[line].must_be_safe(); }
  /// What interlocks leave of a request; nothing if the line has to be safe.
  std::optional<double> gated(std::size_t line, double requested);

  Derived<Wiring> wiring_{*this};
  std::vector<std::unique_ptr<Input>> sources_;
  std::vector<std::vector<std::unique_ptr<Input>>> gates_;  // by line, in the order of its gates
  std::vector<std::unique_ptr<Output>> signals_;
  std::vector<std::unique_ptr<OutputCounters>> counters_;
  std::vector<LineState> states_;
};

}  // namespace tactus
