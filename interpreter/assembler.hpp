#pragma once
#include <algorithm>
#include <optional>

#include "engine/program_builder.hpp"
#include "interpreter/compiler.hpp"
#include "interpreter/draft.hpp"
#include "interpreter/unit_solution.hpp"

namespace tactus {

/// Puts the parts together, once nothing is wrong with them: the last step of the compiler. A loop is found
/// here.
class Assembler {
 public:
  Assembler(const Specification& specification, DraftComponents& components, std::vector<DraftModes>& modes,
            const UnitSolution& units, QuantityReader& quantities, Findings& findings)
      : specification_(specification),
        components_(components),
        modes_(modes),
        units_(units),
        quantities_(quantities),
        findings_(findings) {}

  /// Uses up the settings of the components and modes.
  std::optional<Compiled> assemble(const DraftDevices& devices, const CompileOptions& options);

 private:
  void add_parts(ProgramBuilder& builder);
  void connect(ProgramBuilder& builder, Compiled& compiled);
  void add_modes(ProgramBuilder& builder, Compiled& compiled);
  Source converted(ProgramBuilder& builder, std::size_t consumer, std::size_t input, const Source& source,
                   const Unit& from, const Unit& to, const std::string& mode = {});
  void name_units(Program& program) const;
  void describe_outputs(Compiled& compiled) const;
  void report(const ProgramError& error);
  bool is_governed(std::size_t component) const {
    return std::ranges::any_of(modes_, [&](const DraftModes& modes) {
      return std::ranges::count(modes.modes.governed, component, &NewModes::Governed::part) != 0;
    });
  }
  Unit output_unit(std::size_t component, std::size_t output) const {
    const PortDescription& port = components_[component].instance->outputs()[output]->description();
    return units_.resolve(component, port.unit).unit;
  }

  const Specification& specification_;
  DraftComponents& components_;
  std::vector<DraftModes>& modes_;
  const UnitSolution& units_;
  QuantityReader& quantities_;
  Findings& findings_;
};

}  // namespace tactus
