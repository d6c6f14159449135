// A device for tests: `ai*` read back what was written to `ao*`, so a program can be run by hand and looked
// at.
#include <array>

#include "tactus.hpp"

namespace {

using namespace tactus;

class Rig : public Device {
 public:
  std::vector<Channel> channels() const override {
    return {{"ai0", Direction::input, "V", -10, 10, 0},       {"ai1", Direction::input, "count", 0, 65535, 1},
            {"ai2", Direction::input, "degC", -200, 1200, 0}, {"ai3", Direction::input, "", -10, 10, 0},
            {"ao0", Direction::output, "V", -10, 10, 0},      {"ao1", Direction::output, "mA", 0, 20, 0}};
  }
  bool is_hardware() const override { return false; }
  void configure(Configuration& configuration) override {
    if (noise > 1 && seed == 0) configuration.refuse("seed", "must not be 0 with so much noise");
  }
  DeviceResult read(const ChannelGroup& group, std::span<double> values,
                    std::span<Status> statuses) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t channel = group.channels()[i];
      values[i] = channel == 0 ? held_[0] : channel == 1 ? 100.0 : channel == 2 ? 20.0 : 1.0;
      statuses[i] = Status::good;
    }
    return DeviceResult::ok();
  }
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override {
    for (std::size_t i = 0; i < values.size(); ++i) held_[group.channels()[i] - 4] = values[i];
    return DeviceResult::ok();
  }

 private:
  Parameter<double> noise{*this, "noise", {.unit = "V", .initial = 0.0, .min = 0, .max = 5}, "of the inputs"};
  Parameter<std::int64_t> seed{*this, "seed", {.initial = 1, .min = 0}, "of the noise"};
  std::array<double, 2> held_{};
};
TACTUS_PLUGIN(Rig, "rig", "wires its outputs to its inputs")

class HardRig : public Rig {
 public:
  bool is_hardware() const override { return true; }
};
TACTUS_PLUGIN(HardRig, "rig/hard", "the same, taken for hardware")

class BrokenRig : public Rig {
 public:
  void configure(Configuration&) override { throw DeviceError("the rig is broken"); }
};
TACTUS_PLUGIN(BrokenRig, "rig/broken", "refuses all")

}  // namespace
