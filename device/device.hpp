#pragma once
// The border to the hardware. A device moves numbers in its own units (volts, bits, counts); what they mean
// is the business of scanners and actuators.

#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "mediator/status.hpp"
#include "plugin/beat.hpp"
#include "plugin/configurable.hpp"
#include "plugin/registration.hpp"

namespace tactus {

enum class Direction : std::uint8_t { input, output };

/// One line of a device, as the device describes it once it is configured.
struct Channel {
  std::string name;  ///< such as `ai0`
  Direction direction = Direction::input;
  std::string unit;  ///< of the numbers that cross the border: `V`, `count`, `1`
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  double resolution = 0;  ///< one quantum; 0: continuous
};

/// How an operation of a device ended. The text is a literal, so that the real-time domain can pass it on.
struct DeviceResult {
  enum class Kind : std::uint8_t { ok, end, failed } kind = Kind::ok;
  const char* text = "";

  static DeviceResult ok() { return {}; }
  /// There is nothing more to come (a record played to its end): the run ends with success.
  static DeviceResult end(const char* text) { return {Kind::end, text}; }
  static DeviceResult failed(const char* text) { return {Kind::failed, text}; }
};

/// Thrown by a device in the ordinary domain: cannot be opened, is busy, is not there.
class DeviceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The channels that one scanner or actuator uses together: made by the device for one program, constant
/// after that. A driver derives from it to keep what it prepared (an instruction list, a buffer).
class ChannelGroup {
 public:
  explicit ChannelGroup(std::vector<std::size_t> channels) : channels_(std::move(channels)) {}
  virtual ~ChannelGroup() = default;
  /// Indices into Device::channels(), in the order of the values.
  std::span<const std::size_t> channels() const { return channels_; }

 private:
  std::vector<std::size_t> channels_;
};

/// Writes safe values when the engine no longer can: used by the supervisor from another process, with
/// descriptors of its own.
class SafeWriter {
 public:
  virtual ~SafeWriter() = default;
  virtual DeviceResult write(std::span<const std::size_t> channels, std::span<const double> values) = 0;
};

/// The interface of every driver.
class Device : public Configurable {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::device;

  /// All channels, in a fixed order. Ordinary domain, after `configure`.
  virtual std::vector<Channel> channels() const = 0;

  /// True if its outputs move something in the world. The simulator's do not.
  virtual bool is_hardware() const { return true; }

  /// Takes hold of the hardware; throws DeviceError. Ordinary domain, before the first beat.
  virtual void open() {}
  /// Lets go of it and completes what was written. Ordinary domain, after the last beat.
  virtual void close() {}

  /// Prepares channels to be read or written together. Ordinary domain; may run while the device is in use.
  virtual std::unique_ptr<ChannelGroup> group(Direction, std::vector<std::size_t> channels) {
    return std::make_unique<ChannelGroup>(std::move(channels));
  }

  /// Tells the time, once per beat before any scanner. A simulator integrates to it with its outputs held.
  /// Real-time.
  virtual DeviceResult advance(const Beat&) { return DeviceResult::ok(); }
  /// Reads one value and one status for each channel of the group. Real-time.
  virtual DeviceResult read(const ChannelGroup& group, std::span<double> values,
                            std::span<Status> statuses) = 0;
  /// Writes one value for each channel of the group; they are finite and within the channels' ranges.
  /// Real-time.
  virtual DeviceResult write(const ChannelGroup& group, std::span<const double> values) = 0;

  /// See SafeWriter; null if the device has none. Ordinary domain.
  virtual std::unique_ptr<SafeWriter> safe_writer() { return nullptr; }
};

}  // namespace tactus
