// Checkpoints, and when a run may go on from one.
#include "tests/interpreter/wrong_file.hpp"

namespace tactus::testing {
namespace {

std::string resumed(const std::string& within) { return loop + "resume: {within: {" + within + "}}\n"; }
std::string saved(const std::string& checkpoint, const std::string& text = loop) {
  return replaced(text, "file: x.h5}", "file: x.h5, checkpoint: " + checkpoint + "}");
}

const Wrong wrong[] = {
    {"no_bounds",
     loop + "resume: {}\n",
     {"22:9: error: resume lacks the key `within`: signals of scanners, each with how far its value may be "
      "from "
      "that of the checkpoint"}},
    {"no_such_signal",
     resumed("sensor.livel: 1 V"),
     {"22:19: error: `sensor.livel` is no signal of a scanner: those are measured; did you mean "
      "`sensor.level`?"}},
    {"not_measured",
     resumed("loop.output: 1 V"),
     {"22:19: error: `loop.output` is no signal of a scanner: those are measured; there is sensor.level"}},
    {"other_unit",
     resumed("sensor.level: 1 A"),
     {"22:33: error: `within` of sensor.level is given in A, which cannot be converted to V"}},
    {"negative", resumed("sensor.level: -1 V"), {"22:33: error: `within` of sensor.level must be 0 or more"}},
    {"no_time",
     saved("{every: 1 V}"),
     {"21:73: error: `every` must be a time or a number of beats, this is `1 V`"}},
    {"no_multiple",
     saved("{every: 15 ms}"),
     {"21:73: error: `every` is 15 ms, which is no whole multiple of the period, 10 ms"}},
    {"with_chains",
     saved("{every: 1 s}",
           loop_with("controllers:\n",
                     "chains: {slow: {schedule: {every: 2}, components: [wanted]}}\ncontrollers:\n")),
     {"22:53: error: `checkpoint` of report is not for experiments with chains, which may be at work"}},
    {"cannot_be_saved",
     saved("{every: 1 s}", loop_with("parts/wave", "parts/radio")),
     {"21:53: error: `checkpoint` of report: the state of wanted cannot be saved, it listens to the world"}},
};

class WrongResume : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongResume, IsRefused) { expect_refused(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, WrongResume, ::testing::ValuesIn(wrong), name_of);

TEST(Resume, BoundsAreInTheSignalsUnits) {
  const Experiment experiment(saved("{every: 1 s}", resumed("sensor.level: 20 mV")));
  ASSERT_TRUE(experiment.compiled) << experiment.findings.to_text();
  ASSERT_EQ(experiment.compiled->bounds.size(), 1U);
  const CompiledBound& bound = experiment.compiled->bounds.front();
  EXPECT_EQ(bound.signal, "sensor.level");
  EXPECT_EQ(bound.within, 0.02);
  const ComponentLayout& scanner = experiment.compiled->program->layout->components[bound.part];
  EXPECT_EQ(scanner.component, "sensor");
  ASSERT_TRUE(experiment.compiled->program->checkpoint);
  EXPECT_EQ(experiment.compiled->program->checkpoint->schedule().every, 100U);
}

}  // namespace
}  // namespace tactus::testing
