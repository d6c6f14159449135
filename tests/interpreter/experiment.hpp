#pragma once
// Compiles texts with the tests' own plug-ins.

#include <optional>
#include <string>
#include <vector>

#include "interpreter/compiler.hpp"
#include "interpreter/specification.hpp"

namespace tactus::testing {

inline PluginLibrary& library() {
  static PluginLibrary plugins({TACTUS_TEST_PLUGINS});
  return plugins;
}

/// A text on its way to a program, with all that was found.
struct Experiment {
  explicit Experiment(const std::string& text, const std::vector<std::string>& assignments = {},
                      const CompileOptions& options = {}) {
    specification = parse_specification(text, "x.yaml", assignments, findings);
    if (specification) compiled = compile(*specification, library(), findings, options);
  }

  Findings findings;
  std::optional<Specification> specification;
  std::optional<Compiled> compiled;
};

/// A whole experiment: a set-point, a controller with unit variables, a plant that is a wire.
inline const std::string loop = R"(tactus: 1
name: loop-of-two
heartbeat: {period: 10 ms, clock: virtual}
constants: {top: 5 V}
devices:
  rig: {driver: rig, noise: 20 mV}
scanners:
  sensor:
    device: rig
    channels:
      level: {channel: ai0, unit: V}
generators:
  wanted: {plugin: parts/wave, level: 3 V}
controllers:
  loop: {plugin: parts/gain, inputs: {setpoint: wanted.value, measurement: sensor.level}, kp: 0.5}
actuators:
  drive:
    device: rig
    channels:
      pump: {channel: ao0, unit: V, from: loop.output, limits: [0 V, top], slew: 100 V/s, safe: 1 V}
report: {signals: [loop, sensor.level], file: x.h5}
)";

/// A text with one piece of it replaced; the piece must be there.
inline std::string replaced(std::string text, const std::string& piece, const std::string& replacement) {
  return text.replace(text.find(piece), piece.size(), replacement);
}

inline std::string loop_with(const std::string& piece, const std::string& replacement) {
  return replaced(loop, piece, replacement);
}

}  // namespace tactus::testing
