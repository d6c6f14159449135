// A fault skips what is left of the beat, and safe values go out in that very beat.

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

struct Loop {
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  std::shared_ptr<Culprit> culprit;
  std::shared_ptr<Actuator> actuator;
  std::unique_ptr<Program> program;

  explicit Loop(Culprit::Deed deed, OutputLine line = {.signal = "x", .channel = 4, .safe = -1}) {
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
