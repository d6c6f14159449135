#include "interpreter/override.hpp"

#include <gtest/gtest.h>

#include "tests/interpreter/experiment.hpp"

namespace tactus::testing {
namespace {

Node changed(const std::string& assignment) {
  Findings findings;
  const Experiment experiment(loop);
  const Node tree = with_assignment(experiment.specification->tree, assignment, findings);
  EXPECT_EQ(findings.to_text(), "");
  return tree;
}

TEST(Override, FindsParametersOfComponentsAndDevices) {
  EXPECT_EQ(changed("loop.kp=2").find("controllers")->find("loop")->find("kp")->text(), "2");
  EXPECT_EQ(changed("rig.noise = 0 V").find("devices")->find("rig")->find("noise")->text(), "0 V");
  EXPECT_EQ(changed("heartbeat.period=1 ms").find("heartbeat")->find("period")->text(), "1 ms");
  EXPECT_EQ(changed("constants.top=9 V").find("constants")->find("top")->text(), "9 V");
}

TEST(Override, FindsKeysOfChannelsAndLists) {
  const Node tree = changed("drive.pump.limits=[0 V, 4 V]");
  const Node* const pump = tree.find("actuators")->find("drive")->find("channels")->find("pump");
  EXPECT_EQ(pump->find("limits")->items()[1].text(), "4 V");
  EXPECT_EQ(pump->find("limits")->items()[1].position(), (Position{"--set drive.pump.limits=[0 V, 4 V]"}));
  EXPECT_EQ(pump->find("safe")->position().file, "x.yaml");
}

TEST(Override, ReachesTheProgramAndItsText) {
  const Experiment experiment(loop, {"loop.kp=2", "heartbeat.period=1 kHz"});
  ASSERT_EQ(experiment.findings.to_text(), "");
  EXPECT_EQ(experiment.compiled->program->layout->period, Period::ns(1'000'000));
  EXPECT_NE(experiment.compiled->program->layout->specification.find("kp: 2"), std::string::npos);
  const Experiment again(experiment.compiled->program->layout->specification);
  EXPECT_EQ(again.findings.to_text(), "");
}

}  // namespace
}  // namespace tactus::testing
