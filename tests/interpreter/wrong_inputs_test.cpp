// What is to become of bad samples.
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

/// The loop whose input has more keys; they begin at 11:29.
std::string with_keys(const std::string& keys) { return loop_with("channel: ai0", "channel: ai0, " + keys); }

const Wrong wrong[] = {
    {"on_bad_word",
     with_keys("on_bad: ignore"),
     {"11:37: error: `on_bad` of sensor.level must be fault, bad, {substitute: VALUE} or {hold: TIME, then: "
      "...}, this is `ignore`"}},
    {"on_bad_list",
     with_keys("on_bad: [fault]"),
     {"11:37: error: `on_bad` of sensor.level must be fault, bad, {substitute: VALUE} or {hold: TIME, then: "
      "...}, this is a list"}},
    {"on_bad_of_nothing",
     with_keys("on_bad: {}"),
     {"11:37: error: `on_bad` of sensor.level lacks the key `hold`: time for which the last good value "
      "stands in",
      "11:37: error: `on_bad` of sensor.level lacks the key `then`: what comes after that: fault, bad or "
      "{substitute: 3 V}"}},
    {"on_bad_without_then",
     with_keys("on_bad: {hold: 20 s}"),
     {"11:37: error: `on_bad` of sensor.level lacks the key `then`: what comes after that: fault, bad or "
      "{substitute: 3 V}"}},
    {"on_bad_then_without_hold",
     with_keys("on_bad: {then: fault}"),
     {"11:37: error: `on_bad` of sensor.level lacks the key `hold`: time for which the last good value "
      "stands "
      "in"}},
    {"on_bad_misspelled",
     with_keys("on_bad: {hold: 20 s, than: fault}"),
     {"11:37: error: `on_bad` of sensor.level lacks the key `then`: what comes after that: fault, bad or "
      "{substitute: 3 V}",
      "11:50: error: `on_bad` of sensor.level has no key `than`; did you mean `then`?"}},
    {"on_bad_substitute_beside_hold",
     with_keys("on_bad: {hold: 20 s, substitute: 3 V}"),
     {"11:50: error: `on_bad` of sensor.level: what comes after `hold` stands under `then`: {hold: TIME, "
      "then: {substitute: VALUE}}"}},
    {"on_bad_then_word",
     with_keys("on_bad: {hold: 20 s, then: hold}"),
     {"11:56: error: `then` in `on_bad` of sensor.level must be fault, bad or {substitute: VALUE}, this is "
      "`hold`"}},
    {"on_bad_then_without_value",
     with_keys("on_bad: {hold: 20 s, then: {value: 3 V}}"),
     {"11:56: error: `then` in `on_bad` of sensor.level lacks the key `substitute`: value that stands in",
      "11:57: error: `then` in `on_bad` of sensor.level has no key `value`; there is substitute"}},
    {"hold_in_volts",
     with_keys("on_bad: {hold: 20 V, then: fault}"),
     {"11:44: error: `hold` of sensor.level is given in V, which cannot be converted to s"}},
    {"hold_bare",
     with_keys("on_bad: {hold: 20, then: fault}"),
     {"11:44: error: `hold` of sensor.level needs a unit: write `20 s`"}},
    {"hold_in_hertz",
     with_keys("on_bad: {hold: 20 Hz, then: fault}"),
     {"11:44: error: `hold` of sensor.level is given in Hz, which cannot be converted to s"}},
    {"hold_nothing",
     with_keys("on_bad: {hold: 0 s, then: fault}"),
     {"11:44: error: `hold` of sensor.level must be above 0"}},
    {"hold_negative",
     with_keys("on_bad: {hold: -1 s, then: fault}"),
     {"11:44: error: `hold` of sensor.level must be above 0"}},
    {"substitute_in_seconds",
     with_keys("on_bad: {substitute: 3 s}"),
     {"11:50: error: `substitute` of sensor.level is given in s, which cannot be converted to V"}},
    {"substitute_bare",
     with_keys("on_bad: {hold: 1 s, then: {substitute: 3}}"),
     {"11:68: error: `substitute` of sensor.level needs a unit: write `3 V`"}},
    {"substitute_infinite",
     with_keys("on_bad: {substitute: .inf}"),
     {"11:50: error: `substitute` of sensor.level must be finite"}},
    {"outlier_bare",
     with_keys("outlier: 5 V/s"),
     {"11:38: error: `outlier` of sensor.level must be a map, this is `5 V/s`"}},
    {"outlier_of_nothing",
     with_keys("outlier: {}"),
     {"11:38: error: `outlier` of sensor.level lacks the key `jump`: fastest change that is believed"}},
    {"outlier_without_time",
     with_keys("outlier: {jump: 5 V}"),
     {"11:45: error: `jump` of sensor.level is given in V, which cannot be converted to V/s"}},
    {"outlier_zero",
     with_keys("outlier: {jump: 0 V/s}"),
     {"11:45: error: `jump` of sensor.level must be above 0"}},
    {"stuck_bare",
     with_keys("stuck: 10"),
     {"11:36: error: `stuck` of sensor.level needs a unit: write `10 s`"}},
    {"stuck_at_once", with_keys("stuck: 0 s"), {"11:36: error: `stuck` of sensor.level must be above 0"}},
    {"on_bad_of_an_output",
     loop_with("channel: ao0", "channel: ao0, on_bad: fault"),
     {"20:28: error: drive.pump has no key `on_bad`; there is channel, from, unit, scale, offset, limits, "
      "on_limit, slew, safe, safe_slew, on_pause, on_stop"}},
    {"set_on_bad",
     loop,
     {"--set sensor.level.on_bad={substitute: 2 A}: error: `substitute` of sensor.level is given in A, which "
      "cannot be converted to V"},
     {"sensor.level.on_bad={substitute: 2 A}"}},
};

class WrongInputs : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongInputs, AreRefusedWithAllThatIsWrong) { expect_refused(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, WrongInputs, ::testing::ValuesIn(wrong), name_of);

}  // namespace
}  // namespace tactus::testing
