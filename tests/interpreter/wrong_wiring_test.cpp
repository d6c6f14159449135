// What goes between components: signals, units, loops, delays, schedules; and the command line.
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

/// The loop with a chain.
std::string chained(const std::string& chain) {
  return loop_with("report:", "chains:\n  slow: " + chain + "\nreport:");
}

const Wrong wrong[] = {
    {"chain_of_unknown",
     chained("{schedule: {every: 10}, components: [wantet]}"),
     {"22:46: error: chain slow: there is no component `wantet`; did you mean `wanted`?"}},
    {"chain_with_a_device",
     chained("{schedule: {every: 10}, components: [sensor, drive]}"),
     {"22:46: error: chain slow: sensor is of the kind scanner, which belongs to the beat",
      "22:54: error: chain slow: drive is of the kind actuator, which belongs to the beat"}},
    {"chain_twice",
     chained("{schedule: {every: 10}, components: [wanted]}\n"
             "  slower: {schedule: {every: 20}, components: [wanted]}"),
     {"23:48: error: chain slower: wanted is in the chain slow already"}},
    {"chain_and_schedule",
     replaced(chained("{schedule: {every: 10}, components: [wanted]}"), "level: 3 V",
              "level: 3 V, schedule: {every: 2}"),
     {"13:44: error: wanted runs on the schedule of its chain, slow, not on its own"}},
    {"chain_without_schedule",
     chained("{components: [wanted]}"),
     {"22:9: error: chain slow lacks the key `schedule`: when its turns begin"}},
    {"chain_of_nothing",
     chained("{schedule: {every: 10}, components: []}"),
     {"22:45: error: `components` of chain slow must be a list of components"}},
    {"chain_named_like_a_component",
     loop_with("report:", "chains:\n  loop: {schedule: {every: 10}, components: [wanted]}\nreport:"),
     {"22:3: error: the name `loop` is used twice, first at x.yaml:15:3"}},
    {"chain_that_is_a_loop",
     replaced(
         replaced(chained("{schedule: {every: 10}, components: [loop, back]}"), "measurement: sensor.level",
                  "measurement: back.output"),
         "controllers:\n",
         "controllers:\n  back: {plugin: parts/gain, kp: 1, inputs: {setpoint: loop.output, measurement: "
         "wanted.value}}\n"),
     {"15:56: error: a loop: back reads loop reads back; break it with a delay, for example `setpoint: "
      "{signal: "
      "loop.output, delay: 1, initial: ...}`"}},
    {"input_unknown",
     loop_with("setpoint: wanted.value", "set-point: wanted.value"),
     {"15:3: error: input `setpoint` of loop is not connected: what is wanted",
      "15:39: error: loop has no input `set-point`; did you mean `setpoint`?"}},
    {"input_unconnected",
     loop_with("inputs: {setpoint: wanted.value, measurement: sensor.level}",
               "inputs: {setpoint: wanted.value}"),
     {"15:3: error: input `measurement` of loop is not connected: what is"}},
    {"input_of_none",
     loop_with("level: 3 V", "level: 3 V, inputs: {a: sensor.level}"),
     {"13:53: error: wanted has no input `a`: it reads nothing"}},
    {"input_is_list",
     loop_with("setpoint: wanted.value", "setpoint: [wanted.value]"),
     {"15:49: error: input `setpoint` must name a signal, `component.signal`, this is a list"}},
    {"signal_unknown",
     loop_with("setpoint: wanted.value", "setpoint: wanted.valu"),
     {"15:49: error: there is no signal `wanted.valu`; did you mean `value`?"}},
    {"signal_of_unknown_component",
     loop_with("setpoint: wanted.value", "setpoint: vanted.value"),
     {"15:49: error: there is no signal `vanted.value`: no component is called `vanted`; did you mean "
      "`wanted`?"}},
    {"signal_without_component",
     loop_with("setpoint: wanted.value", "setpoint: wanted"),
     {"15:49: error: `wanted` is a component; a signal of it is meant; there is wanted.value"}},
    {"signal_of_broken_component",
     loop_with("parts/wave", "parts/wive"),
     {"13:20: error: no plug-in `parts/wive`; did you mean `parts/wave`?"}},
    {"from_unknown",
     loop_with("from: loop.output", "from: loop.out"),
     {"20:43: error: there is no signal `loop.out`; there is output"}},
    {"from_missing",
     loop_with("from: loop.output, ", ""),
     {"20:13: error: drive.pump lacks the key `from`: the signal to apply"}},
    {"inconvertible",
     loop_with("ai0, unit: V", "ai2, unit: degC"),
     {"15:49: error: loop.setpoint is in degC, but wanted.value is in V, which cannot be converted (Y is "
      "degC: `measurement` reads sensor.level)",
      "15:95: error: `kp` of loop needs a unit: write `0.5 V/degC` (U is V: drive.pump reads `output`; Y is "
      "degC: `measurement` reads sensor.level)"}},
    {"conflict_of_consumers",
     replaced(replaced(replaced(loop_with("unit: V, from", "unit: bar, scale: 1 bar/V, from"),
                                "slew: 100 V/s, safe: 1 V", "safe: 0 bar"),
                       "[0 V, top]", "[0 bar, 1 bar]"),
              "kp: 0.5", "kp: 0.5 V/V"),
     {"15:95: error: `kp` of loop is given in V/V, which cannot be converted to bar/V (U is bar: drive.pump "
      "reads `output`; Y is V: `measurement` reads sensor.level)"}},
    {"loop_of_one",
     with_observer("plugin: parts/sum, inputs: {a: sensor.level, b: eye.value}"),
     {"15:57: error: a loop: eye reads eye; break it with a delay, for example `b: {signal: eye.value, "
      "delay: 1, initial: ...}`"}},
    {"loop_of_two",
     loop_with("controllers:\n",
               "observers:\n  left: {plugin: parts/sum, inputs: {a: sensor.level, b: right.value}}\n  right: "
               "{plugin: parts/sum, inputs: {a: left.value, b: sensor.level}}\ncontrollers:\n"),
     {"15:58: error: a loop: left reads right reads left; break it with a delay, for example `b: {signal: "
      "right.value, delay: 1, initial: ...}`"}},
    {"delay_without_initial",
     with_observer("plugin: parts/sum, inputs: {a: sensor.level, b: {signal: eye.value, delay: 1}}"),
     {"15:57: error: input b lacks the key `initial`: value of the first beats"}},
    {"delay_of_zero",
     with_observer(
         "plugin: parts/sum, inputs: {a: sensor.level, b: {signal: eye.value, delay: 0, initial: 0 V}}"),
     {"15:84: error: `delay` of input b must be a whole number from 1 to 1000000, this is `0`"}},
    {"delay_initial_unit",
     with_observer(
         "plugin: parts/sum, inputs: {a: sensor.level, b: {signal: eye.value, delay: 1, initial: 0 A}}"),
     {"15:96: error: `initial` of input b is given in A, which cannot be converted to V"}},
    {"schedule_no_multiple",
     loop_with("level: 3 V", "level: 3 V, schedule: {every: 25 ms}"),
     {"13:62: error: `every` is 25 ms, which is no whole multiple of the period, 10 ms"}},
    {"schedule_offset_too_large",
     loop_with("level: 3 V", "level: 3 V, schedule: {every: 20 ms, offset: 2}"),
     {"13:77: error: `offset` is 2 beats and must be less than `every`, 2"}},
    {"schedule_zero",
     loop_with("level: 3 V", "level: 3 V, schedule: {every: 0}"),
     {"13:62: error: `every` must be at least one beat"}},
    {"schedule_in_volts",
     loop_with("level: 3 V", "level: 3 V, schedule: {every: 2 V}"),
     {"13:62: error: `every` must be a time or a number of beats, this is `2 V`"}},
    {"report_unknown_component",
     loop_with("[loop, sensor.level]", "[loup, sensor.lovel]"),
     {"21:20: error: there is no component `loup`; did you mean `loop`?",
      "21:26: error: there is no signal `sensor.lovel`; did you mean `level`?"}},
    {"report_signals_word",
     loop_with("[loop, sensor.level]", "some"),
     {"21:19: error: `signals` of report must be `all` or a list of signals and components"}},
    {"set_without_value",
     loop,
     {"--set loop.kp: error: must be of the form `component.parameter=value`"},
     {"loop.kp"}},
    {"set_unknown_component",
     loop,
     {"--set lop.kp=2: error: there is no component or device `lop`; did you mean `loop`?"},
     {"lop.kp=2"}},
    {"set_unknown_parameter",
     loop,
     {"--set loop.kq=2: error: loop has no parameter `kq`; did you mean `kp`?"},
     {"loop.kq=2"}},
    {"set_wrong_unit",
     loop,
     {"--set loop.ki=2: error: `ki` of loop needs a unit: write `2 1/s` (U is V: drive.pump reads `output`; "
      "Y is V: `measurement` reads sensor.level)"},
     {"loop.ki=2"}},
    {"set_no_yaml",
     loop,
     {"--set loop.kp=[1: error: a key must be text, not a map or a list"},
     {"loop.kp=[1"}},
    {"set_output_key",
     loop,
     {"--set drive.pump.safe=9 V: error: `safe` of drive.pump is 9 V, allowed is 0 V to 5 V"},
     {"drive.pump.safe=9 V"}},
};

class WrongWiring : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongWiring, IsRefusedWithAllThatIsWrong) { expect_refused(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, WrongWiring, ::testing::ValuesIn(wrong), name_of);

}  // namespace
}  // namespace tactus::testing
