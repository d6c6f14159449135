#include "interpreter/chains.hpp"

#include <algorithm>

#include "interpreter/section_reader.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

/// Into the chain that was read last.
void put_into_chain(const Node& item, Specification& specification, Findings& findings) {
  const ChainSpecification& chain = specification.chains.back();
  const auto named = std::ranges::find(specification.components, item.text(), &ComponentSpecification::name);
  if (named == specification.components.end()) {
    std::vector<std::string> names;
    for (const ComponentSpecification& component : specification.components) names.push_back(component.name);
    findings.error(item.position(), "chain " + chain.name + ": there is no component `" + item.text() + "`" +
                                        hint(item.text(), names));
  } else if (named->kind == PluginKind::scanner || named->kind >= PluginKind::interlock) {
    findings.error(item.position(), "chain " + chain.name + ": " + named->name + " is of the kind " +
                                        to_string(named->kind) + ", which belongs to the beat");
  } else if (named->chain) {
    findings.error(item.position(), "chain " + chain.name + ": " + named->name + " is in the chain " +
                                        specification.chains[*named->chain].name + " already");
  } else if (named->schedule_position) {
    findings.error(*named->schedule_position,
                   named->name + " runs on the schedule of its chain, " + chain.name + ", not on its own");
  } else {
    named->chain = specification.chains.size() - 1;
    named->schedule = chain.schedule;
  }
}

}  // namespace

void read_chain(const Node::Entry& entry, Specification& specification, ScheduleReader& schedules,
                Findings& findings) {
  const std::string what = "chain " + entry.key;
  const SectionReader reader(entry.value, schema::chain, what, findings);
  ChainSpecification chain{entry.key, entry.position, {}, {}};
  if (const Node* value = reader.get("schedule")) chain.schedule = schedules.read(*value);
  if (const auto core = reader.integer("core")) chain.core = static_cast<int>(*core);
  specification.chains.push_back(std::move(chain));
  const Node* const components = reader.get("components");
  if (components == nullptr) return;
  if (!components->is_sequence() || components->items().empty())
    findings.error(components->position(), "`components` of " + what + " must be a list of components");
  for (const Node& item : components->items()) put_into_chain(item, specification, findings);
}

}  // namespace tactus
