// What can be seen from the file alone: YAML, words, names, heartbeat, constants.
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

const Wrong wrong[] = {
    {"empty", "", {" error: the file is empty"}},
    {"no_map", "- 1\n", {"1:1: error: the file must be a map, this is a list"}},
    {"broken_yaml",
     "tactus: 1\nname: [a, b\nheartbeat: {}\n",
     {"3:10: error: not YAML: end of sequence flow not found"}},
    {"tab_indent",
     "tactus: 1\nheartbeat:\n\tperiod: 1 ms\n",
     {"3:1: error: not YAML: a tab in the indentation, which must be of blanks"}},
    {"binary", "tactus: 1\x01\n", {"1:10: error: a control character: this is no text file"}},
    {"not_utf8", "tactus: 1 \xff\n", {"1:11: error: not UTF-8 text"}},
    {"doubled_key",
     loop_with("name: loop-of-two", "name: a\nname: b"),
     {"3:1: error: the key `name` stands here twice, first at x.yaml:2:1"}},
    {"two_documents",
     loop_with("report:", "---\nreport:"),
     {"22:1: error: a second document: only one is expected"}},
    {"unknown_anchor",
     loop_with("level: 3 V", "level: *three"),
     {"13:39: error: not YAML: the referenced anchor is not defined"}},
    {"unknown_tag",
     loop_with("level: 3 V", "level: !volt 3"),
     {"13:39: error: the tag !volt is not supported"}},
    {"only_the_header",
     "tactus: 1\n",
     {"1:1: error: the file lacks the key `heartbeat`: what drives the beat"}},
    {"no_component",
     "tactus: 1\nheartbeat: {period: 1 ms}\n",
     {" error: there is no component: nothing to run"}},
    {"no_header",
     loop_with("tactus: 1\n", ""),
     {"1:1: error: the file lacks the key `tactus`: version of this format"}},
    {"other_version",
     loop_with("tactus: 1", "tactus: 2"),
     {"1:9: error: `tactus` of the file must be 1, this is `2`"}},
    {"unknown_key",
     loop_with("report:", "raport:"),
     {"21:1: error: the file has no key `raport`; did you mean `report`?"}},
    {"not_available",
     loop_with("report:", "alarms: {}\ninclude: {}\nwatchdog: {}\nreport:"),
     {"21:1: error: `alarms` is not available in this version",
      "22:1: error: `include` is not available in this version",
      "23:1: error: `watchdog` is not available in this version"}},
    {"not_available_below",
     loop_with("device: rig\n    channels:\n      level",
               "device: rig\n    acquire: {}\n    channels:\n      level"),
     {"10:5: error: `acquire` is not available in this version"}},
    {"name_with_blank",
     loop_with("name: loop-of-two", "name: loop of two"),
     {"2:7: error: `name` of the file must be a name: a letter, then letters, digits, `_` and `-`, this is "
      "`loop of two`"}},
    {"wrong_choice",
     loop_with("clock: virtual", "clock: reel"),
     {"3:35: error: `clock` of heartbeat must be one of real, virtual, this is `reel`"}},
    {"period_missing",
     loop_with("period: 10 ms, ", ""),
     {"3:12: error: heartbeat lacks the key `period`: of the beat, a time (1 ms) or a frequency (1 kHz); "
      "kept as an exact ratio"}},
    {"period_without_unit",
     loop_with("period: 10 ms", "period: 10"),
     {"3:21: error: `period` of heartbeat must be a time above 0, such as `1 ms`, or a frequency, such as `1 "
      "kHz`; this is `10`"}},
    {"period_negative",
     loop_with("period: 10 ms", "period: -10 ms"),
     {"3:21: error: `period` of heartbeat must be a time above 0, such as `1 ms`, or a frequency, such as `1 "
      "kHz`; this is `-10 ms`"}},
    {"period_too_short",
     loop_with("period: 10 ms", "period: 10 ns"),
     {"3:21: error: `period` of heartbeat is 10 ns, allowed is 1 us to 1 d"}},
    {"period_in_volts",
     loop_with("period: 10 ms", "period: 10 V"),
     {"3:21: error: `period` of heartbeat must be a time above 0, such as `1 ms`, or a frequency, such as `1 "
      "kHz`; this is `10 V`"}},
    {"period_as_rate",
     loop_with("period: 10 ms", "period: 10 1/s"),
     {"3:21: error: `period` of heartbeat must be a time above 0, such as `1 ms`, or a frequency, such as `1 "
      "kHz`; this is `10 1/s`"}},
    {"priority_out_of_range",
     loop_with("clock: virtual", "priority: 99"),
     {"3:38: error: `priority` of heartbeat must be a whole number from 1 to 98, this is `99`"}},
    {"constant_of_constant",
     loop_with("top: 5 V", "top: 5 V, roof: top"),
     {"4:29: error: the constant `roof` must be a quantity, not another constant"}},
    {"constant_no_quantity",
     loop_with("top: 5 V", "top: high"),
     {"4:18: error: the constant `top` must be a number with its unit or the name of a constant, this is "
      "`high`; there is top"}},
    {"constant_misspelled",
     loop_with("[0 V, top]", "[0 V, tip]"),
     {"20:70: error: `limits` of drive.pump must be a number with its unit or the name of a constant, this "
      "is `tip`; did you mean `top`?"}},
    {"constant_name",
     loop_with("top: 5 V", "top: 5 V, 9lives: 9"),
     {"4:23: error: a constant's name is a letter, then letters, digits, `_` and `-`; this is `9lives`"}},
    {"doubled_name",
     loop_with("wanted:", "sensor:"),
     {"13:3: error: the name `sensor` is used twice, first at x.yaml:8:3",
      "15:49: error: there is no signal `wanted.value`: no component is called `wanted`; there is sensor, "
      "loop, drive"}},
    {"reserved_name",
     loop_with("generators:\n  wanted:", "generators:\n  report: {plugin: parts/wave}\n  wanted:"),
     {"13:3: error: `report` is a word of this format and cannot be a name"}},
    {"signal_like_name",
     loop_with("  wanted:", "  wan.ted:"),
     {"13:3: error: a name is a letter, then letters, digits, `_` and `-`; this is `wan.ted`",
      "15:49: error: there is no signal `wanted.value`: no component is called `wanted`; there is sensor, "
      "loop, drive"}},
};

class WrongFile : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongFile, IsRefusedWithAllThatIsWrong) { expect_refused(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, WrongFile, ::testing::ValuesIn(wrong), name_of);

}  // namespace
}  // namespace tactus::testing
