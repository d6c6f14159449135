#include "app/cli/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tactus::cli {

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

std::string duration_text(double nanoseconds) {
  constexpr double us = 1e3;
  constexpr double ms = 1e6;
  constexpr double s = 1e9;
  constexpr double minute = 60;
  constexpr double hour = 3600;
  const double seconds = nanoseconds / s;
  if (nanoseconds < us) return fmt::format("{:.0f} ns", nanoseconds);
  if (nanoseconds < ms) return fmt::format("{:.3g} us", nanoseconds / us);
  if (nanoseconds < s) return fmt::format("{:.3g} ms", nanoseconds / ms);
  if (seconds < 2 * minute) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  if (seconds < hour) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string value_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string text = "[";
  for (const nlohmann::json& item : value) text += (text.size() > 1 ? ", " : "") + value_text(item);
  return text + "]";
}

std::string figures_text(const nlohmann::json& figures) {
  if (figures.at("count") == 0) return "none";
  std::string text;
  for (const char* const key : {"p50", "p99", "p99.9", "max"}) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", key, duration_text(figures.at(key).get<double>()));
  }
  return text;
}

}  // namespace tactus::cli
