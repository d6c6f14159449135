#pragma once
// From components and connections to a flat program. It knows nothing of YAML or units: the interpreter uses
// it, and so may a C++ program.

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/program.hpp"

namespace tactus {

/// Why no program can be made of it. `members`: the components concerned, of a loop in its order.
class ProgramError : public std::runtime_error {
 public:
  ProgramError(const std::string& text, std::vector<std::string> members)
      : std::runtime_error(text), members_(std::move(members)) {}
  const std::vector<std::string>& members() const { return members_; }

 private:
  std::vector<std::string> members_;
};

/// A component as it goes into a program: configured, with its settings.
struct NewPart {
  std::string name;
  std::string plugin;  ///< of equal name and plug-in: the instance of the running program goes on
  PluginKind kind = PluginKind::generator;
  Schedule schedule;                    ///< in a chain, the chain's
  std::optional<std::size_t> chain{};   ///< that computes it; none: the beat itself
  std::shared_ptr<Component> instance;  ///< new, its ports declared and its settings filled by `configure`
  Settings settings;
  std::vector<OutputLine> lines{};  ///< of an actuator, as attached
  Device* device = nullptr;         ///< of an actuator, as attached
};

/// The other end of a connection. With `delay` the value of so many beats ago, before that `initial`.
struct Source {
  std::size_t part = 0;
  std::size_t output = 0;
  std::size_t delay = 0;
  double initial = 0;
};

/// What the modes of one region mean; the region itself is a part. Parts are those of the beat, not of
/// chains. In each list `by mode` is in the order of the region's plan.
struct NewModes {
  struct Governed {
    std::size_t part;
    std::vector<bool> active;  ///< by mode
  };
  struct Tuned {
    std::size_t part;
    std::vector<std::optional<Settings>> settings;  ///< by mode; none: the part's own
  };
  struct Rewired {
    std::size_t part;
    std::size_t input;                           ///< that is connected, too
    std::vector<std::optional<Source>> sources;  ///< by mode; none: as it is connected
  };
  struct Guarded {
    std::size_t part;  ///< an actuator
    std::size_t line;
    std::vector<bool> safe;  ///< by mode
  };
  std::size_t region;
  std::vector<Governed> governed{};
  std::vector<Tuned> tuned{};
  std::vector<Rewired> rewired{};
  std::vector<Guarded> guarded{};
};

/// Builds one program. Ordinary domain. Parts and outputs are named by their index in the order of adding.
class ProgramBuilder {
 public:
  /// `running`: the program that this one is to replace, null for the first.
  ProgramBuilder(Period period, std::uint64_t number, const Program* running = nullptr)
      : period_(period), number_(number), running_(running) {}

  /// Adds a device; it is told the time in the order of adding. Equal name, driver instance: it goes on.
  void add_device(std::string name, std::shared_ptr<Device> device, std::shared_ptr<const Settings> settings);
  /// Adds a chain; those of all programs of a run are the same, in the same order.
  std::size_t add_chain(std::string name, Schedule schedule);
  /// Adds a component; the order of adding is the order in the file.
  std::size_t add(NewPart part);
  /// Connects an input. An input that nothing is connected to gets its constant, or is refused by `build`.
  void connect(std::size_t part, std::size_t input, Source source);

  /// Says what a region does. A component, a parameter set, an input and an output belong to one region at
  /// most.
  void add_modes(NewModes modes) { modes_.push_back(std::move(modes)); }

  /// An output of an actuator: the line's index in it.
  struct Line {
    std::size_t part;
    std::size_t line;
    bool operator==(const Line&) const = default;
  };
  /// Outputs that go safe one after the other, before all others.
  void set_safe_order(std::vector<Line> order) { safe_order_ = std::move(order); }

  /// State is saved on the beats of this schedule. Not with chains, whose components may be at work then.
  void save_state(Schedule schedule) { checkpoint_ = schedule; }

  /// Makes the program, or throws ProgramError. The builder is used up.
  std::unique_ptr<Program> build(std::string specification = {});

 private:
  struct Entry {
    NewPart part;
    std::vector<std::optional<Source>> sources;  // by input
    std::optional<std::size_t> predecessor;      // the part of the running program whose instance goes on
    std::vector<std::string> states{};           // of the instance
    bool own_rate = false;                       // modes switch it on and off, or did
  };
  struct NewChain {
    std::string name;
    Schedule schedule;
  };
  /// A block of frames while wires are laid: what is still free in it, and where its delays go.
  struct Block {
    double* values = nullptr;
    Status* statuses = nullptr;
    std::size_t free = 0;
    std::vector<DelayLine>* delays = nullptr;
    DelayLine::Place place(std::size_t index) const { return {values + index, statuses + index}; }
  };
  bool is_actuator(std::size_t entry) const { return entries_[entry].part.kind == PluginKind::actuator; }
  bool is_region(std::size_t entry) const { return entries_[entry].part.kind == PluginKind::region; }
  bool same_chain(std::size_t a, std::size_t b) const {
    return entries_[a].part.chain == entries_[b].part.chain;
  }

  void keep_instances();
  void name_states();
  void take_checkpoints(Program& program, ProgramLayout& layout) const;
  void give_own_rates();
  std::vector<std::size_t> needs_of(std::size_t entry) const;
  void put_in_order();
  std::shared_ptr<ProgramLayout> lay_out(std::string specification,
                                         const std::shared_ptr<StepTable>& durations) const;
  void place_frames(Program& program) const;
  void place_chains(Program& program) const;
  void wire(Program& program);
  Wire wire_input(Program& program, std::size_t place, std::size_t input, Block& block) const;
  Wire wire_source(Program& program, std::size_t place, const Source& source, Block& block) const;
  Wire wire_into_chain(Program& program, std::size_t place, std::size_t input, Block& beat, Block& own) const;
  static void delay(Wire& wire, DelayLine::Place source, DelayLine::Place target, std::size_t beats,
                    double initial, std::vector<DelayLine>& delays);
  void make_steps(Program& program);
  void make_modes(Program& program);
  void make_mode_wires(Program& program, const NewModes& modes, ModeSwitch& result);
  void make_safe_sequence(Program& program) const;
  void make_handover(Program& program) const;
  void hand_over_part(Program& program, std::size_t place) const;
  void hand_over_rates(Program& program) const;
  void hand_over_regions(Program& program) const;
  void release_outputs(Program& program) const;

  Period period_;
  std::uint64_t number_;
  const Program* running_;
  std::vector<Entry> entries_;
  std::vector<DevicePart> devices_;
  std::vector<NewChain> chains_;
  std::vector<NewModes> modes_;
  std::vector<Line> safe_order_;
  std::optional<Schedule> checkpoint_;
  Block beat_;                      // of the program that is being made
  std::vector<std::size_t> order_;  // entries in the order of the beat, then of the chains
  std::vector<std::size_t> place_;  // of each entry in that order
};

}  // namespace tactus
