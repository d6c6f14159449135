#include "interpreter/override.hpp"

#include <optional>
#include <span>
#include <vector>

#include "interpreter/schema.hpp"
#include "interpreter/words.hpp"
#include "interpreter/yaml_reader.hpp"

namespace tactus {
namespace {

constexpr const char* named_sections[] = {"devices",     "scanners",   "generators", "observers",
                                          "controllers", "interlocks", "actuators",  "chains"};

/// The same value, written at one position.
Node moved_to(const Node& node, const Position& position) {
  switch (node.kind()) {
    case Node::Kind::null:
      return Node::null(position);
    case Node::Kind::scalar:
      return Node::scalar(node.text(), node.quoted(), position);
    case Node::Kind::sequence: {
      std::vector<Node> items;
      for (const Node& item : node.items()) items.push_back(moved_to(item, position));
      return Node::sequence(std::move(items), position);
    }
    case Node::Kind::map: {
      std::vector<Node::Entry> entries;
      for (const Node::Entry& entry : node.entries())
        entries.push_back({entry.key, position, moved_to(entry.value, position)});
      return Node::map(std::move(entries), position);
    }
  }
  return node;
}

/// Where in the tree a name of the command line is; nothing if there is none of that name.
std::optional<std::vector<std::string>> path_of(const Node& tree, std::vector<std::string> words) {
  if (schema::root.find(words.front()) != nullptr) return words;
  for (const char* section : named_sections) {
    const Node* const entries = tree.find(section);
    const Node* const component = entries != nullptr ? entries->find(words.front()) : nullptr;
    if (component == nullptr) continue;
    const Node* const channels = component->find("channels");
    if (words.size() > 2 && channels != nullptr && channels->find(words[1]) != nullptr)
      words.insert(words.begin() + 1, "channels");
    words.insert(words.begin(), section);
    return words;
  }
  return std::nullopt;
}

std::vector<std::string> known_names(const Node& tree) {
  std::vector<std::string> names;
  for (const char* section : named_sections) {
    const Node* const entries = tree.find(section);
    if (entries == nullptr) continue;
    for (const Node::Entry& entry : entries->entries()) names.push_back(entry.key);
  }
  return names;
}

Node replaced(const Node& tree, std::span<const std::string> path, const Position& position,
              const Node& value) {
  if (path.empty()) return value;
  const Node* const inner = tree.find(path.front());
  const Position key = path.size() > 1 && inner != nullptr ? inner->position() : position;
  const Node below = inner != nullptr ? *inner : Node::map({}, position);
  return tree.with(path.front(), key, replaced(below, path.subspan(1), position, value));
}

/// A map without one of its keys.
Node without(const Node& map, std::string_view key) {
  std::vector<Node::Entry> kept;
  for (const Node::Entry& entry : map.entries()) {
    if (entry.key != key) kept.push_back(entry);
  }
  return Node::map(std::move(kept), map.position());
}

/// What the user sets holds in every mode: no mode sets the same any more.
Node without_modes_setting(const Node& tree, std::string_view name) {
  const Node* const modes = tree.find("modes");
  if (modes == nullptr) return tree;
  Node changed = tree;
  for (const Node::Entry& region : modes->entries()) {
    for (const Node::Entry& mode : region.value.entries()) {
      const Node* const set = mode.value.find("set");
      if (set == nullptr || set->find(name) == nullptr) continue;
      const std::string path[] = {"modes", region.key, mode.key, "set"};
      changed = replaced(changed, path, set->position(), without(*set, name));
    }
  }
  return changed;
}

}  // namespace

Node with_assignment(const Node& tree, const std::string& assignment, Findings& findings) {
  const Position position{"--set " + assignment};
  const std::size_t equals = assignment.find('=');
  const std::vector<std::string> words = split(trim(assignment.substr(0, equals)), '.');
  if (equals == std::string::npos || words.size() < 2) {
    findings.error(position, "must be of the form `component.parameter=value`");
    return tree;
  }
  Findings of_value;
  const std::optional<Node> value = read_yaml(assignment.substr(equals + 1), "value", of_value);
  if (!value) {
    for (const Finding& finding : of_value.sorted()) findings.error(position, finding.message);
    return tree;
  }
  const auto path = path_of(tree, words);
  if (!path) {
    findings.error(position, "there is no component or device `" + words.front() + "`" +
                                 hint(words.front(), known_names(tree)));
    return tree;
  }
  const Node changed = replaced(tree, *path, position, moved_to(*value, position));
  return without_modes_setting(changed, trim(assignment.substr(0, equals)));
}

}  // namespace tactus
