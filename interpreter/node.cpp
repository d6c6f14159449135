#include "interpreter/node.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <variant>

#include "interpreter/number.hpp"

namespace tactus {

struct Node::Data {
  struct Scalar {
    std::string text;
    bool quoted = false;
  };
  Position position;
  std::uint64_t weight = 1;
  std::variant<std::monostate, Scalar, std::vector<Node>, std::vector<Entry>> value{};
};

namespace {

std::uint64_t add_saturating(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max()
                                                           : a + b;
}

}  // namespace

Node Node::null(Position position) { return Node(std::make_shared<const Data>(Data{std::move(position)})); }

Node Node::scalar(std::string text, bool quoted, Position position) {
  return Node(
      std::make_shared<const Data>(Data{std::move(position), 1, Data::Scalar{std::move(text), quoted}}));
}

Node Node::sequence(std::vector<Node> items, Position position) {
  std::uint64_t weight = 1;
  for (const Node& item : items) weight = add_saturating(weight, item.weight());
  return Node(std::make_shared<const Data>(Data{std::move(position), weight, std::move(items)}));
}

Node Node::map(std::vector<Entry> entries, Position position) {
  std::uint64_t weight = 1;
  for (const Entry& entry : entries) weight = add_saturating(weight, entry.value.weight());
  return Node(std::make_shared<const Data>(Data{std::move(position), weight, std::move(entries)}));
}

Node::Kind Node::kind() const { return static_cast<Kind>(data_->value.index()); }
const Position& Node::position() const { return data_->position; }
std::uint64_t Node::weight() const { return data_->weight; }

const std::string& Node::text() const {
  static const std::string none;
  const auto* scalar = std::get_if<Data::Scalar>(&data_->value);
  return scalar != nullptr ? scalar->text : none;
}

bool Node::quoted() const {
  const auto* scalar = std::get_if<Data::Scalar>(&data_->value);
  return scalar != nullptr && scalar->quoted;
}

std::optional<bool> Node::boolean() const {
  if (!is_scalar() || quoted()) return std::nullopt;
  const std::string& word = text();
  if (word == "true" || word == "True" || word == "TRUE") return true;
  if (word == "false" || word == "False" || word == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> Node::integer() const {
  return is_scalar() && !quoted() ? core_integer(text()) : std::nullopt;
}

std::optional<double> Node::number() const {
  return is_scalar() && !quoted() ? core_number(text()) : std::nullopt;
}

std::span<const Node> Node::items() const {
  const auto* items = std::get_if<std::vector<Node>>(&data_->value);
  return items != nullptr ? std::span<const Node>(*items) : std::span<const Node>();
}

std::span<const Node::Entry> Node::entries() const {
  const auto* entries = std::get_if<std::vector<Entry>>(&data_->value);
  return entries != nullptr ? std::span<const Entry>(*entries) : std::span<const Entry>();
}

const Node* Node::find(std::string_view key) const {
  const std::span<const Entry> all = entries();
  const auto found = std::ranges::find(all, key, &Entry::key);
  return found != all.end() ? &found->value : nullptr;
}

Node Node::with(std::string_view key, const Position& key_position, Node value) const {
  std::vector<Entry> changed(entries().begin(), entries().end());
  const auto found = std::ranges::find(changed, key, &Entry::key);
  if (found != changed.end())
    *found = {found->key, key_position, std::move(value)};
  else
    changed.push_back({std::string(key), key_position, std::move(value)});
  return map(std::move(changed), position());
}

const char* Node::kind_name() const {
  switch (kind()) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return number() ? "a number" : "text";
    case Kind::sequence:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "";
}

namespace {

std::string in_quotes(const std::string& text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (result += '\\') += c;
    else if (byte < 0x20 || byte == 0x7f)
      ((result += "\\x") += digits[byte >> 4U]) += digits[byte & 15U];
    else
      result += c;
  }
  return result + '"';
}

/// Whether a plain scalar stays what it is wherever it stands; anything doubtful is put in quotes.
bool can_be_plain(const std::string& text) {
  static constexpr std::string_view harmless = "_./%+-*^: ";
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
  };
  if (text.empty() || text.back() == ' ' || text.back() == ':' || text.find(": ") != std::string::npos)
    return false;
  const char first = text.front();
  if (!is_word(first) && first != '.' && first != '/' &&
      !(first == '-' && text.size() > 1 && is_word(text[1])))
    return false;
  return std::ranges::all_of(
      text, [&](char c) { return is_word(c) || harmless.find(c) != std::string_view::npos; });
}

std::string flow(const Node& node);

std::string scalar_text(const Node& node) {
  const std::string& text = node.text();
  // What was not in quotes keeps its meaning only without them; what was, only with them.
  if (!node.quoted() && (can_be_plain(text) || node.number())) return text;
  return in_quotes(text);
}

std::string key_text(const std::string& key) {
  const Node plain = Node::scalar(key, false, {});
  const bool is_null = key == "null" || key == "Null" || key == "NULL";
  return can_be_plain(key) && !is_null && !plain.boolean() ? key : in_quotes(key);
}

std::string flow(const Node& node) {
  switch (node.kind()) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return scalar_text(node);
    case Node::Kind::sequence: {
      std::string text;
      for (const Node& item : node.items()) text += (text.empty() ? "" : ", ") + flow(item);
      return "[" + text + "]";
    }
    case Node::Kind::map: {
      std::string text;
      for (const Node::Entry& entry : node.entries()) {
        text += (text.empty() ? "" : ", ") + key_text(entry.key) + ": " + flow(entry.value);
      }
      return "{" + text + "}";
    }
  }
  return {};
}

bool has_maps(const Node& node) {
  return std::ranges::any_of(node.entries(), [](const Node::Entry& entry) { return entry.value.is_map(); });
}

void block(const Node& node, int depth, std::string& text) {
  for (const Node::Entry& entry : node.entries()) {
    text += std::string(static_cast<std::size_t>(2 * depth), ' ') + key_text(entry.key) + ":";
    if (entry.value.is_map() && (depth == 0 || has_maps(entry.value)) && !entry.value.entries().empty()) {
      text += "\n";
      block(entry.value, depth + 1, text);
    } else {
      text += " " + flow(entry.value) + "\n";
    }
  }
}

}  // namespace

std::string to_yaml(const Node& node) {
  if (!node.is_map() || node.entries().empty()) return flow(node) + "\n";
  std::string text;
  block(node, 0, text);
  return text;
}

}  // namespace tactus
