#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tactus::plugins {

/// Numbers in named columns, as they stand in a text of comma-separated values.
struct Table {
  struct Column {
    std::string name;
    std::string unit;  ///< empty: the text does not say
  };
  std::vector<Column> columns;
  std::vector<double> values;      ///< row after row; an empty cell is NaN
  std::vector<std::size_t> lines;  ///< of the text, from 1: where each row stands

  std::size_t rows() const { return lines.size(); }
  double at(std::size_t row, std::size_t column) const { return values[row * columns.size() + column]; }
  /// The index of the column with this name, or columns.size() if there is none.
  std::size_t find(std::string_view name) const;
};

/// What is wrong in a text, and where; what() reads `line:column: reason`, both from 1, columns in bytes.
class TableError : public std::runtime_error {
 public:
  TableError(std::size_t line, std::size_t column, const std::string& reason)
      : std::runtime_error(std::to_string(line) + ":" + std::to_string(column) + ": " + reason),
        line_(line),
        column_(column) {}
  std::size_t line() const { return line_; }
  std::size_t column() const { return column_; }

 private:
  std::size_t line_;
  std::size_t column_;
};

/// Reads a header, then rows of numbers. Separators are commas; spaces around a cell do not count; a header
/// cell is `name` or `name [unit]`; lines that are empty or begin with # are skipped; lines end with LF or CR
/// LF; a UTF-8 byte order mark is skipped. Numbers are read strictly, whatever the locale; nan and inf are
/// numbers. Throws TableError. Ordinary domain.
Table parse_table(std::string_view text);

/// Reads a header line alone. Throws TableError.
std::vector<Table::Column> parse_header(std::string_view text, std::size_t line = 1);

}  // namespace tactus::plugins
