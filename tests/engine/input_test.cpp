// What becomes of a bad sample, from the device to the output.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t ms = 1'000'000;
constexpr Status good = Status::good, substituted = Status::substituted, bad = Status::bad;

/// Reads what its test wrote down for each beat.
class ScriptedDevice : public FakeDevice {
 public:
  std::vector<double> script;
  explicit ScriptedDevice(std::vector<double> values) : script(std::move(values)) {}
  DeviceResult advance(const Beat& beat) override {
    now_ = script.at(beat.number);
    return DeviceResult::ok();
  }
  DeviceResult read(const ChannelGroup&, std::span<double> values, std::span<Status> statuses) override {
    std::ranges::fill(values, now_);
    std::ranges::fill(statuses, now_ < 0 && std::isfinite(now_) ? Status::bad : Status::good);
    return DeviceResult::ok();
  }

 private:
  double now_ = 0;
};

/// Thinks that 4 is too much.
class Doubting : public Scanner {
  void examine(const Beat&, std::span<double> values, std::span<Status> statuses) override {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] == 4) statuses[i] = Status::bad;
  }
};

/// A scanner whose signal goes through a controller to an output; a negative sample is a bad one.
struct Path {
  std::shared_ptr<ScriptedDevice> device;
  std::shared_ptr<Scanner> scanner;
  Rig rig;
  Outcome outcome;

  template <class Kind = Scanner>
  static Path run(const ScannerLine& line, std::vector<double> values) {
    return Path(line, std::move(values), std::make_shared<Kind>());
  }
  std::vector<double> levels() const { return column<double>(&Row::values, 0); }
  std::vector<Status> statuses() const { return column<Status>(&Row::statuses, 0); }
  std::vector<Status> controller_statuses() const { return column<Status>(&Row::statuses, 1); }

 private:
  Path(const ScannerLine& line, std::vector<double> values, std::shared_ptr<Scanner> kind)
      : device(std::make_shared<ScriptedDevice>(std::move(values))),
        scanner(std::move(kind)),
        rig({.end_on_fault = true, .beats = device->script.size()}) {
    Bench bench;
    bench.add_device(device);
    bench.add_scanner("in", device, {line}, scanner);
    bench.add<Gain>("gain");
    bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .safe = -1}});
    bench.connect("gain.u", "in.level");
    bench.connect("out.x", "gain.y");
    outcome = rig.run(bench.build());
  }
  template <class T>
  std::vector<T> column(std::vector<T> Row::*of, std::size_t index) const {
    std::vector<T> all;
    for (const Row& row : rig.rows) all.push_back((row.*of)[index]);
    return all;
  }
};

ScannerLine level(const OnBad& on_bad) { return {.signal = "level", .channel = 0, .on_bad = on_bad}; }

TEST(OnBadInput, PassesOnByItself) {
  const Path path = Path::run(level({}), {1, nan, 3, infinity, -5});
  EXPECT_EQ(path.outcome, Outcome::done);
  EXPECT_EQ(path.statuses(), (std::vector<Status>{good, bad, good, bad, bad}));
  EXPECT_TRUE(std::isnan(path.levels()[1])) << "as it was read";
  EXPECT_EQ(path.controller_statuses(), path.statuses()) << "status travels with the value";
  EXPECT_EQ(path.device->written[0], (std::vector<double>{-1, 1, -1, 3, -1, -1, -1}));
}

TEST(OnBadInput, IsHeldThenFaults) {
  const Path path = Path::run(level({.hold_ns = 2 * ms, .then = OnBad::Then::fault}), {1, 2, -1, nan, -1, 6});
  EXPECT_EQ(path.outcome, Outcome::failed);
  EXPECT_EQ(path.device->written[0], (std::vector<double>{-1, 1, 2, 2, 2, -1, -1}));
  const auto faults = path.rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].beat, 4U);
  EXPECT_STREQ(faults[0].component, "in");
  EXPECT_STREQ(faults[0].signal, "level");
  EXPECT_STREQ(faults[0].text, "input is bad");
  EXPECT_EQ(faults[0].value, -1);
}

TEST(OnBadInput, IsHeldThenSubstituted) {
  const OnBad on_bad{.hold_ns = 1 * ms, .then = OnBad::Then::substitute, .value = 9};
  const Path path = Path::run(level(on_bad), {-1, 2, nan, nan, 5});
  EXPECT_EQ(path.outcome, Outcome::done);
  EXPECT_EQ(path.levels(), (std::vector<double>{9, 2, 2, 9, 5}));
  EXPECT_EQ(path.statuses(), (std::vector<Status>{substituted, good, substituted, substituted, good}));
  EXPECT_EQ(path.device->written[0], (std::vector<double>{-1, 9, 2, 2, 9, 5, -1}));
  EXPECT_EQ(path.scanner->counters(0).held.read(), 1U);
  EXPECT_EQ(path.scanner->counters(0).substituted.read(), 2U);
}

TEST(OnBadInput, TakesWhatAPluginExaminedForBad) {
  const Path path = Path::run<Doubting>(level({.hold_ns = 5 * ms, .then = OnBad::Then::fault}), {3, 4, 5});
  EXPECT_EQ(path.levels(), (std::vector<double>{3, 3, 5}));
  EXPECT_EQ(path.statuses(), (std::vector<Status>{good, substituted, good}));
}

TEST(OnBadInput, TakesOutliersAndStuckSensorsForBad) {
  ScannerLine line = level({.hold_ns = 5 * ms, .then = OnBad::Then::fault});
  line.jump = 1000;  // 1 a beat
  line.stuck_ns = 2 * ms;
  const Path path = Path::run(line, {1, 2, 8, 3, 3, 3, 4});
  EXPECT_EQ(path.levels(), (std::vector<double>{1, 2, 2, 3, 3, 3, 4}));
  EXPECT_EQ(path.statuses(), (std::vector<Status>{good, good, substituted, good, good, substituted, good}));
  EXPECT_EQ(path.scanner->counters(0).outliers.read(), 1U);
  EXPECT_EQ(path.scanner->counters(0).stuck.read(), 1U);
  EXPECT_EQ(path.scanner->counters(0).held.read(), 2U);
}

/// Fails on the beats 1 and 2, and offers the next program on beat 1.
class SwapOnBad : public ScriptedDevice {
 public:
  using ScriptedDevice::ScriptedDevice;
  Engine* engine = nullptr;
  std::unique_ptr<Program>* next = nullptr;
  DeviceResult advance(const Beat& beat) override {
    if (beat.number == 1) std::ignore = engine->offer(*next);
    return ScriptedDevice::advance(beat);
  }
};

TEST(OnBadInput, WhatIsHeldOutlivesASwap) {
  const auto device = std::make_shared<SwapOnBad>(std::vector<double>{7, -1, -1, 4});
  const auto build = [&](Bench& bench, const char* unit) {
    ScannerLine line = level({.hold_ns = 100 * ms, .then = OnBad::Then::substitute, .value = 0});
    line.unit = unit;
    bench.add_device(device);
    bench.add_scanner("in", device, {line});
    return bench.build();
  };
  for (const auto& [unit, expected] :
       {std::pair{"V", std::vector<double>{7, 7, 7, 4}}, std::pair{"mV", std::vector<double>{7, 7, 0, 4}}}) {
    Rig rig({.beats = 4});
    Bench first;
    auto program = build(first, "V");
    Bench second(2, program.get());
    auto next = build(second, unit);
    device->engine = &rig.engine();
    device->next = &next;
    rig.run(std::move(program));
    std::vector<double> levels;
    for (const Row& row : rig.rows) levels.push_back(row.values[0]);
    EXPECT_EQ(levels, expected) << unit << ": what was read in another unit is no good any more";
  }
}

}  // namespace
}  // namespace tactus::test
