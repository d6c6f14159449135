// Modes: regions, what belongs to them, transitions.
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

/// The loop with regions; their first line is the 22nd.
std::string with_regions(const std::string& regions) {
  return loop_with("report:", "modes:\n" + regions + "report:");
}
/// With one region, `area`, whose modes are given; the first of them stands on line 23.
std::string with_modes(const std::string& modes) { return with_regions("  area:\n" + modes); }
/// With a mode `a`, whose keys are given and stand on line 23 from column 9 on, and a mode `b`.
std::string with_mode(const std::string& keys) {
  return with_modes("    a: {" + keys + ", go: {b: command x}}\n    b: {go: {a: command y}}\n");
}
/// With a condition for leaving `a`, which stands on line 23 from column 17 on.
std::string with_condition(const std::string& condition) {
  return with_modes("    a: {go: {b: \"" + condition + "\"}}\n    b: {go: {a: command y}}\n");
}

const std::string unfed_b =
    "24:5: warning: in the mode area.b nothing feeds drive.pump, since loop is not active: it is kept safe; "
    "`outputs: {drive.pump: safe}` says that this is meant";

const Wrong wrong[] = {
    {"region_is_list",
     loop_with("report:", "modes:\n  area: [a]\nreport:"),
     {"22:9: error: region area must be a map, this is a list"}},
    {"too_many_modes",
     with_modes([] {
       std::string modes;
       for (int i = 0; i < 1001; ++i) modes += "    m" + std::to_string(i) + ": {}\n";
       return modes;
     }()),
     {"22:3: error: region area has more than 1000 modes"}},
    {"region_is_empty", with_regions("  area: {}\n"), {"22:3: error: region area has no modes"}},
    {"name_is_taken",
     with_regions("  loop: {a: {}}\n"),
     {"22:3: error: the name `loop` is used twice, first at x.yaml:15:3"}},
    {"mode_is_list", with_modes("    a: []\n"), {"23:8: error: mode area.a must be a map, this is a list"}},
    {"mode_has_no_name",
     with_modes("    7: {}\n"),
     {"22:3: error: region area has no modes",
      "23:5: error: a mode's name is a letter, then letters, digits, `_` and `-`; this is `7`"}},
    {"initial_unknown",
     with_modes("    initial: c\n    aa: {}\n"),
     {"23:14: error: region area: there is no mode `c`; there is aa"}},
    {"key_unknown",
     with_mode("activ: [loop]"),
     {"23:9: error: mode area.a has no key `activ`; did you mean `active`?"}},
    {"active_no_list",
     with_mode("active: loop"),
     {"23:17: error: `active` of mode area.a must be a list of components, this is text"}},
    {"active_unknown",
     with_mode("active: [lop]"),
     {"23:18: error: mode area.a: there is no component `lop`; did you mean `loop`?"}},
    {"active_actuator",
     with_mode("active: [drive]"),
     {"23:18: error: mode area.a: the actuator drive always runs; `outputs: {drive.signal: safe}` keeps an "
      "output of it safe"}},
    {"active_region",
     with_regions("  first: {a: {}}\n  area: {a: {active: [first]}}\n"),
     {"23:23: error: mode area.a: first is of the kind region, which is the same in every mode"}},
    {"active_in_a_chain",
     loop_with("report:",
               "chains: {slow: {schedule: {every: 10}, components: [loop]}}\nmodes:\n  area: {a: {active: "
               "[loop]}}\nreport:"),
     {"23:23: error: mode area.a: loop is computed by the chain slow, which runs in every mode"}},
    {"two_regions",
     with_regions("  first: {a: {active: [loop]}}\n  area: {a: {active: [loop]}}\n"),
     {"23:23: error: region area: whether loop is active is the region first's business already"}},
    {"set_unknown_component",
     with_mode("set: {lop.kp: 1}"),
     {"23:15: error: mode area.a: there is no component `lop`; did you mean `loop`?"}},
    {"set_unknown_parameter",
     with_mode("set: {loop.kq: 1}"),
     {"23:15: error: loop has no parameter `kq`; did you mean `kp`?"}},
    {"set_no_parameter",
     with_mode("set: {loop: 1}"),
     {"23:15: error: mode area.a: `set` names parameters, `loop.parameter: value`"}},
    {"set_out_of_range",
     with_mode("set: {wanted.level: 3}"),
     {"23:29: error: `level` of wanted needs a unit: write `3 V` (U is V: `level` is given in V)"}},
    {"set_scanner",
     with_mode("set: {sensor.x: 1}"),
     {"23:15: error: mode area.a: sensor is of the kind scanner, whose settings are the same in every mode"}},
    {"connect_unknown_input",
     with_mode("connect: {loop.messurement: sensor.level}"),
     {"23:19: error: loop has no input `messurement`; did you mean `measurement`?"}},
    {"connect_unknown_signal",
     with_mode("connect: {drive.pump: wanted.valve}"),
     {"23:31: error: there is no signal `wanted.valve`; did you mean `value`?"}},
    {"connect_is_map",
     with_mode("connect: {drive.pump: {}}"),
     {"23:31: error: mode area.a: `drive.pump` must name a signal, `component.signal`, this is a map"}},
    {"connect_other_unit",
     with_mode("connect: {drive.pump: area.elapsed}"),
     {"23:31: error: drive.pump is in V, but area.elapsed is in s, which cannot be converted"}},
    {"output_unknown",
     with_mode("outputs: {drive.pumb: safe}"),
     {"23:19: error: mode area.a: there is no output `drive.pumb`; did you mean `drive.pump`?"}},
    {"output_not_safe",
     with_mode("outputs: {drive.pump: 3 V}"),
     {"23:31: error: mode area.a: `drive.pump` can be kept `safe`; `connect` gives it another signal"}},
    {"target_unknown",
     with_modes("    run: {go: {rum: command x}}\n"),
     {"23:16: error: mode area.run: there is no mode `rum`; did you mean `run`?"}},
    {"target_is_itself",
     with_modes("    run: {go: {run: command x}}\n"),
     {"23:16: error: mode area.run leads back to itself"}},
    {"never_reached",
     with_modes("    a: {go: {b: command x}}\n    b: {go: {a: command y}}\n    c: {go: {a: command x}}\n"),
     {"25:5: error: mode area.c can never be reached from the initial one, a"}},
    {"same_condition_twice",
     with_modes(
         "    a: {go: {b: command x, c: command x}}\n    b: {go: {a: command x}}\n    c: {go: {a: command "
         "x}}\n"),
     {"23:28: error: mode area.a: the condition for `c` is the same as one before, which always wins"}},
    {"condition_ends_early",
     with_condition("sensor.level >"),
     {"23:32: error: mode area.a: the condition for `b`: the end comes too early"}},
    {"condition_without_unit",
     with_condition("sensor.level > 5"),
     {"23:31: error: mode area.a: the condition for `b`: the number 5 needs a unit: write `5 V`"}},
    {"condition_unknown_signal",
     with_condition("sensor.livel > 5 V"),
     {"23:18: error: there is no signal `sensor.livel`; did you mean `level`?"}},
    {"condition_unknown_mode",
     with_condition("mode(area.c)"),
     {"23:23: error: mode area.a: the condition for `b`: there is no mode `area.c`; did you mean `a`?"}},
    {"condition_mode_of_nothing",
     with_condition("mode(a)"),
     {"23:23: error: mode area.a: the condition for `b`: `mode` asks for a mode of a region, such as "
      "`mode(area.run)`"}},
    {"command_in_an_interlock",
     loop_with("report:", "interlocks:\n  high: {trip: command x}\nreport:"),
     {"22:24: error: `trip` of interlock high: `command` is for the modes: only their conditions ask for "
      "commands"}},
    {"timeout_without_target",
     with_mode("timeout: {after: 1 s}"),
     {"23:18: error: `timeout` of mode area.a lacks the key `go`: mode that follows"}},
    {"timeout_of_nothing",
     with_mode("timeout: {after: 0, go: b}"),
     {"23:26: error: `after` must be at least one beat"}},
    {"timeout_between_beats",
     with_mode("timeout: {after: 15 ms, go: b}"),
     {"23:26: error: `after` is 15 ms, which is no whole multiple of the period, 10 ms"}},
};

class WrongModes : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongModes, AreRefusedWithAllThatIsWrong) { expect_refused(GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, WrongModes, ::testing::ValuesIn(wrong), name_of);

// ---- What is doubtful.

std::string warnings_of(const std::string& text) {
  const Experiment experiment(text);
  EXPECT_TRUE(experiment.compiled.has_value());
  return experiment.findings.to_text();
}

TEST(DoubtfulModes, AnOutputThatNothingFeedsIsTold) {
  EXPECT_EQ(
      warnings_of(with_modes("    a: {active: [loop], go: {b: command x}}\n    b: {go: {a: command x}}\n")),
      "x.yaml:" + unfed_b + "\n");
}

TEST(DoubtfulModes, WhatFeedsTheFeederCountsToo) {
  EXPECT_EQ(
      warnings_of(with_modes("    a: {active: [wanted], go: {b: command x}}\n    b: {go: {a: command x}}\n")),
      "x.yaml:" + replaced(unfed_b, "since loop", "since wanted") + "\n");
}

TEST(DoubtfulModes, ASafeOrReconnectedOutputIsMeantSo) {
  EXPECT_EQ(warnings_of(with_modes("    a: {active: [loop], go: {b: command x}}\n"
                                   "    b: {outputs: {drive.pump: safe}, go: {c: command x}}\n"
                                   "    c: {connect: {drive.pump: wanted.value}, go: {a: command x}}\n")),
            "");
}

TEST(DoubtfulModes, AnInterlockThatSeesOldValuesIsTold) {
  const std::string text = loop_with(
      "report:",
      "interlocks:\n  high: {trip: \"wanted.value > 9 V or stale(wanted.value)\", action: "
      "{safe: drive.pump}}\nmodes:\n  area: {a: {active: [wanted], go: {b: command x}}, b: {go: {a: "
      "command x}, outputs: {drive.pump: safe}}}\nreport:");
  EXPECT_EQ(
      warnings_of(text),
      "x.yaml:24:53: warning: in the mode area.b the interlock high sees old values of `wanted.value`, since "
      "wanted is not active; `stale(...)` in its condition asks\n");
}

TEST(DoubtfulModes, AModeWithoutAWayOutIsTold) {
  EXPECT_EQ(warnings_of(with_modes("    a: {go: {b: command x}}\n    b: {}\n")),
            "x.yaml:24:5: warning: mode area.b is left by `tactus mode` only\n");
}

}  // namespace
}  // namespace tactus::testing
