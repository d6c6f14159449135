#pragma once
// The tree of a YAML document as the project sees it: immutable, every part knows where it was written.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/finding.hpp"

namespace tactus {

/// One value of the document. Cheap to copy; shared parts (anchors) are shared in memory too.
class Node {
 public:
  enum class Kind : std::uint8_t { null, scalar, sequence, map };
  struct Entry;

  Node() : Node(null({})) {}
  static Node null(Position position);
  /// `quoted`: written in quotes, as a block, or tagged as text: never a number, a truth value or a name.
  static Node scalar(std::string text, bool quoted, Position position);
  static Node sequence(std::vector<Node> items, Position position);
  static Node map(std::vector<Entry> entries, Position position);

  Kind kind() const;
  bool is_null() const { return kind() == Kind::null; }
  bool is_scalar() const { return kind() == Kind::scalar; }
  bool is_sequence() const { return kind() == Kind::sequence; }
  bool is_map() const { return kind() == Kind::map; }
  const Position& position() const;
  /// Number of nodes if every alias were written out; at least 1.
  std::uint64_t weight() const;

  // Of a scalar, else empty or false.
  const std::string& text() const;
  bool quoted() const;

  // YAML 1.2 core schema: what a plain scalar means, or nothing if it means something else.
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;

  /// Of a sequence, else empty.
  std::span<const Node> items() const;
  /// Of a map in the order of the file, else empty.
  std::span<const Entry> entries() const;
  /// The value of a key of a map, or null pointer.
  const Node* find(std::string_view key) const;

  /// A map like this one in which `key` has that value; a new key comes last. What is no map becomes one.
  Node with(std::string_view key, const Position& key_position, Node value) const;

  /// "text", "a map", ...: for messages.
  const char* kind_name() const;

 private:
  struct Data;
  explicit Node(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

struct Node::Entry {
  std::string key;
  Position position;  ///< of the key
  Node value;
};

/// The tree as YAML that reads back as the same tree.
std::string to_yaml(const Node& node);

}  // namespace tactus
