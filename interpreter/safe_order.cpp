#include "interpreter/safe_order.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "interpreter/words.hpp"

namespace tactus {
namespace {

using Outputs = std::map<std::string, ProgramBuilder::Line, std::less<>>;

Outputs outputs_of(const Specification& specification) {
  Outputs outputs;
  for (std::size_t i = 0; i < specification.components.size(); ++i) {
    const ComponentSpecification& component = specification.components[i];
    if (component.kind != PluginKind::actuator) continue;
    for (std::size_t line = 0; line < component.channels.size(); ++line)
      outputs.emplace(component.name + "." + component.channels[line].signal, ProgramBuilder::Line{i, line});
  }
  return outputs;
}

}  // namespace

void read_safe_order(const Node& node, Specification& specification, Findings& findings) {
  if (!node.is_sequence())
    return findings.error(node.position(),
                          "`safe_order` must be a list of outputs, `component.signal`, this is " +
                              std::string(node.kind_name()));
  const Outputs outputs = outputs_of(specification);
  std::vector<std::string> names;
  for (const auto& [name, line] : outputs) names.push_back(name);
  std::vector<Word>& order = specification.safe_order;
  for (const Node& item : node.items()) {
    const std::string& name = item.text();
    const auto first = std::ranges::find(order, name, &Word::text);
    if (!outputs.contains(name))
      findings.error(item.position(), "`safe_order`: there is no output `" + name + "`" + hint(name, names));
    else if (first != order.end())
      findings.error(item.position(),
                     "`safe_order`: " + name + " stands here twice, first at " + to_string(first->position));
    else
      order.push_back({name, item.position()});
  }
}

std::vector<ProgramBuilder::Line> lines_in_safe_order(const Specification& specification) {
  const Outputs outputs = outputs_of(specification);
  std::vector<ProgramBuilder::Line> lines;
  for (const Word& word : specification.safe_order) lines.push_back(outputs.at(word.text));
  return lines;
}

}  // namespace tactus
