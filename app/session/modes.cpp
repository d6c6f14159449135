#include "app/session/modes.hpp"

#include <algorithm>

#include "app/session/refused.hpp"
#include "interpreter/words.hpp"

namespace tactus {

std::vector<ModeInForce> modes_in_force(const std::optional<LatestBeat>& latest) {
  std::vector<ModeInForce> modes;
  if (!latest) return modes;
  for (const ComponentLayout& component : latest->layout->components) {
    if (component.kind != PluginKind::region) continue;
    const auto number = static_cast<std::size_t>(latest->values[component.first]);
    modes.push_back({component.component, component.signals[0].labels.at(number), number,
                     latest->values[component.first + 1]});
  }
  return modes;
}

std::vector<const Region*> regions_of(const Program& program) {
  std::vector<const Region*> regions;
  for (std::size_t i = 0; i < program.parts.size(); ++i) {
    if (program.layout->components[i].kind == PluginKind::region)
      regions.push_back(static_cast<const Region*>(program.parts[i].instance.get()));
  }
  return regions;
}

namespace {

void require(const std::string& what, const std::string& name, const std::vector<std::string>& known) {
  if (std::ranges::find(known, name) != known.end()) return;
  throw Refused(Refusal::input, known.empty()
                                    ? "this experiment has no " + what + "s"
                                    : "there is no " + what + " `" + name + "`" + hint(name, known));
}

}  // namespace

void require_command(const Program& program, const std::string& name) {
  std::vector<std::string> known;
  for (const Region* region : regions_of(program)) {
    for (const std::string& command : region->plan().commands) {
      if (std::ranges::find(known, command) == known.end()) known.push_back(command);
    }
  }
  require("command", name, known);
}

void require_mode(const Program& program, const std::string& name) {
  std::vector<std::string> known;
  for (const Region* region : regions_of(program)) {
    for (const Region::Mode& mode : region->plan().modes)
      known.push_back(region->plan().name + "." + mode.name);
  }
  require("mode", name, known);
}

}  // namespace tactus
