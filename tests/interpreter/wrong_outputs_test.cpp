// How outputs go safe.
#include "interpreter/safe_order.hpp"
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

/// The loop whose output has more keys; they begin at 20:102.
std::string with_keys(const std::string& keys) { return loop_with("safe: 1 V", "safe: 1 V, " + keys); }

/// The loop with a line 21.
std::string with_line(const std::string& line) { return loop_with("report:", line + "\nreport:"); }

const Wrong wrong[] = {
    {"safe_slew_without_time",
     with_keys("safe_slew: 2 V"),
     {"20:113: error: `safe_slew` of drive.pump is given in V, which cannot be converted to V/s"}},
    {"safe_slew_bare",
     with_keys("safe_slew: 2"),
     {"20:113: error: `safe_slew` of drive.pump needs a unit: write `2 V/s`"}},
    {"safe_slew_zero",
     with_keys("safe_slew: 0 V/s"),
     {"20:113: error: `safe_slew` of drive.pump must be above 0"}},
    {"safe_slew_that_holds",
     loop_with("safe: 1 V", "safe: hold, safe_slew: 2 V/s"),
     {"20:114: error: `safe_slew` of drive.pump is of no use: with `safe: hold` it stays where it is"}},
    {"on_pause_word",
     with_keys("on_pause: stay"),
     {"20:112: error: `on_pause` of drive.pump must be one of safe, hold, this is `stay`"}},
    {"on_stop_value",
     with_keys("on_stop: 2 V"),
     {"20:111: error: `on_stop` of drive.pump must be one of safe, hold, this is `2 V`"}},
    {"on_pause_of_an_input",
     loop_with("channel: ai0", "channel: ai0, on_pause: hold"),
     {"11:29: error: sensor.level has no key `on_pause`; there is channel, unit, scale, offset, outlier, "
      "stuck, "
      "on_bad"}},
    {"safe_order_of_unknown",
     with_line("safe_order: [drive.pimp]"),
     {"21:14: error: `safe_order`: there is no output `drive.pimp`; did you mean `drive.pump`?"}},
    {"safe_order_of_an_input",
     with_line("safe_order: [sensor.level, drive.pump]"),
     {"21:14: error: `safe_order`: there is no output `sensor.level`; there is drive.pump"}},
    {"safe_order_of_a_component",
     with_line("safe_order: [drive]"),
     {"21:14: error: `safe_order`: there is no output `drive`; there is drive.pump"}},
    {"safe_order_twice",
     with_line("safe_order: [drive.pump, drive.pump]"),
     {"21:26: error: `safe_order`: drive.pump stands here twice, first at x.yaml:21:14"}},
    {"safe_order_no_list",
     with_line("safe_order: drive.pump"),
     {"21:13: error: `safe_order` must be a list of outputs, `component.signal`, this is text"}},
    {"safe_order_of_lists",
     with_line("safe_order: [[drive.pump]]"),
     {"21:14: error: `safe_order`: there is no output ``; there is drive.pump"}},
    {"safe_order_of_an_actuator",
     loop_with("  drive:\n", "  drive:\n    safe_order: [drive.pump]\n"),
     {"18:5: error: drive has no parameter `safe_order`; there is device, channels, plugin, schedule"}},
    {"set_safe_slew",
     loop,
     {"--set drive.pump.safe_slew=2 A/s: error: `safe_slew` of drive.pump is given in A/s, which cannot be "
      "converted to V/s"},
     {"drive.pump.safe_slew=2 A/s"}},
};

class WrongOutputs : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongOutputs, AreRefusedWithAllThatIsWrong) { expect_refused(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, WrongOutputs, ::testing::ValuesIn(wrong), name_of);

TEST(Outputs, HaveTheirOwnPaceAndOrder) {
  const std::string light =
      loop_with("generators:\n", "generators:\n  light: {plugin: parts/wave, level: 3 mA}\n");
  const Experiment experiment(replaced(light, "safe: 1 V}\nreport:",
                                       "safe: 1 V, safe_slew: 6 V/min, on_pause: hold, on_stop: hold}\n"
                                       "      lamp: {channel: ao1, unit: mA, from: light.value, safe: 0 mA}\n"
                                       "safe_order: [drive.lamp, drive.pump]\nreport:"));
  ASSERT_EQ(experiment.findings.to_text(), "");
  const std::vector<OutputLine>& lines = experiment.compiled->program->parts.back().lines;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_DOUBLE_EQ(lines[0].safe_slew, 0.1);
  EXPECT_TRUE(lines[0].hold_on_pause);
  EXPECT_TRUE(lines[0].hold_on_stop);
  EXPECT_EQ(lines[1].safe_slew, OutputLine::infinity);
  EXPECT_FALSE(lines[1].hold_on_pause);
  EXPECT_FALSE(lines[1].hold_on_stop);
  EXPECT_DOUBLE_EQ(experiment.compiled->outputs[0].safe_slew, 0.1);
  const auto order = lines_in_safe_order(*experiment.specification);
  ASSERT_EQ(order.size(), 2U);
  EXPECT_EQ(order[0].line, 1U);
  EXPECT_EQ(order[1].line, 0U);
  EXPECT_EQ(experiment.specification->components[order[0].part].name, "drive");
}

}  // namespace
}  // namespace tactus::testing
