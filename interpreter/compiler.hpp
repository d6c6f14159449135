#pragma once
// From the specification to a program that can run, or to the findings that say why not.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "components/interlock/interlock.hpp"
#include "engine/program.hpp"
#include "interpreter/finding.hpp"
#include "interpreter/plugin_library.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// One connection as it was compiled.
struct CompiledWire {
  std::string from;       ///< `sensor.level`
  std::string component;  ///< that reads it
  std::string input;
  std::string from_unit;
  std::string unit;        ///< of the input; another one than from_unit: a conversion stands between them
  std::size_t delay = 0;   ///< in beats, as asked for
  bool last_beat = false;  ///< it is that of the beat before: of an actuator, or read by a chain at its turn
  std::uint64_t turn = 0;  ///< of a chain: it is what was computed on the turn before, so many beats ago
  std::string mode{};  ///< in which it is connected so, `region.mode`; empty: whenever no mode says otherwise
};

/// One output of the experiment.
struct CompiledOutput {
  std::string signal;  ///< `drive.pump`
  std::string device;
  std::string channel;
  std::string unit;
  bool hardware = false;
  bool safe_given = false;  ///< the user said what is safe
  bool safe_hold = false;
  double safe = 0;
  double safe_slew = OutputLine::infinity;  ///< largest change per second on the way there
  bool safe_writer = false;  ///< its driver can make it safe when the engine's process no longer can
};

/// One interlock as it was compiled.
struct CompiledInterlock {
  Interlock::Policy policy;
  std::vector<std::string>
      watches;  ///< the signals that its condition reads, by input, and the modes that it asks for
  std::vector<std::string> acts_on;  ///< outputs, each with the action: `drive.pump safe`

  /// Watches and does the same.
  bool same(const CompiledInterlock& other) const {
    return policy.same(other.policy) && watches == other.watches && acts_on == other.acts_on;
  }
};

/// A measurement that has to be near that of a checkpoint for a run to go on there.
struct CompiledBound {
  std::string signal;  ///< `sensor.level`
  std::string unit;
  std::size_t part = 0;    ///< its scanner, of Program::parts
  std::size_t output = 0;  ///< of the scanner
  double within = 0;       ///< in the signal's unit
};

/// A program, and what can be told of it.
struct Compiled {
  std::unique_ptr<Program> program;
  std::vector<CompiledWire> wires;
  std::vector<CompiledOutput> outputs;
  std::vector<CompiledInterlock> interlocks;
  std::vector<CompiledBound> bounds;
  bool hardware = false;  ///< some output moves something in the world
};

/// What a program is compiled for.
struct CompileOptions {
  const Program* running = nullptr;  ///< that it is to replace; its devices go on if they are the same
  std::uint64_t number = 1;          ///< of the new program
};

/// Makes instances, settings, wiring and the program. Devices are configured but not opened. Everything that
/// is wrong goes to the findings, all of it in one run; nothing is returned then. `specification` may already
/// have findings of its own, which keep a program from being made. Ordinary domain.
std::optional<Compiled> compile(const Specification& specification, PluginLibrary& library,
                                Findings& findings, const CompileOptions& options = {});

}  // namespace tactus
