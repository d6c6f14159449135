#include "app/cli/graph.hpp"

#include <fmt/format.h>

#include "app/cli/text.hpp"

namespace tactus::cli {

using nlohmann::json;

namespace {

/// As a string of Graphviz.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string component_of(const std::string& signal) { return signal.substr(0, signal.find('.')); }

}  // namespace

std::string wiring_graph(const json& checked) {
  std::string text = fmt::format("digraph {} {{\n  rankdir=LR\n  node [shape=box]\n",
                                 quoted(value_text(checked.at("name"))));
  for (const json& step : checked.at("order")) {
    const std::string name = value_text(step.at("component"));
    const std::string kind = value_text(step.at("kind")), plugin = value_text(step.at("plugin"));
    const std::string what = kind == plugin ? kind : fmt::format("{} {}", kind, plugin);
    text += fmt::format("  {} [label={}]\n", quoted(name), quoted(fmt::format("{}\n{}", name, what)));
  }
  for (const json& wire : checked.at("wires")) {
    const std::string signal = value_text(wire.at("from"));
    const bool is_old = wire.at("last_beat").get<bool>() || wire.at("delay") != 0 || wire.at("turn") != 0;
    const bool is_sometimes = !wire.at("mode").is_null();
    const char* const style = is_sometimes ? ", style=dotted" : is_old ? ", style=dashed" : "";
    text += fmt::format("  {} -> {} [label={}{}]\n", quoted(component_of(signal)),
                        quoted(component_of(value_text(wire.at("input")))),
                        quoted(signal.substr(signal.find('.') + 1)), style);
  }
  return text + "}\n";
}

std::string modes_graph(const json& checked) {
  std::string text = fmt::format("digraph {} {{\n  node [shape=box, style=rounded]\n",
                                 quoted(value_text(checked.at("name")) + " modes"));
  for (const json& region : checked.at("modes")) {
    const std::string name = value_text(region.at("region"));
    text += fmt::format("  subgraph {} {{\n    label={}\n", quoted("cluster_" + name), quoted(name));
    for (const json& mode : region.at("modes")) {
      const std::string word = value_text(mode.at("mode"));
      const auto node = [&](const std::string& which) { return quoted(fmt::format("{}.{}", name, which)); };
      const bool is_initial = mode.at("mode") == region.at("initial");
      text +=
          fmt::format("    {} [label={}{}]\n", node(word), quoted(word), is_initial ? ", penwidth=2" : "");
      for (const json& way : mode.at("go")) {
        text += fmt::format("    {} -> {} [label={}]\n", node(word), node(value_text(way.at("to"))),
                            quoted(value_text(way.at("when"))));
      }
    }
    text += "  }\n";
  }
  return text + "}\n";
}

}  // namespace tactus::cli
