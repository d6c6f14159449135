#include "interpreter/section_reader.hpp"

#include <algorithm>

#include "interpreter/words.hpp"

namespace tactus {

SectionReader::SectionReader(const Node& map, const schema::Section& section, std::string what,
                             Findings& findings)
    : map_(map), section_(section), what_(std::move(what)), findings_(findings) {
  if (!map.is_map()) {
    findings_.error(map.position(), what_ + " must be a map, this is " + map.kind_name());
    return;
  }
  check_keys();
  check_missing();
}

void SectionReader::check_keys() {
  for (const Node::Entry& entry : map_.entries()) {
    const schema::Key* const key = section_.find(entry.key);
    if (key == nullptr) {
      if (section_.open)
        others_.push_back(entry);
      else
        findings_.error(entry.position,
                        what_ + " has no key `" + entry.key + "`" + hint(entry.key, section_.words()));
    } else if (!key->available) {
      findings_.error(entry.position, "`" + entry.key + "` is not available in this version");
    } else if (fits(*key, entry.value)) {
      good_.push_back(entry);
    }
  }
}

void SectionReader::check_missing() {
  for (const schema::Key& key : section_.keys) {
    if (key.required && map_.find(key.name) == nullptr)
      findings_.error(map_.position(), what_ + " lacks the key `" + key.name + "`: " + key.about);
  }
}

bool SectionReader::fits(const schema::Key& key, const Node& value) {
  const std::string name = "`" + std::string(key.name) + "` of " + what_;
  const auto refuse = [&](const std::string& expected) {
    const std::string shown = value.is_scalar() ? "`" + value.text() + "`" : value.kind_name();
    findings_.error(value.position(), name + " must be " + expected + ", this is " + shown);
    return false;
  };
  switch (key.type) {
    case schema::Type::text:
      return value.is_scalar() && !value.text().empty() ? true : refuse("text");
    case schema::Type::name:
      return value.is_scalar() && is_name(value.text())
                 ? true
                 : refuse("a name: a letter, then letters, digits, `_` and `-`");
    case schema::Type::quantity:
      return value.is_scalar() ? true : refuse("a quantity");
    case schema::Type::integer: {
      const std::optional<std::int64_t> number = value.integer();
      if (number && *number >= key.min && *number <= key.max) return true;
      if (key.min == key.max) return refuse(std::to_string(key.min));
      if (key.max == INT64_MAX) return refuse("a whole number from " + std::to_string(key.min));
      return refuse("a whole number from " + std::to_string(key.min) + " to " + std::to_string(key.max));
    }
    case schema::Type::choice: {
      const std::vector<std::string> words = split(key.choices, '|');
      if (value.is_scalar() && std::ranges::find(words, value.text()) != words.end()) return true;
      return refuse("one of " + join(words));
    }
    case schema::Type::signal:
      return value.is_scalar() || value.is_map() ? true : refuse("a signal");
    case schema::Type::section:
    case schema::Type::names:
      return value.is_map() ? true : refuse("a map");
    case schema::Type::anything:
      return true;
  }
  return false;
}

const Node* SectionReader::get(std::string_view key) const {
  const auto found = std::ranges::find(good_, key, &Node::Entry::key);
  return found != good_.end() ? &found->value : nullptr;
}

Position SectionReader::position_of(std::string_view key) const {
  const auto entries = map_.entries();
  const auto found = std::ranges::find(entries, key, &Node::Entry::key);
  return found != entries.end() ? found->position : map_.position();
}

std::optional<std::string> SectionReader::text(std::string_view key) const {
  const Node* const value = get(key);
  return value != nullptr ? std::optional(value->text()) : std::nullopt;
}

std::optional<std::int64_t> SectionReader::integer(std::string_view key) const {
  const Node* const value = get(key);
  return value != nullptr ? value->integer() : std::nullopt;
}

std::size_t SectionReader::choice(std::string_view key, std::size_t otherwise) const {
  const Node* const value = get(key);
  if (value == nullptr) return otherwise;
  const std::vector<std::string> words = split(section_.find(key)->choices, '|');
  return static_cast<std::size_t>(std::ranges::find(words, value->text()) - words.begin());
}

}  // namespace tactus
