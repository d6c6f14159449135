#pragma once
// What the ordinary domain needs to know of a program to make sense of its numbers: names, units, places.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/step_timing.hpp"
#include "engine/worst_beats.hpp"
#include "heartbeat/period.hpp"
#include "plugin/registration.hpp"

namespace tactus {

/// When a component runs: on the beats n with n % every == offset.
struct Schedule {
  std::uint64_t every = 1;
  std::uint64_t offset = 0;
  bool operator==(const Schedule&) const = default;
};

struct SignalLayout {
  std::string name;  ///< without the component's: `level`
  std::string unit;
  std::vector<std::string> labels{};  ///< names of the values 0, 1, ..., if they have any
};

/// One component's frame within the program's block of memory.
struct ComponentLayout {
  std::string component;
  std::string plugin;
  PluginKind kind = PluginKind::generator;
  std::vector<SignalLayout> signals;
  std::size_t first = 0;  ///< index of the first signal in values and statuses of a record
  std::size_t rate = 0;   ///< index into ProgramLayout::rates
  bool own_rate = false;  ///< nobody else has it: modes switch it on and off
  std::string chain{};    ///< that computes it; empty: the beat itself
  std::shared_ptr<const StepTiming> timing;
};

/// Immutable once the program is built. Lives as long as anybody holds it: records in a Fifo name their
/// program, and their layout stays until they are drained.
struct ProgramLayout {
  std::uint64_t program = 0;  ///< number of the program, from 1, in the order of building
  Period period;
  std::vector<ComponentLayout> components;  ///< in the order of the beat, then those of each chain
  std::size_t beat_components = 0;          ///< how many the beat computes itself
  std::vector<Schedule> rates;              ///< the first one is every beat; the last ones are the chains'
  std::size_t shared_rates =
      0;                    ///< how many of them, from the first one, serve everybody who has that schedule
  std::size_t signals = 0;  ///< number of all signals
  std::vector<std::string> states{};  ///< names of a checkpoint's numbers; empty: none is taken
  std::shared_ptr<WorstBeats> worst;  ///< of the beats run by this program
  std::string specification;          ///< the text that the user wrote, for the recording
};

}  // namespace tactus
