// Programs compiled from text do what the text says.
#include <gtest/gtest.h>

#include "components/scanner/scanner.hpp"
#include "tests/interpreter/by_hand.hpp"
#include "tests/interpreter/experiment.hpp"

namespace tactus::testing {
namespace {

struct Running : Experiment {
  explicit Running(const std::string& text) : Experiment(text) {
    EXPECT_EQ(findings.to_text(), "");
    if (compiled) hand.emplace(*compiled->program);
  }
  std::optional<ByHand> hand;
};

TEST(Program, TheLoopClosesOverTheDevice) {
  Running run(loop);
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("wanted", "value"), 3);
  EXPECT_EQ(run.hand->value("sensor", "level"), 0);
  EXPECT_EQ(run.hand->value("loop", "output"), 1.5);
  EXPECT_EQ(run.hand->value("drive", "pump"), 1.5);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("sensor", "level"), 1.5);
  EXPECT_EQ(run.hand->value("loop", "output"), 0.75);
}

TEST(Program, LimitsAndSlewAreInTheUnitOfTheOutput) {
  Running run(replaced(loop_with("kp: 0.5", "kp: 50"), "slew: 100 V/s", "slew: 6 V/min"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("drive", "pump.requested"), 150);
  EXPECT_NEAR(run.hand->value("drive", "pump"), 1 + 0.1 * 0.01, 1e-12);
}

TEST(Program, ADifferentUnitIsConvertedOnTheWay) {
  Running run(loop_with("level: 3 V", "level: 3000 mV"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("wanted", "value"), 3000);
  EXPECT_EQ(run.hand->value("loop.setpoint.unit", "value"), 3);
  EXPECT_EQ(run.hand->value("loop", "output"), 1.5);
}

TEST(Program, ReadsWhatTheActuatorAppliedOnTheLastBeat) {
  Running run(loop_with("measurement: sensor.level}", "measurement: sensor.level, extra: drive.pump}"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);  // begins at the safe 1 V
  EXPECT_EQ(run.hand->value("loop", "output"), 0.5 * (3 - 0) + 1);
  EXPECT_EQ(run.hand->value("drive", "pump"), 2);  // not more than 1 V in 10 ms
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("loop", "output"), 0.5 * (3 - 2) + 2);
}

TEST(Program, ADelayGivesTheInitialValueFirst) {
  Running run(
      loop_with("controllers:\n",
                "observers:\n  count: {plugin: parts/sum, inputs: {a: wanted.value, b: {signal: count.value, "
                "delay: 2, initial: 500 mV}}}\ncontrollers:\n"));
  ASSERT_TRUE(run.hand);
  run.hand->run(2);
  EXPECT_EQ(run.hand->value("count", "value"), 3.5);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("count", "value"), 6.5);
}

TEST(Program, ASlowComponentHasItsTurns) {
  Running run(
      loop_with("level: 3 V", "level: 3 V, shape: ramp, period: 1 s, schedule: {every: 30 ms, offset: 1}"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("wanted", "value"), 0);
  run.hand->run(3);
  EXPECT_EQ(run.hand->value("wanted", "value"), 0.01);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("wanted", "value"), 0.04);
}

TEST(Program, ScaleAndOffsetGiveRawNumbersTheirMeaning) {
  Running run(loop_with("level: {channel: ai0, unit: V}",
                        "level: {channel: ai0, unit: V}\n"
                        "      width: {channel: ai1, unit: mm, scale: 5 um/count, offset: -1 cm}\n"
                        "      warm: {channel: ai2, unit: K}\n"
                        "      cool: {channel: ai2, unit: degF, offset: 1 K}\n"
                        "      bare: {channel: ai3, unit: bar}\n"
                        "      raw: {channel: ai1}"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_DOUBLE_EQ(run.hand->value("sensor", "width"), 100 * 0.005 - 10);
  EXPECT_DOUBLE_EQ(run.hand->value("sensor", "warm"), 293.15);
  EXPECT_NEAR(run.hand->value("sensor", "cool"), 68 + 1.8, 1e-9);
  EXPECT_EQ(run.hand->value("sensor", "bare"), 1);
  EXPECT_EQ(run.hand->value("sensor", "raw"), 100);
}

TEST(Program, AnOutputIsWrittenInTheUnitOfItsChannel) {
  const std::string text =
      loop_with("generators:\n",
                "observers:\n"
                "  flame: {plugin: parts/sum, inputs: {a: warmth.value, b: warmth.value}}\n"
                "generators:\n"
                "  warmth: {plugin: parts/wave, level: 3 mA}\n");
  Running run(
      replaced(text, "safe: 1 V}",
               "safe: 1 V}\n"
               "      heat: {channel: ao1, unit: A, from: flame.value, limits: [1 mA, 10 mA], safe: 5 mA}"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_DOUBLE_EQ(run.hand->value("flame", "value"), 6);
  EXPECT_DOUBLE_EQ(run.hand->value("drive", "heat"), 0.006);
  const OutputLine& line = run.compiled->program->parts.back().lines.at(1);
  EXPECT_DOUBLE_EQ(line.scale, 0.001);
  EXPECT_DOUBLE_EQ(line.low, 0.001);
  EXPECT_DOUBLE_EQ(line.safe, 0.005);
}

TEST(Program, ABadInputIsTreatedAsTheTextSays) {
  Running run(
      loop_with("    device: rig\n    channels:\n      level: {channel: ai0, unit: V}",
                "    plugin: parts/doubting\n    device: rig\n    channels:\n"
                "      level: {channel: ai0, unit: mV, on_bad: {hold: 20 ms, then: {substitute: 7 V}}}\n"
                "      count: {channel: ai1, unit: count, on_bad: {substitute: 3 count}}\n"
                "      warm: {channel: ai2, outlier: {jump: 6 K/min}, stuck: 1 h, on_bad: bad}"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);  // `doubting` takes all above 1 for bad: the 100 counts are
  EXPECT_EQ(run.hand->value("sensor", "count"), 3);
  run.hand->run(2);  // the 2 V of the last beat are 2000 mV; 0 mV were good two beats ago
  EXPECT_EQ(run.hand->value("sensor", "level"), 0);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("sensor", "level"), 7000);
}

TEST(Program, ABadInputFaultsWhereTheTextSaysSo) {
  Running run(loop_with("    device: rig\n    channels:\n      level: {channel: ai0, unit: V}",
                        "    plugin: parts/doubting\n    device: rig\n    channels:\n"
                        "      level: {channel: ai0, unit: V, on_bad: fault}\n"
                        "      warm: {channel: ai2, unit: K, on_bad: fault}"));
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_STREQ(run.hand->fault().signal(), "warm");
  EXPECT_DOUBLE_EQ(run.hand->fault().value(), 293.15);
}

TEST(Program, ChecksOfAnInputAreInItsUnit) {
  const Experiment experiment(loop_with(
      "unit: V}", "unit: mV, outlier: {jump: 6 V/min}, stuck: 1 h, on_bad: {hold: .inf, then: bad}}"));
  ASSERT_EQ(experiment.findings.to_text(), "");
  const auto& scanner = static_cast<const Scanner&>(*experiment.compiled->program->parts.front().instance);
  const ScannerLine& line = scanner.line(0);
  EXPECT_DOUBLE_EQ(line.jump, 100);
  EXPECT_EQ(line.stuck_ns, 3'600'000'000'000);
  EXPECT_EQ(line.on_bad.hold_ns, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(line.on_bad.then, OnBad::Then::bad);
}

// ---- Modes.

std::string loop_with_modes(const std::string& modes) {
  return loop_with("report:", "modes:\n  area:\n" + modes + "report:");
}

TEST(Modes, SetParametersUnlessTheUserDid) {
  const std::string text = loop_with_modes(
      "    low: {go: {high: command up}}\n    high: {set: {loop.kp: 2, wanted.level: 1000 mV}, go: {low: "
      "command down}}\n");
  Running run(text);
  ASSERT_TRUE(run.hand);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("loop", "output"), 0.5 * 3);
  run.hand->command("up");
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("area", "mode"), 1);
  EXPECT_EQ(run.hand->value("loop", "output"), 2 * (1 - 1.5));
  run.hand->command("down");
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("wanted", "value"), 3);

  const Experiment chosen(text, {"loop.kp=4"});
  ASSERT_TRUE(chosen.compiled.has_value()) << chosen.findings.to_text();
  ByHand hand(*chosen.compiled->program);
  hand.command("up");
  hand.run(1);
  EXPECT_EQ(hand.value("loop", "output"), 4) << "what the user sets holds in every mode";
}

TEST(Modes, ConnectInAnotherUnit) {
  Running run(
      replaced(loop_with_modes("    a: {go: {b: \"sensor.level > 1200 mV\"}}\n"
                               "    b: {connect: {drive.pump: slow.value}, go: {a: \"area.elapsed >= 20 "
                               "ms\"}}\n"),
               "generators:\n", "generators:\n  slow: {plugin: parts/wave, level: 1250 mV}\n"));
  ASSERT_TRUE(run.hand);
  run.hand->run(2);
  EXPECT_EQ(run.hand->value("sensor", "level"), 1.5);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("drive", "pump"), 1.25);
  EXPECT_EQ(run.hand->value("area", "mode"), 1);
  run.hand->run(2);
  EXPECT_EQ(run.hand->value("area", "elapsed"), 0.02);
  run.hand->run(1);
  EXPECT_EQ(run.hand->value("area", "mode"), 0);
}

TEST(Modes, AConditionMayAskForTheModeOfAnotherRegion) {
  Running run(
      loop_with("report:",
                "modes:\n  lamp: {off: {go: {shining: \"mode(area.b) and not good(sensor.level) or "
                "mode(area.b)\"}}, shining: {go: {off: mode(area.a)}}}\n  area: {a: {timeout: {after: "
                "20 ms, go: b}}, b: {timeout: {after: 3, go: a}}}\nreport:"));
  ASSERT_TRUE(run.hand);
  std::string modes;
  for (int beat = 0; beat < 9; ++beat) {
    run.hand->run(1);
    modes += std::to_string(static_cast<int>(run.hand->value("area", "mode"))) +
             std::to_string(static_cast<int>(run.hand->value("lamp", "mode"))) + " ";
  }
  EXPECT_EQ(modes, "00 00 10 11 11 01 00 10 11 ");
}

}  // namespace
}  // namespace tactus::testing
