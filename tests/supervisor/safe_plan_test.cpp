#include "supervisor/safe_plan.hpp"

#include <gtest/gtest.h>

namespace tactus {
namespace {

SafeOutput output(const char* device, std::size_t channel, double raw, bool hold = false) {
  return {.signal = "drive.x",
          .unit = "V",
          .device = device,
          .channel = channel,
          .channel_name = "ao",
          .value = 2 * raw,
          .raw = raw,
          .hold = hold};
}

TEST(SafePlan, PassesThroughJson) {
  const SafePlan plan{.program = 7,
                      .period_ns = 333'333,
                      .file = "a.yaml",
                      .specification = "tactus: 1\nname: \"x\"\n",
                      .steps = {"a", "b"},
                      .devices = {"rig"},
                      .chains = {"slow"},
                      .outputs = {output("rig", 3, 0.1), output("rig", 4, -1.0 / 3, true)}};
  const SafePlan same = safe_plan(nlohmann::json::parse(to_json(plan).dump()));
  EXPECT_EQ(to_json(same), to_json(plan));
  EXPECT_EQ(same.outputs[1].raw, -1.0 / 3) << "to the last bit";
  EXPECT_TRUE(same.outputs[1].hold);
  EXPECT_THROW(safe_plan(nlohmann::json::object()), nlohmann::json::exception);
}

TEST(SafePlan, TheUnionHasEachChannelOnce) {
  const SafePlan first{.program = 1, .outputs = {output("rig", 0, 1), output("rig", 1, 1)}};
  const SafePlan second{.program = 2, .outputs = {output("rig", 1, 2), output("other", 1, 2)}};
  const SafePlan* const both[] = {&first, &second};
  for (const std::uint64_t running : {1U, 2U}) {
    const std::vector<SafeChoice> choices = merge(both, running);
    ASSERT_EQ(choices.size(), 3U);
    for (const SafeChoice& choice : choices) {
      const SafeOutput& chosen = *choice.output;
      const bool shared = chosen.device == "rig" && chosen.channel == 1;
      if (shared) {
        EXPECT_EQ(chosen.raw, static_cast<double>(running));
        EXPECT_EQ(choice.plan + 1, running);
      }
    }
  }
}

TEST(SafePlan, TheRunningProgramMayHoldWhatAnotherOneWouldWrite) {
  const SafePlan first{.program = 1, .outputs = {output("rig", 0, 1)}};
  const SafePlan second{.program = 2, .outputs = {output("rig", 0, 2, true)}};
  const SafePlan* const both[] = {&first, &second};
  EXPECT_FALSE(merge(both, 1).front().output->hold);
  EXPECT_TRUE(merge(both, 2).front().output->hold);
}

TEST(SafePlan, WithoutAPlanThereIsNothingToDo) { EXPECT_TRUE(merge({}, 1).empty()); }

}  // namespace
}  // namespace tactus
