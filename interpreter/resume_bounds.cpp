#include "interpreter/resume_bounds.hpp"

#include <algorithm>

#include "interpreter/words.hpp"

namespace tactus {

std::vector<std::string> measurements(const ProgramLayout& layout) {
  std::vector<std::string> names;
  for (const ComponentLayout& component : layout.components) {
    if (component.kind != PluginKind::scanner) continue;
    for (const SignalLayout& signal : component.signals)
      names.push_back(component.component + "." + signal.name);
  }
  return names;
}

std::vector<CompiledBound> compile_bounds(const Specification& specification, const ProgramLayout& layout,
                                          QuantityReader& quantities, Findings& findings) {
  std::vector<CompiledBound> bounds;
  for (const ResumeBound& asked : specification.resume) {
    const std::string& name = asked.signal.text;
    const std::vector<std::string> known = measurements(layout);
    if (std::ranges::find(known, name) == known.end()) {
      findings.error(asked.signal.position,
                     "`" + name + "` is no signal of a scanner: those are measured" + hint(name, known));
      continue;
    }
    const auto scanner =
        std::ranges::find(layout.components, name.substr(0, name.find('.')), &ComponentLayout::component);
    const auto signal =
        std::ranges::find(scanner->signals, name.substr(name.find('.') + 1), &SignalLayout::name);
    const std::optional<double> within =
        quantities.read(asked.within, Unit::parse(signal->unit), Quantity::difference, "`within` of " + name);
    if (!within) continue;
    if (!(*within >= 0)) {
      findings.error(asked.within.position(), "`within` of " + name + " must be 0 or more");
      continue;
    }
    bounds.push_back({name, signal->unit, static_cast<std::size_t>(scanner - layout.components.begin()),
                      static_cast<std::size_t>(signal - scanner->signals.begin()), *within});
  }
  return bounds;
}

}  // namespace tactus
