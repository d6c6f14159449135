#include "interpreter/compiler.hpp"

#include <gtest/gtest.h>

#include "tests/interpreter/experiment.hpp"

namespace tactus::testing {
namespace {

std::vector<std::string> order(const Program& program) {
  std::vector<std::string> names;
  for (const ComponentLayout& component : program.layout->components) names.push_back(component.component);
  return names;
}

/// All signals with their units: `loop.output [V]`.
std::string units(const Program& program) {
  std::string text;
  for (const ComponentLayout& component : program.layout->components) {
    for (const SignalLayout& signal : component.signals)
      text += component.component + "." + signal.name + " [" + signal.unit + "]\n";
  }
  return text;
}

const Part& part(const Program& program, std::string_view name) {
  for (std::size_t i = 0; i < program.parts.size(); ++i)
    if (program.layout->components[i].component == name) return program.parts[i];
  throw std::out_of_range(std::string(name));
}

TEST(Compiler, MakesAProgram) {
  const Experiment experiment(loop);
  ASSERT_EQ(experiment.findings.to_text(), "");
  const Program& program = *experiment.compiled->program;
  EXPECT_EQ(order(program), (std::vector<std::string>{"sensor", "wanted", "loop", "drive"}));
  EXPECT_EQ(
      units(program),
      "sensor.level [V]\nwanted.value [V]\nloop.output [V]\ndrive.pump [V]\ndrive.pump.requested [V]\n");
  EXPECT_EQ(program.layout->specification, loop);
  EXPECT_EQ(program.devices.size(), 1);
  EXPECT_EQ(std::get<double>(program.devices[0].settings->values[0]), 0.02);
  EXPECT_EQ(part(program, "drive").lines[0].high, 5);
  EXPECT_EQ(part(program, "drive").lines[0].raw_max, 10);
  EXPECT_FALSE(experiment.compiled->hardware);
}

TEST(Compiler, ReadsTheHeartbeat) {
  const Experiment experiment(
      loop_with("{period: 10 ms, clock: virtual}",
                "{period: 3 kHz, clock: real, wait: spin, overrun: stop, core: 1, priority: 90}"));
  ASSERT_TRUE(experiment.compiled);
  const HeartbeatSpecification& heartbeat = experiment.specification->heartbeat;
  EXPECT_EQ(heartbeat.period, (Period{1'000'000, 3}));
  EXPECT_FALSE(heartbeat.virtual_time);
  EXPECT_TRUE(heartbeat.spin);
  EXPECT_EQ(heartbeat.overrun, OverrunPolicy::stop);
  EXPECT_EQ(heartbeat.core, 1);
  EXPECT_EQ(heartbeat.priority, 90);
}

TEST(Compiler, ConvertsEachTypeOfParameter) {
  const Experiment experiment(
      loop_with("controllers:\n",
                "observers:\n  eye: {plugin: parts/everything, must: 20 mV, on: true, order: 3, label: 'a "
                "b', taps: [1 V, top, 2 mV],"
                " hysteresis: 2 degC, threshold: 20 degC, cutoff: 10 Hz, share: 50 %}\ncontrollers:\n"));
  ASSERT_EQ(experiment.findings.to_text(), "");
  const std::vector<Value>& values = part(*experiment.compiled->program, "eye").settings.values;
  EXPECT_EQ(values[0], Value(true));
  EXPECT_EQ(values[1], Value(std::int64_t{3}));
  EXPECT_EQ(values[2], Value(std::string("a b")));
  EXPECT_EQ(values[3], Value(std::vector<double>{1, 5, 0.002}));
  EXPECT_DOUBLE_EQ(std::get<double>(values[4]), 2);
  EXPECT_DOUBLE_EQ(std::get<double>(values[5]), 293.15);
  EXPECT_NEAR(std::get<double>(values[6]), 62.83185307179586, 1e-12);
  EXPECT_EQ(values[7], Value(0.5));
  EXPECT_EQ(values[8], Value(0.02));
}

TEST(Compiler, TakesInfinityWithoutAUnit) {
  const Experiment experiment(loop_with("kp: 0.5", "kp: 0.5, ki: .inf"));
  EXPECT_EQ(experiment.findings.to_text(), "");
}

TEST(Compiler, SolvesUnitsFromTheWiring) {
  const Experiment experiment(R"(tactus: 1
heartbeat: {period: 1 ms}
devices: {rig: {driver: rig}}
scanners: {oven: {device: rig, channels: {temperature: {channel: ai2}}}}
generators: {wanted: {plugin: parts/wave, level: 400 K}}
controllers:
  loop: {plugin: parts/gain, inputs: {measurement: oven.temperature, setpoint: wanted.value}, kp: 3 mA/K, ki: 0.1 A/degC/min}
actuators: {heater: {device: rig, channels: {current: {channel: ao1, from: loop.output, safe: 0 mA}}}}
)");
  ASSERT_EQ(experiment.findings.to_text(), "");
  const Program& program = *experiment.compiled->program;
  EXPECT_EQ(units(program),
            "oven.temperature [degC]\nwanted.value [K]\nloop.setpoint.unit.value [degC]\nloop.output [mA]\n"
            "heater.current [mA]\nheater.current.requested [mA]\n");
  EXPECT_DOUBLE_EQ(std::get<double>(part(program, "loop").settings.values[0]), 3);
  EXPECT_DOUBLE_EQ(std::get<double>(part(program, "loop").settings.values[1]), 100.0 / 60);
  const std::vector<Value>& conversion = part(program, "loop.setpoint.unit").settings.values;
  EXPECT_DOUBLE_EQ(std::get<double>(conversion[0]), 1);
  EXPECT_DOUBLE_EQ(std::get<double>(conversion[1]), -273.15);
}

TEST(Compiler, SolvesUnitsFromParametersWhereTheWiringTellsNothing) {
  const Experiment experiment(R"(tactus: 1
heartbeat: {period: 1 ms}
generators:
  a: {plugin: parts/wave, level: 2 m}
  b: {plugin: parts/wave, level: 5}
controllers:
  loop: {plugin: parts/gain, inputs: {measurement: a.value, setpoint: a.value}, kp: 4 N/m}
)");
  ASSERT_EQ(experiment.findings.to_text(), "");
  EXPECT_EQ(units(*experiment.compiled->program), "a.value [m]\nb.value [1]\nloop.output [N]\n");
}

TEST(Compiler, WarnsOfAnOutputWithoutSafeValue) {
  const Experiment experiment(loop_with(", safe: 1 V", ""));
  EXPECT_EQ(experiment.findings.to_text(),
            "x.yaml:20:7: warning: drive.pump has no `safe` value; 0 V is taken, as rig is no hardware\n");
  ASSERT_TRUE(experiment.compiled);
  EXPECT_FALSE(experiment.compiled->outputs[0].safe_given);
}

TEST(Compiler, KnowsHardwareAndHold) {
  std::string text = loop_with("driver: rig", "driver: rig/hard");
  text.replace(text.find("safe: 1 V"), 9, "safe: hold");
  const Experiment experiment(text);
  ASSERT_EQ(experiment.findings.to_text(), "");
  EXPECT_TRUE(experiment.compiled->hardware);
  EXPECT_TRUE(experiment.compiled->outputs[0].safe_hold);
  EXPECT_TRUE(part(*experiment.compiled->program, "drive").lines[0].safe_hold);
}

TEST(Compiler, TakesPluginsForScanners) {
  const Experiment experiment(
      loop_with("    device: rig\n    channels:\n      level",
                "    plugin: parts/doubting\n    bound: 2\n    device: rig\n    channels:\n      level"));
  ASSERT_EQ(experiment.findings.to_text(), "");
  EXPECT_EQ(experiment.compiled->program->layout->components[0].plugin, "parts/doubting");
}

TEST(Compiler, KeepsDevicesAndInstancesOfTheRunningProgram) {
  const Experiment first(loop);
  ASSERT_TRUE(first.compiled);
  const Program& running = *first.compiled->program;
  const Experiment second(loop_with("kp: 0.5", "kp: 0.75"), {}, {&running, 2});
  ASSERT_EQ(second.findings.to_text(), "");
  const Program& next = *second.compiled->program;
  EXPECT_EQ(next.number(), 2);
  EXPECT_EQ(next.devices[0].device, running.devices[0].device);
  EXPECT_EQ(next.devices[0].settings, running.devices[0].settings);
  EXPECT_EQ(part(next, "loop").instance, part(running, "loop").instance);
  EXPECT_EQ(part(next, "loop").settings.values[0], Value(0.75));
  EXPECT_EQ(part(running, "loop").settings.values[0], Value(0.5));
}

TEST(Compiler, RefusesToChangeADeviceThatRuns) {
  const Experiment first(loop);
  ASSERT_TRUE(first.compiled);
  const CompileOptions options{first.compiled->program.get(), 2};
  const Experiment noisy(loop_with("noise: 20 mV", "noise: 30 mV"), {}, options);
  EXPECT_EQ(
      noisy.findings.to_text(),
      "x.yaml:6:29: error: `noise` of device rig would change while the experiment runs: stop it first\n");
  const Experiment silent(loop_with(", noise: 20 mV", ""), {}, options);
  EXPECT_EQ(
      silent.findings.to_text(),
      "x.yaml:6:3: error: `noise` of device rig would change while the experiment runs: stop it first\n");
  const Experiment other(loop_with("driver: rig", "driver: rig/hard"), {}, options);
  EXPECT_EQ(
      other.findings.to_text(),
      "x.yaml:6:17: error: device rig would get another driver while the experiment runs: stop it first\n");
  const Experiment gone(loop_with("  rig: {", "  rag: {"), {}, options);
  EXPECT_TRUE(gone.findings.has_errors());  // of the names only: another device may come
  EXPECT_EQ(gone.findings.to_text().find("stop it"), std::string::npos);
}

TEST(Compiler, TellsAllThatIsWrongInOneRun) {
  std::string text = loop_with("kp: 0.5", "kp: 0.5 V/K");
  text.replace(text.find("parts/wave"), 10, "parts/wive");
  text.replace(text.find("channel: ao0"), 12, "channel: ao9");
  text.replace(text.find("file: x.h5"), 10, "fill: x.h5");
  const Experiment experiment(text);
  EXPECT_EQ(experiment.findings.errors(), 3) << experiment.findings.to_text();
  EXPECT_EQ(experiment.findings.to_json().size(), 3);
  EXPECT_EQ(experiment.findings.to_json()[0]["line"], 13);
}

/// As large as an experiment may be expected to become; what grows faster than linearly would show here.
TEST(Compiler, CompilesAThousandComponents) {
  std::string text =
      "tactus: 1\nheartbeat: {period: 1 ms}\ngenerators:\n  first: {plugin: parts/wave, level: 1 "
      "V}\nobservers:\n";
  std::string before = "first";
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "sum" + std::to_string(i);
    text.append("  ").append(name).append(": {plugin: parts/sum, inputs: {a: ");
    text.append(before).append(".value, b: first.value}}\n");
    before = name;
  }
  const Experiment experiment(text);
  ASSERT_EQ(experiment.findings.to_text(), "");
  EXPECT_EQ(experiment.compiled->program->steps.size(), 1001);
  EXPECT_EQ(experiment.compiled->program->layout->components.back().signals[0].unit, "V");
}

TEST(Compiler, PutsComponentsIntoChains) {
  const std::string text = replaced(
      loop, "report:", "chains:\n  slow: {schedule: {every: 100 ms}, components: [wanted]}\nreport:");
  const Experiment chained(text);
  ASSERT_EQ(chained.findings.to_text(), "");
  const Program& program = *chained.compiled->program;
  EXPECT_EQ(order(program), (std::vector<std::string>{"sensor", "loop", "drive", "wanted"}));
  EXPECT_EQ(program.layout->beat_components, 3U);
  ASSERT_EQ(program.chains.size(), 1U);
  EXPECT_EQ(program.layout->components[3].chain, "slow");
  EXPECT_EQ(program.layout->rates[program.layout->components[3].rate], (Schedule{10, 0}));
  const auto wire = std::ranges::find(chained.compiled->wires, "wanted.value", &CompiledWire::from);
  ASSERT_NE(wire, chained.compiled->wires.end());
  EXPECT_EQ(wire->turn, 10U);
  EXPECT_FALSE(wire->last_beat);
}

}  // namespace
}  // namespace tactus::testing
