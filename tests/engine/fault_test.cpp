// A fault skips what is left of the beat, and safe values go out in that very beat.

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

struct Loop {
  std::shared_ptr<FakeDevice> device;
  std::shared_ptr<Culprit> culprit;
  std::shared_ptr<Actuator> actuator;
  std::unique_ptr<Program> program;

  explicit Loop(Culprit::Deed deed, OutputLine line = {.signal = "x", .channel = 4, .safe = -1},
                std::shared_ptr<FakeDevice> on = std::make_shared<FakeDevice>())
      : device(std::move(on)) {
    Bench bench;
    bench.add_device(device);
    bench.add_scanner("in", device, {{.signal = "x", .channel = 0}});
    culprit = bench.add<Culprit>("culprit");
    culprit->deed = deed;
    actuator = bench.add_actuator("out", device, {line});
    bench.connect("culprit.u", "in.x");
    bench.connect("out.x", "culprit.y");
    program = bench.build();
  }
};

struct Case {
  const char* name;
  Culprit::Deed deed;
  const char* reason;
  const char* component;
};

void PrintTo(const Case& instance, std::ostream* out) { *out << instance.name; }

class Faults : public testing::TestWithParam<Case> {};

TEST_P(Faults, GoSafeWithinTheBeat) {
  Loop loop(GetParam().deed);
  Rig rig({.end_on_fault = true});
  EXPECT_EQ(rig.run(std::move(loop.program)), Outcome::failed);
  // safe at the start, beats 0 to 4, safe in beat 5, safe at the end
  EXPECT_EQ(loop.device->written[0], (std::vector<double>{-1, 0, 1, 2, 3, 4, -1, -1}));
  ASSERT_EQ(rig.rows.size(), 6U);
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].beat, 5U);
  EXPECT_STREQ(faults[0].text, GetParam().reason);
  EXPECT_STREQ(faults[0].component, GetParam().component);
}

INSTANTIATE_TEST_SUITE_P(
    All, Faults,
    testing::Values(Case{"Throws", Culprit::Deed::throws, "valve stuck", "culprit"},
                    Case{"NotANumber", Culprit::Deed::not_a_number, "output is not finite", "out"},
                    Case{"Infinite", Culprit::Deed::infinite, "output is not finite", "out"},
                    Case{"Says", Culprit::Deed::faults, "no water", "culprit"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Faults, StateHoldsOutputsSafeUntilReset) {
  Rig rig({.beats = 8});
  // The reset comes with the program, from within: the engine is alone on its thread here.
  class Resetter : public Generator {
   public:
    Engine* engine = nullptr;
    Output y{*this, "y"};
    void update(const Beat& beat) override {
      y = 0;
      if (beat.number == 5) std::ignore = engine->command(EngineCommand::reset);
    }
  };
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  bench.add_device(device);
  bench.add<Resetter>("resetter")->engine = &rig.engine();
  bench.add_scanner("in", device, {{.signal = "x", .channel = 0}});
  bench.add<Culprit>("culprit")->deed = Culprit::Deed::throws;
  bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .safe = -1}});
  bench.connect("culprit.u", "in.x");
  bench.connect("out.x", "culprit.y");
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  EXPECT_EQ(device->written[0], (std::vector<double>{-1, 0, 1, 2, 3, 4, -1, 6, 7, -1}));
  EXPECT_EQ(rig.engine().status().faults(), 1U);
}

/// Fails once, on beat 5.
class FailingDevice : public FakeDevice {
 public:
  enum class At { advance, read, write } at = At::advance;
  bool throws = false;

  DeviceResult advance(const Beat& beat) override {
    now_ = beat.number;
    return fails(At::advance) ? failure() : FakeDevice::advance(beat);
  }
  DeviceResult read(const ChannelGroup& group, std::span<double> values,
                    std::span<Status> statuses) override {
    return fails(At::read) ? failure() : FakeDevice::read(group, values, statuses);
  }
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override {
    return fails(At::write) ? failure() : FakeDevice::write(group, values);
  }

 private:
  bool fails(At where) {
    if (at != where || now_ != 5 || failed_) return false;
    return failed_ = true;
  }
  DeviceResult failure() const {
    if (throws) throw std::runtime_error("out of order");
    return DeviceResult::failed("out of order");
  }
  std::uint64_t now_ = 0;
  bool failed_ = false;
};

struct DeviceCase {
  const char* name;
  FailingDevice::At at;
  bool throws;
  const char* component;
};

void PrintTo(const DeviceCase& instance, std::ostream* out) { *out << instance.name; }

class DeviceFaults : public testing::TestWithParam<DeviceCase> {};

TEST_P(DeviceFaults, GoSafeWithinTheBeat) {
  const auto device = std::make_shared<FailingDevice>();
  device->at = GetParam().at;
  device->throws = GetParam().throws;
  Loop loop(Culprit::Deed::none, {.signal = "x", .channel = 4, .safe = -1}, device);
  Rig rig({.end_on_fault = true});
  EXPECT_EQ(rig.run(std::move(loop.program)), Outcome::failed);
  EXPECT_EQ(device->written[0], (std::vector<double>{-1, 0, 1, 2, 3, 4, -1, -1}));
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].beat, 5U);
  EXPECT_STREQ(faults[0].text, "out of order");
  EXPECT_STREQ(faults[0].component, GetParam().component);
  EXPECT_EQ(rig.rows.size(), 6U);
}

INSTANTIATE_TEST_SUITE_P(All, DeviceFaults,
                         testing::Values(DeviceCase{"AdvanceFails", FailingDevice::At::advance, false, "rig"},
                                         DeviceCase{"AdvanceThrows", FailingDevice::At::advance, true, "rig"},
                                         DeviceCase{"ReadFails", FailingDevice::At::read, false, "in"},
                                         DeviceCase{"ReadThrows", FailingDevice::At::read, true, "in"},
                                         DeviceCase{"WriteFails", FailingDevice::At::write, false, "out"},
                                         DeviceCase{"WriteThrows", FailingDevice::At::write, true, "out"}),
                         [](const auto& instance) { return instance.param.name; });

// In what is recorded of the beat of a fault, everything has its place: in the order of the steps
// in, early, culprit, late, slow, out.
struct Recorded {
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  Bench bench;
  std::shared_ptr<Culprit> culprit;

  explicit Recorded(Culprit::Deed deed) {
    bench.add_device(device);
    bench.add_scanner("in", device, {{.signal = "x", .channel = 0}});
    bench.add<Gain>("early");
    culprit = bench.add<Culprit>("culprit");
    culprit->deed = deed;
    bench.add<Gain>("late");
    bench.add<Counter>("slow", {}, {4, 0});
    bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .safe = -1}}, {4, 0});
    bench.connect("early.u", "in.x");
    bench.connect("culprit.u", "early.y");
    bench.connect("late.u", "culprit.y");
    bench.connect("out.x", "late.y");
  }
  static std::map<std::string, std::size_t> places(const Program& program) {
    std::map<std::string, std::size_t> all;
    for (const ComponentLayout& component : program.layout->components)
      all[component.component] = component.first;
    return all;
  }
};

TEST(TheBeatOfAFault, IsRecordedWithWhatRanAndWithItsSafeOutputs) {
  Recorded experiment(Culprit::Deed::throws);
  auto program = experiment.bench.build();
  const auto place = Recorded::places(*program);
  Rig rig({.end_on_fault = true});
  EXPECT_EQ(rig.run(std::move(program)), Outcome::failed);
  const Row& row = rig.rows.back();
  EXPECT_EQ(row.head.beat, 5U);
  EXPECT_EQ(row.rates, (std::vector<std::uint64_t>{5, 5})) << "every component has a row, the slow ones, too";
  const auto at = [&](const char* name, std::size_t signal = 0) { return place.at(name) + signal; };
  EXPECT_EQ(row.values[at("in")], 5);
  EXPECT_EQ(row.statuses[at("in")], Status::good);
  EXPECT_EQ(row.values[at("early")], 5);
  EXPECT_EQ(row.statuses[at("early")], Status::good);
  EXPECT_EQ(row.values[at("culprit")], 5) << "what it had put out before it threw";
  EXPECT_EQ(row.values[at("late")], 4) << "skipped: the last beat's";
  EXPECT_EQ(row.statuses[at("late")], Status::stale);
  EXPECT_EQ(row.statuses[at("slow")], Status::stale) << "not its turn";
  EXPECT_EQ(row.values[at("out")], -1) << "applied";
  EXPECT_EQ(row.statuses[at("out")], Status::substituted);
  EXPECT_EQ(row.values[at("out", 1)], 4) << "requested on its turn before";
  EXPECT_EQ(row.statuses[at("out", 1)], Status::stale);
}

TEST(TheBeatOfAFault, ThatWasTrippedHasARowOfEverything) {
  Recorded experiment(Culprit::Deed::none);
  auto program = experiment.bench.build();
  const auto place = Recorded::places(*program);
  Rig rig({.beats = 9});
  World world(rig, {after_beat(4, rig, EngineCommand::trip), after_beat(6, rig, EngineCommand::reset)});
  EXPECT_EQ(rig.run(std::move(program)), Outcome::done);
  ASSERT_EQ(rig.rows.size(), 9U);
  const Row& row = rig.rows[5];
  EXPECT_EQ(row.rates, (std::vector<std::uint64_t>{5, 5}));
  for (const char* name : {"in", "early", "culprit", "late", "slow"})
    EXPECT_EQ(row.statuses[place.at(name)], Status::stale) << name << " did not run";
  EXPECT_EQ(row.values[place.at("out")], -1);
  EXPECT_EQ(row.statuses[place.at("out")], Status::substituted);
  EXPECT_EQ(rig.rows[6].rates, (std::vector<std::uint64_t>{6, 4})) << "the schedules know nothing of it";
  for (const char* name : {"in", "early", "culprit", "late"})
    EXPECT_EQ(rig.rows[6].statuses[place.at(name)], Status::good) << name;
  EXPECT_EQ(rig.rows[6].statuses[place.at("slow")], Status::good) << "nor does its frame";
}

TEST(Faults, DeviceErrors) {
  {
    Loop loop(Culprit::Deed::none);
    loop.device->fail_reads = 1;
    Rig rig({.end_on_fault = true});
    EXPECT_EQ(rig.run(std::move(loop.program)), Outcome::failed);
    EXPECT_STREQ(rig.events_of(EventKind::fault)[0].text, "read error");
    EXPECT_STREQ(rig.events_of(EventKind::fault)[0].component, "in");
    EXPECT_EQ(loop.device->written[0], (std::vector<double>{-1, -1, -1}));
  }
  {
    Loop loop(Culprit::Deed::none);
    loop.device->fail_writes = 2;  // the safe write at the start, which is tried again, and once more
    Rig rig({.end_on_fault = true, .beats = 3});
    EXPECT_EQ(rig.run(std::move(loop.program)), Outcome::failed);
    EXPECT_EQ(rig.engine().status().safe_writes_failed(), 1U);
    EXPECT_EQ(loop.device->written[0], (std::vector<double>{-1, -1}));
  }
}

class FailedSafeWrites : public testing::TestWithParam<bool> {};

TEST_P(FailedSafeWrites, AreTriedAgainOnEveryTickAndHoldUpNoOtherOutput) {
  class Saboteur : public Generator {
   public:
    FakeDevice* device = nullptr;
    Engine* engine = nullptr;
    Output y{*this, "y"};
    void update(const Beat& beat) override {
      y = 1;
      if (beat.number != 2) return;
      device->fail_writes = 4;  // this beat's write, then three safe ones
      fault("sabotage");
    }
  };
  Bench bench;
  const auto device = std::make_shared<FakeDevice>();
  bench.add_device(device);
  const auto saboteur = bench.add<Saboteur>("s");
  const auto other = std::make_shared<FakeDevice>();
  bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .safe = -1}});
  bench.add_actuator("other", other, {{.signal = "x", .channel = 4, .safe = -2}});
  bench.connect("out.x", "s.y");
  bench.connect("other.x", "s.y");
  Rig rig;
  device->failing_throws = GetParam();
  saboteur->device = device.get();
  // A second task ends the run ten ticks later; it stands for the rest of the world.
  kernel::Stack stack;
  const auto end = [&rig] {
    rig.kernel().sleep_until(12'500'000);
    std::ignore = rig.engine().command(EngineCommand::stop);
  };
  kernel::Task world(rig.kernel(), "world", 1, kernel::Entry(end), stack);
  world.start();
  EXPECT_EQ(rig.run(bench.build()), Outcome::done);
  EXPECT_EQ(rig.engine().status().safe_writes_failed(), 4U);
  EXPECT_EQ(device->written[0], (std::vector<double>{-1, 1, 1, -1, -1}));
  EXPECT_EQ(other->written[0], (std::vector<double>{-2, 1, 1, -2, -2, -2, -2, -2, -2}));
}

INSTANTIATE_TEST_SUITE_P(All, FailedSafeWrites, testing::Bool(),
                         [](const auto& instance) { return instance.param ? "Throw" : "SaySo"; });

TEST(Limits, ClampIsCounted) {
  Loop loop(Culprit::Deed::huge, {.signal = "x", .channel = 4, .low = -5, .high = 3, .safe = -1});
  Rig rig({.beats = 7});
  EXPECT_EQ(rig.run(std::move(loop.program)), Outcome::done);
  EXPECT_EQ(loop.device->written[0], (std::vector<double>{-1, 0, 1, 2, 3, 3, 3, 3, -1}));
  EXPECT_EQ(loop.actuator->counters(0).limited.read(), 3U);
  EXPECT_EQ(rig.rows[5].values[3], 1e6) << "requested";
  EXPECT_EQ(rig.rows[5].values[2], 3) << "applied";
}

TEST(Limits, FaultPolicyFaults) {
  Loop loop(Culprit::Deed::huge, {.signal = "x",
                                  .channel = 4,
                                  .low = -5,
                                  .high = 100,
                                  .on_limit = OutputLine::OnLimit::fault,
                                  .safe = -1});
  Rig rig({.end_on_fault = true, .beats = 7});
  EXPECT_EQ(rig.run(std::move(loop.program)), Outcome::failed);
  EXPECT_EQ(loop.device->written[0], (std::vector<double>{-1, 0, 1, 2, 3, 4, -1, -1}));
  const auto faults = rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_STREQ(faults[0].signal, "x");
  EXPECT_EQ(faults[0].value, 1e6);
}

TEST(Limits, SlewFollowsTheTimeElapsed) {
  Loop loop(Culprit::Deed::huge,
            {.signal = "x", .channel = 4, .slew = 500, .safe = -1, .raw_min = -10, .raw_max = 10});
  Rig rig({.beats = 7});
  rig.run(std::move(loop.program));
  // 0.5 a beat
  EXPECT_EQ(loop.device->written[0], (std::vector<double>{-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, -1}));
}

TEST(Limits, BadSourceMakesItsOutputSafeWithoutAFault) {
  Loop loop(Culprit::Deed::none);
  loop.device->status = Status::bad;
  Rig rig({.beats = 3});
  EXPECT_EQ(rig.run(std::move(loop.program)), Outcome::done);
  EXPECT_EQ(loop.device->written[0], (std::vector<double>{-1, -1, -1, -1, -1}));
  EXPECT_EQ(loop.actuator->counters(0).made_safe.read(), 3U);
}

TEST(Limits, SafeHoldStaysWhereItIs) {
  Loop loop(Culprit::Deed::throws, {.signal = "x", .channel = 4, .safe_hold = true});
  Rig rig({.end_on_fault = true});
  rig.run(std::move(loop.program));
  EXPECT_EQ(loop.device->written[0], (std::vector<double>{0, 0, 1, 2, 3, 4, 4, 4}));
}

}  // namespace
}  // namespace tactus::test
