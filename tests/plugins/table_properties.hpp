#pragma once
#include <set>
#include <string>
#include <string_view>

#include "plugins/csv/table.hpp"

namespace tactus::testing {

/// What must hold of parse_table for every text whatever: it refuses with a place inside the text, or gives a
/// table that is whole. Returns what does not hold; empty: all is well.
inline std::string broken_property(std::string_view text) {
  std::size_t last_line = 1;
  for (const char c : text) last_line += c == '\n';
  try {
    const plugins::Table table = plugins::parse_table(text);
    if (table.columns.empty()) return "a table without columns";
    if (table.values.size() != table.rows() * table.columns.size()) return "a row that is not whole";
    std::set<std::string> names;
    for (const auto& column : table.columns) {
      if (column.name.empty()) return "a column without a name";
      if (!names.insert(column.name).second) return "two columns with the same name";
      if (table.columns[table.find(column.name)].name != column.name) return "a column that is not found";
    }
    std::size_t before = 0;
    for (const std::size_t line : table.lines) {
      if (line <= before || line > last_line) return "a row on a line that is none";
      before = line;
    }
  } catch (const plugins::TableError& error) {
    if (error.line() < 1 || error.line() > last_line) return "an error on a line that is none";
    if (error.column() < 1 || error.column() > text.size() + 1) return "an error in a column that is none";
  }
  return "";
}

}  // namespace tactus::testing
