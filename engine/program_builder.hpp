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
  Schedule schedule;
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

/// Builds one program. Ordinary domain. Parts and outputs are named by their index in the order of adding.
class ProgramBuilder {
 public:
  /// `running`: the program that this one is to replace, null for the first.
  ProgramBuilder(Period period, std::uint64_t number, const Program* running = nullptr)
      : period_(period), number_(number), running_(running) {}

  /// Adds a device; it is told the time in the order of adding. Equal name, driver instance: it goes on.
  void add_device(std::string name, std::shared_ptr<Device> device, std::shared_ptr<const Settings> settings);
  /// Adds a component; the order of adding is the order in the file.
  std::size_t add(NewPart part);
  /// Connects an input. An input that nothing is connected to gets its constant, or is refused by `build`.
  void connect(std::size_t part, std::size_t input, Source source);

  /// Makes the program, or throws ProgramError. The builder is used up.
  std::unique_ptr<Program> build(std::string specification = {});

 private:
  struct Entry {
    NewPart part;
    std::vector<std::optional<Source>> sources;  // by input
    std::optional<std::size_t> predecessor;      // the part of the running program whose instance goes on
  };
  bool is_actuator(std::size_t entry) const { return entries_[entry].part.kind == PluginKind::actuator; }

  void keep_instances();
  void put_in_order();
  std::shared_ptr<ProgramLayout> lay_out(std::string specification,
                                         const std::shared_ptr<StepTable>& durations) const;
  void place_frames(Program& program) const;
  void wire(Program& program) const;
  void make_steps(Program& program);
  void make_handover(Program& program) const;
  void release_outputs(Program& program) const;

  Period period_;
  std::uint64_t number_;
  const Program* running_;
  std::vector<Entry> entries_;
  std::vector<DevicePart> devices_;
  std::vector<std::size_t> order_;  // entries in the order of the beat
  std::vector<std::size_t> place_;  // of each entry in that order
};

}  // namespace tactus
