#include "interpreter/summary.hpp"

#include <gtest/gtest.h>

#include "tests/interpreter/experiment.hpp"

namespace tactus::testing {
namespace {

TEST(Summary, ShowsTheBeatTheWiringAndTheOutputs) {
  std::string text = loop_with(
      "level: 3 V}", "level: 3000 mV, schedule: {every: 5, offset: 2}}\n  idle: {plugin: parts/wave}");
  text.replace(text.find("kp: 0.5"), 7, "kp: 0.5 V/V");
  text.replace(text.find("measurement: sensor.level"), 25,
               "measurement: {signal: sensor.level, delay: 3, initial: 0 V}, extra: drive.pump");
  text.replace(text.find("safe: 1 V"), 9, "safe: hold");
  const Experiment experiment(text);
  ASSERT_EQ(experiment.findings.to_text(), "");
  const nlohmann::json summary = summarize(*experiment.specification, *experiment.compiled);
  EXPECT_EQ(summary["outputs"][0]["needs"], (std::vector<std::string>{"drive", "loop", "sensor", "wanted"}));
  EXPECT_EQ(summary_as_text(summary), R"(loop-of-two: a beat every 10 ms, virtual time

the beat, in this order:
  sensor (scanner), every beat
  wanted (generator parts/wave), every 5 beats from beat 2
  idle (generator parts/wave), every beat
  loop.setpoint.unit (observer unit-conversion), every beat
  loop (controller parts/gain), every beat
  drive (actuator), every beat

the wiring:
  wanted.value -> loop.setpoint [mV to V]
  sensor.level -> loop.measurement [V], 3 beats old
  drive.pump -> loop.extra [V], one beat old
  loop.output -> drive.pump [V]

the outputs:
  drive.pump at rig ao0, safe: hold, needs drive, loop, sensor, wanted

no output needs: idle
nothing makes safe: drive.pump
)");
}

}  // namespace
}  // namespace tactus::testing
