#pragma once
#include <optional>
#include <string>
#include <vector>

#include "interpreter/finding.hpp"
#include "interpreter/node.hpp"
#include "interpreter/schema.hpp"

namespace tactus {

/// Holds one map of the file against its table: unknown, unavailable and missing keys and values of the wrong
/// type become findings at once; what is left can be taken without further checks.
class SectionReader {
 public:
  /// `what` names the map in messages, such as `scanner sensor`.
  SectionReader(const Node& map, const schema::Section& section, std::string what, Findings& findings);

  /// False if the node is no map at all; nothing can be taken then.
  bool is_map() const { return map_.is_map(); }

  /// The value of a key, or null: not given, or wrong.
  const Node* get(std::string_view key) const;
  /// Whether the key stands there, right or wrong.
  bool has(std::string_view key) const { return map_.find(key) != nullptr; }
  const Position& position() const { return map_.position(); }
  /// Where the key stands; the map's own position if it is not given.
  Position position_of(std::string_view key) const;
  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  /// Index of the word in the key's choices; `otherwise` if it is not given.
  std::size_t choice(std::string_view key, std::size_t otherwise) const;
  /// Of an open section: the keys that are not in the table, in the order of the file.
  const std::vector<Node::Entry>& others() const { return others_; }

 private:
  void check_keys();
  void check_missing();
  bool fits(const schema::Key& key, const Node& value);

  Node map_;
  const schema::Section& section_;
  std::string what_;
  Findings& findings_;
  std::vector<Node::Entry> good_;
  std::vector<Node::Entry> others_;
};

}  // namespace tactus
