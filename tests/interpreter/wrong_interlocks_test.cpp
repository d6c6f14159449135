// Interlocks: their conditions, actions and changes.
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

/// The loop with one interlock, `high`, whose keys are given.
std::string interlocked(const std::string& keys) {
  return loop_with("report:", "interlocks:\n  high: {" + keys + "}\nreport:");
}
std::string tripping(const std::string& trip) { return interlocked("trip: \"" + trip + "\""); }

const Wrong wrong[] = {
    {"no_trip",
     interlocked("latch: false"),
     {"22:9: error: interlock high lacks the key `trip`: condition over signals, such as `sensor.level > 9.5 "
      "V or "
      "not good(sensor.level)`"}},
    {"ends_early",
     tripping("sensor.level >"),
     {"22:31: error: `trip` of interlock high: the end comes too early"}},
    {"empty", tripping(""), {"22:16: error: `trip` of interlock high must be text, this is ``"}},
    {"no_unit",
     tripping("sensor.level > 5"),
     {"22:30: error: `trip` of interlock high: the number 5 needs a unit: write `5 V`"}},
    {"other_unit",
     tripping("sensor.level > 5 A"),
     {"22:30: error: `trip` of interlock high: one side is in V, the other in A, which cannot be converted"}},
    {"unknown_unit",
     tripping("sensor.level > 5 foo"),
     {"22:32: error: `trip` of interlock high: `foo` is no unit that UDUNITS-2 knows"}},
    {"no_condition",
     tripping("sensor.level"),
     {"22:17: error: `trip` of interlock high: a condition is expected here, this is a quantity in V; "
      "compare it "
      "with something"}},
    {"truth_as_quantity",
     tripping("good(sensor.level) > 1"),
     {"22:17: error: `trip` of interlock high: a quantity is expected here, this is true or false"}},
    {"unknown_signal",
     tripping("sensor.livel > 5 V"),
     {"22:17: error: there is no signal `sensor.livel`; did you mean `level`?"}},
    {"unknown_constant",
     tripping("sensor.level > tip"),
     {"22:32: error: `trip` of interlock high: there is no constant `tip`; did you mean `top`?"}},
    {"unknown_function",
     tripping("god(sensor.level)"),
     {"22:17: error: `trip` of interlock high: there is no function `god`; did you mean `good`?"}},
    {"status_of_a_number",
     tripping("good(5 V)"),
     {"22:22: error: `trip` of interlock high: `good` asks for the status of a signal, such as "
      "`good(sensor.level)`"}},
    {"too_many_arguments",
     tripping("abs(1, 2) > 1"),
     {"22:17: error: `trip` of interlock high: `abs` takes one argument"}},
    {"two_comparisons",
     tripping("1 V < sensor.level < 2 V"),
     {"22:36: error: `trip` of interlock high: two comparisons in a row are joined by `and`; here is `<`"}},
    {"strange_sign",
     tripping("sensor.level > 5 V & 1"),
     {"22:36: error: `trip` of interlock high: `&` has no meaning here"}},
    {"bracket_open",
     tripping("(sensor.level > 5 V"),
     {"22:36: error: `trip` of interlock high: the end comes too early"}},
    {"bracket_closed",
     tripping("sensor.level > 5 V)"),
     {"22:35: error: `trip` of interlock high: an operator is expected before `)`"}},
    {"too_deep",
     tripping(std::string(200, '(') + "1" + std::string(200, ')')),
     {"22:67: error: `trip` of interlock high: it is nested too deeply"}},
    {"trip_is_list",
     interlocked("trip: [1]"),
     {"22:16: error: `trip` of interlock high must be text, this is a list"}},
    {"action_unknown",
     interlocked("trip: 1 > 2, action: explode"),
     {"22:31: error: `action` of interlock high must be safe, fault, {safe: [outputs]} or {inhibit: "
      "[outputs], "
      "direction: up|down}, this is `explode`"}},
    {"output_unknown",
     interlocked("trip: 1 > 2, action: {safe: [drive.pumb]}"),
     {"22:39: error: interlock high: there is no output `drive.pumb`; did you mean `drive.pump`?"}},
    {"no_direction",
     interlocked("trip: 1 > 2, action: {inhibit: drive.pump}"),
     {"22:31: error: `action` of interlock high: `inhibit` needs a `direction`, up or down"}},
    {"two_actions",
     interlocked("trip: 1 > 2, action: {inhibit: drive.pump, safe: drive.pump}"),
     {"22:31: error: `action` of interlock high must have one of `safe` and `inhibit`"}},
    {"no_outputs",
     interlocked("trip: 1 > 2, action: {safe: []}"),
     {"22:38: error: `action` of interlock high names no output"}},
    {"slow_actuator",
     replaced(interlocked("trip: 1 > 2"), "    device: rig\n    channels:\n      pump",
              "    device: rig\n    schedule: {every: 2}\n    channels:\n      pump"),
     {"19:5: error: drive is not written on every beat, but the interlock high must act on the beat that "
      "sees its "
      "cause: leave out `schedule`"}},
    {"in_a_chain",
     loop_with("report:",
               "interlocks:\n  high: {trip: 1 > 2}\nchains:\n  slow: {schedule: {every: 2}, components: "
               "[high]}\nreport:"),
     {"24:45: error: chain slow: high is of the kind interlock, which belongs to the beat"}},
};

class WrongInterlocks : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongInterlocks, AreRefusedWithAllThatIsWrong) { expect_refused(GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, WrongInterlocks, ::testing::ValuesIn(wrong), name_of);

TEST(Interlocks, StandBetweenControllersAndActuators) {
  const Experiment experiment(interlocked("trip: \"sensor.level > 2500 mV or not good(wanted.value)\""));
  ASSERT_EQ(experiment.findings.to_text(), "");
  std::vector<std::string> order;
  for (const ComponentLayout& component : experiment.compiled->program->layout->components)
    order.push_back(component.component);
  EXPECT_EQ(order, (std::vector<std::string>{"sensor", "wanted", "loop", "high", "drive"}));
  ASSERT_EQ(experiment.compiled->interlocks.size(), 1U);
  EXPECT_EQ(experiment.compiled->interlocks[0].acts_on, (std::vector<std::string>{"drive.pump safe"}));
}

TEST(Interlocks, AreTheSameIfNobodyCouldTell) {
  const auto compiled = [](const std::string& keys) {
    Experiment experiment(interlocked(keys));
    EXPECT_EQ(experiment.findings.to_text(), "");
    return experiment.compiled->interlocks.at(0);
  };
  const CompiledInterlock first = compiled("trip: sensor.level > 2500 mV");
  EXPECT_TRUE(first.same(compiled("trip: (sensor.level) > 2.5 V, latch: true, action: safe")));
  EXPECT_FALSE(first.same(compiled("trip: sensor.level > 2.6 V")));
  EXPECT_FALSE(first.same(compiled("trip: wanted.value > 2500 mV"))) << "another signal";
  EXPECT_FALSE(first.same(compiled("trip: sensor.level >= 2500 mV")));
  EXPECT_FALSE(first.same(compiled("trip: sensor.level > 2500 mV, latch: false")));
  EXPECT_FALSE(first.same(compiled("trip: sensor.level > 2500 mV, action: fault")));
  EXPECT_FALSE(
      first.same(compiled("trip: sensor.level > 2500 mV, action: {inhibit: [drive.pump], direction: up}")));
}

}  // namespace
}  // namespace tactus::testing
