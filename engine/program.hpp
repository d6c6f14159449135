#pragma once
// A specification compiled for the engine. Everything that can be known beforehand is: the order is an array,
// a wire is an address, all frames stand in one block of memory.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "components/actuator/actuator.hpp"
#include "device/device.hpp"
#include "engine/chain.hpp"
#include "engine/delay_line.hpp"
#include "engine/layout.hpp"
#include "engine/mode_switch.hpp"
#include "engine/rate.hpp"
#include "engine/safe_sequence.hpp"
#include "engine/step.hpp"
#include "engine/watch.hpp"
#include "heartbeat/heartbeat.hpp"

namespace tactus {

/// Where an input gets its number from.
struct Wire {
  const double* value = nullptr;
  const Status* status = nullptr;
  bool connected = false;
  DelayLine* delay = nullptr;  ///< on the way, if there is one
};

/// One component in one program: the instance (state) may be shared with the program before, the rest is this
/// program's.
struct Part {
  std::shared_ptr<Component> instance;
  Settings settings;
  std::vector<Wire> wires;
  double* values = nullptr;
  Status* statuses = nullptr;
  std::vector<OutputLine> lines;      ///< of an actuator
  Device* device = nullptr;           ///< of an actuator
  bool kept = false;                  ///< the instance ran in the program before, or was restored
  std::vector<std::string> states{};  ///< names of the numbers that are its state

  /// Lets the instance read its settings and inputs and write its frame. Real-time, between two updates.
  void bind(Supervision& supervision);
};

/// A device in a program, with the parameters that it was opened with.
struct DevicePart {
  std::string name;
  std::shared_ptr<Device> device;
  std::shared_ptr<const Settings> settings;  ///< which the instance reads as long as it lives
  std::vector<std::string> states{};         ///< names of the numbers that are its state
};

/// Channels of one device that get their safe values together, in the channels' units.
struct SafeWrite {
  Device* device = nullptr;
  std::unique_ptr<ChannelGroup> group;
  std::vector<double> raw;
};

/// What the first beat of a program does about the program before it: made beforehand, so that the beat only
/// walks it.
struct Handover {
  struct Copy {
    const double* from_values;
    const Status* from_statuses;
    double* to_values;
    Status* to_statuses;
    std::size_t count;
  };
  struct Delay {
    DelayLine* from;
    DelayLine* to;
  };
  struct Pair {
    std::size_t from, to;
  };
  struct Leaver {
    std::size_t part;  ///< of the old program
    std::string name;
  };
  std::uint64_t predecessor = 0;  ///< number of the program that it was made for; 0: none
  std::vector<Copy> frames;       ///< of kept components, from the old block to the new one
  struct Succession {
    const Region* from;
    Region* to;
  };
  std::vector<Delay> delays;            ///< delay lines that go on
  std::vector<Succession> regions;      ///< whose mode goes on
  std::vector<std::size_t> ungoverned;  ///< rates of components that modes no longer switch off
  std::vector<Pair> rates;              ///< schedules that go on
  std::vector<Leaver> stop;             ///< whose instances do not come along
  std::vector<SafeWrite> release;       ///< outputs that nothing writes any more
};

/// Built in the ordinary domain by ProgramBuilder, run by the engine, given back to the ordinary domain.
struct Program {
  std::vector<Step> steps;  ///< those of the beat, then those of each chain
  std::vector<Part> parts;  ///< in the order of the steps
  SafeSequence safety;      ///< of its outputs
  std::vector<DevicePart> devices;
  std::vector<Rate> rates;  ///< as in the layout
  std::vector<DelayLine> delays;
  std::vector<Chain> chains;
  std::vector<std::unique_ptr<ModeSwitch>> modes;  ///< by region
  Handover handover;

  // The block of frames: the signals of all components first, then what delays and unconnected inputs need.
  std::vector<double> values;
  std::vector<Status> statuses;
  std::vector<const Status*> input_statuses;  ///< what the steps point into

  std::shared_ptr<StepTable> durations;
  std::vector<std::uint64_t>
      stamps;  ///< of the beat at hand: its beginning, before the steps, after each, its end
  std::shared_ptr<const ProgramLayout> layout;
  std::uint64_t first_beat = 0;      ///< on which it took effect
  Instant origin{};                  ///< where its period began
  std::optional<Rate> checkpoint{};  ///< on which beats state is saved; none: on none
  bool resumed = false;              ///< it goes on from a checkpoint

  /// Copies the state of devices and components, and its own, to as many numbers as the layout has names for.
  /// Real-time, at the end of a beat. Throws what a plug-in throws.
  void save(std::span<double> to);
  /// Takes over such numbers. Ordinary domain, before the engine has it and while devices are not in use.
  void restore(std::span<const double> from);
  /// What it holds itself: frames, schedules and delays; see StateVisitor.
  void state(StateVisitor& visitor);

  /// For a watch: a run of a step, and what is done only once in a step's life. Real-time.
  Stint stint(std::size_t step) const;
  Stint first_stint(std::size_t step, std::uint64_t beat) const;

  std::uint64_t number() const { return layout->program; }
  std::span<const Step> beat_steps() const { return {steps.data(), layout->beat_components}; }
  std::span<Rate> beat_rates() { return {rates.data(), rates.size() - chains.size()}; }
  std::span<const double> signals() const { return {values.data(), layout->signals}; }
  std::span<const Status> signal_statuses() const { return {statuses.data(), layout->signals}; }

 private:
  template <class Number, class Work>
  void each_state(std::span<Number> numbers, const Work& work);
};

}  // namespace tactus
