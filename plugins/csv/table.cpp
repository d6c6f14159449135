#include "plugins/csv/table.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

namespace tactus::plugins {
namespace {

/// A piece of a line that remembers where it began.
struct Cell {
  std::string_view text;
  std::size_t column;  ///< from 1
};

Cell trimmed(Cell cell) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!cell.text.empty() && is_space(cell.text.front())) {
    cell.text.remove_prefix(1);
    ++cell.column;
  }
  while (!cell.text.empty() && is_space(cell.text.back())) cell.text.remove_suffix(1);
  return cell;
}

/// Takes the cells of a line from left to right.
class Cells {
 public:
  explicit Cells(std::string_view line) : line_(line) {}
  std::optional<Cell> next() {
    if (position_ > line_.size()) return std::nullopt;
    const std::size_t end = std::min(line_.find(',', position_), line_.size());
    const Cell cell{line_.substr(position_, end - position_), position_ + 1};
    position_ = end + 1;
    return trimmed(cell);
  }

 private:
  std::string_view line_;
  std::size_t position_ = 0;
};

std::string quoted(std::string_view text) {
  constexpr std::size_t enough = 40;
  return "'" + std::string(text.substr(0, enough)) + (text.size() > enough ? "...'" : "'");
}

Table::Column parse_column(const Cell& cell, std::size_t line) {
  if (cell.text.find('"') != std::string_view::npos)
    throw TableError(line, cell.column, "quotes are not understood; write the name without");
  const std::size_t bracket = std::min(cell.text.find('['), cell.text.size());
  const bool closed = !cell.text.empty() && cell.text.back() == ']';
  if (closed != (bracket < cell.text.size()))
    throw TableError(line, cell.column, quoted(cell.text) + " is neither `name` nor `name [unit]`");
  const Cell name = trimmed({cell.text.substr(0, bracket), cell.column});
  if (name.text.empty()) throw TableError(line, cell.column, "a column without a name");
  Table::Column column{std::string(name.text), ""};
  if (closed) {
    const std::size_t length = cell.text.size() - bracket - 2;
    column.unit = trimmed({cell.text.substr(bracket + 1, length), 0}).text;
  }
  return column;
}

double parse_number(const Cell& cell, std::size_t line) {
  if (cell.text.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const char* const end = cell.text.data() + cell.text.size();
  const auto [stop, error] = std::from_chars(cell.text.data(), end, value);
  if (error == std::errc::result_out_of_range)
    throw TableError(line, cell.column, quoted(cell.text) + " is beyond the range of a double");
  if (error != std::errc() || stop != end)
    throw TableError(line, cell.column, quoted(cell.text) + " is not a number");
  return value;
}

void parse_row(Table& table, std::string_view text, std::size_t line) {
  Cells cells(text);
  std::size_t count = 0;
  std::size_t column = 1;
  for (auto cell = cells.next(); cell; cell = cells.next(), ++count) {
    column = cell->column;
    if (count < table.columns.size()) table.values.push_back(parse_number(*cell, line));
  }
  if (count != table.columns.size()) {
    throw TableError(
        line, column,
        std::to_string(count) + " cells, but the header has " + std::to_string(table.columns.size()));
  }
  table.lines.push_back(line);
}

}  // namespace

std::size_t Table::find(std::string_view name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [name](const Column& c) { return c.name == name; });
  return static_cast<std::size_t>(found - columns.begin());
}

std::vector<Table::Column> parse_header(std::string_view text, std::size_t line) {
  Table table;
  Cells cells(text);
  for (auto cell = cells.next(); cell; cell = cells.next()) {
    Table::Column column = parse_column(*cell, line);
    if (table.find(column.name) < table.columns.size())
      throw TableError(line, cell->column, "a second column called " + quoted(column.name));
    table.columns.push_back(std::move(column));
  }
  return table.columns;
}

Table parse_table(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());

  Table table;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!content.empty() && content.back() == '\r') content.remove_suffix(1);

    const std::string_view visible = trimmed({content, 1}).text;
    if (visible.empty() || visible.front() == '#') continue;
    if (table.columns.empty())
      table.columns = parse_header(content, line);
    else
      parse_row(table, content, line);
  }
  if (table.columns.empty()) throw TableError(1, 1, "no header: the first line names the columns");
  return table;
}

}  // namespace tactus::plugins
