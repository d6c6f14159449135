// The key `watchdog`: what is wrong with it, and the line that it makes.
#include "interpreter/watchdog.hpp"

#include "tests/interpreter/by_hand.hpp"
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

/// The loop with a line 21.
std::string with_watchdog(const std::string& keys) {
  return loop_with("report:", "watchdog: {" + keys + "}\nreport:");
}

const Wrong wrong[] = {
    {"nothing",
     with_watchdog(""),
     {"21:11: error: watchdog needs an `output` that toggles, a `device`, or both"}},
    {"no_map",
     loop_with("report:", "watchdog: on\nreport:"),
     {"21:11: error: `watchdog` of the file must be a map, this is `on`"}},
    {"unknown_key",
     with_watchdog("output: rig.ao0, togle: 50 ms"),
     {"21:12: error: watchdog lacks the key `toggle`: the time between two changes of the line",
      "21:29: error: watchdog has no key `togle`; did you mean `toggle`?"}},
    {"toggle_off_the_beat",
     with_watchdog("output: rig.ao1, toggle: 25 ms, low: 0 mA, high: 5 mA"),
     {"21:37: error: `toggle` of watchdog is 25 ms, which is no whole multiple of the period, 10 ms"}},
    {"toggle_never",
     with_watchdog("output: rig.ao1, toggle: 0, low: 0 mA, high: 5 mA"),
     {"21:37: error: `toggle` of watchdog must be at least one beat"}},
    {"toggle_no_time",
     with_watchdog("output: rig.ao1, toggle: 5 V, low: 0 mA, high: 5 mA"),
     {"21:37: error: `toggle` of watchdog must be a time or a number of beats, this is `5 V`"}},
    {"toggle_a_map",
     with_watchdog("output: rig.ao1, toggle: {}"),
     {"21:37: error: `toggle` of watchdog must be a quantity, this is a map"}},
    {"toggle_alone",
     with_watchdog("toggle: 50 ms, device: /dev/watchdog"),
     {"21:12: error: `toggle` of watchdog belongs to `output`, which is not given"}},
    {"no_channel",
     with_watchdog("output: ao1, toggle: 50 ms"),
     {"21:20: error: `output` of watchdog must be a channel of a device, `device.channel`, this is `ao1`"}},
    {"unknown_device",
     with_watchdog("output: relay.ao1, toggle: 50 ms, low: 0 mA, high: 5 mA"),
     {"21:20: error: there is no device `relay`; there is rig"}},
    {"unknown_channel",
     with_watchdog("output: rig.ao7, toggle: 50 ms, low: 0 mA, high: 5 mA"),
     {"21:20: error: device rig has no output channel `ao7`; did you mean `ao0`?"}},
    {"an_input",
     with_watchdog("output: rig.ai0, toggle: 50 ms, low: 0 V, high: 5 V"),
     {"21:20: error: channel ai0 of rig is an input: a scanner can read it"}},
    {"a_channel_in_use",
     with_watchdog("output: rig.ao0, toggle: 50 ms, low: 0 V, high: 5 V"),
     {"21:20: error: channel ao0 of rig is written by drive.pump already; one output has one writer"}},
    {"levels_equal",
     with_watchdog("output: rig.ao1, toggle: 50 ms, low: 5 mA, high: 5 mA"),
     {"21:61: error: `high` of watchdog-toggle is the same as `low`: nothing would toggle"}},
    {"safe_beyond_the_levels",
     with_watchdog("output: rig.ao1, toggle: 50 ms, low: 0 mA, high: 5 mA, safe: 6 mA"),
     {"21:73: error: `safe` of watchdog.line is 6 mA, allowed is 0 mA to 5 mA"}},
    {"name_taken",
     replaced(with_watchdog("output: rig.ao1, toggle: 50 ms, low: 0 mA, high: 5 mA"), "  wanted: {",
              "  watchdog-toggle: {plugin: parts/wave, level: 3 V}\n  wanted: {"),
     {"13:3: error: the name `watchdog-toggle` is that of the watchdog's own part"}},
    {"timeout_alone",
     with_watchdog("output: rig.ao1, toggle: 50 ms, low: 0 mA, high: 5 mA, timeout: 5 s"),
     {"21:67: error: `timeout` of watchdog belongs to `device`, which is not given"}},
    {"timeout_in_parts_of_a_second",
     with_watchdog("device: /dev/watchdog, timeout: 2500 ms"),
     {"21:44: error: `timeout` of watchdog must be a whole number of seconds from 1 s to 65535 s, this is "
      "`2500 "
      "ms`"}},
    {"timeout_without_unit",
     with_watchdog("device: /dev/watchdog, timeout: 10"),
     {"21:44: error: `timeout` of watchdog needs a unit: write `10 s`"}},
    {"no_supervisor",
     replaced(with_watchdog("device: /dev/watchdog"), "clock: virtual", "clock: real, supervisor: off"),
     {"21:20: error: `device` of watchdog needs the supervisor, which feeds it: leave out `supervisor: "
      "off`"}},
};

class WrongWatchdog : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongWatchdog, IsRefusedWithAllThatIsWrong) { expect_refused(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, WrongWatchdog, ::testing::ValuesIn(wrong), name_of);

TEST(Watchdog, MakesALineThatTogglesWithItsTurns) {
  const Experiment experiment(
      with_watchdog("output: rig.ao1, toggle: 30 ms, low: 2 mA, high: 0.01 A, safe: 2 mA"));
  ASSERT_EQ(experiment.findings.to_text(), "");
  EXPECT_TRUE(experiment.specification->watchdog->has_line);
  EXPECT_FALSE(experiment.specification->watchdog->device);
  ByHand hand(*experiment.compiled->program);
  std::vector<double> levels;
  for (int i = 0; i < 12; ++i) {
    hand.run(1);
    levels.push_back(hand.value("watchdog", "line"));
  }
  EXPECT_EQ(levels, (std::vector<double>{10, 10, 10, 2, 2, 2, 10, 10, 10, 2, 2, 2}));
  const auto& outputs = experiment.compiled->outputs;
  EXPECT_EQ(outputs.back().signal, "watchdog.line");
  EXPECT_EQ(outputs.back().channel, "ao1");
  EXPECT_EQ(outputs.back().safe, 2);
  EXPECT_TRUE(outputs.back().safe_given);
}

TEST(Watchdog, IsLeftAloneByInterlocksThatMakeAllSafe) {
  const Experiment experiment(
      replaced(with_watchdog("output: rig.ao1, toggle: 30 ms, low: 0 mA, high: 5 mA"),
               "actuators:", "interlocks: {high: {trip: \"sensor.level > 1 V\"}}\nactuators:"));
  ASSERT_EQ(experiment.findings.to_text(), "");
  EXPECT_EQ(experiment.compiled->interlocks[0].acts_on, (std::vector<std::string>{"drive.pump safe"}));
}

TEST(Watchdog, DeviceBringsTheSupervisorInRealTimeOnly) {
  const std::string text = with_watchdog("device: /dev/watchdog1, timeout: 1 min");
  const Experiment in_virtual_time(text);
  ASSERT_EQ(in_virtual_time.findings.to_text(), "");
  EXPECT_EQ(in_virtual_time.specification->heartbeat.supervisor, SupervisorUse::automatic);
  const Experiment in_real_time(text, {"heartbeat.clock=real"});
  ASSERT_EQ(in_real_time.findings.to_text(), "");
  EXPECT_EQ(in_real_time.specification->heartbeat.supervisor, SupervisorUse::on);
  EXPECT_EQ(in_real_time.specification->watchdog->device->text, "/dev/watchdog1");
  EXPECT_EQ(in_real_time.specification->watchdog->timeout_s, 60);
  EXPECT_FALSE(in_real_time.specification->watchdog->has_line);
}

}  // namespace
}  // namespace tactus::testing
