#include "interpreter/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace tactus {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits(std::string_view text, std::size_t from) {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

std::optional<std::int64_t> whole(std::string_view text, int base) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> core_integer(std::string_view text) {
  const bool prefixed = text.size() > 2 && text[0] == '0' && text[2] != '-';
  if (prefixed && text[1] == 'x') return whole(text.substr(2), 16);
  if (prefixed && text[1] == 'o') return whole(text.substr(2), 8);
  if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
  return whole(text, 10);
}

std::size_t decimal_prefix(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t before = at;
  at = digits(text, at);
  std::size_t count = at - before;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = digits(text, at + 1);
    count += end - at - 1;
    if (count > 0) at = end;
  }
  if (count == 0) return 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    const std::size_t end = digits(text, exponent);
    if (end > exponent) at = end;
  }
  return at;
}

std::optional<double> core_number(std::string_view text) {
  if (const auto integer = core_integer(text)) return static_cast<double>(*integer);
  const bool negative = !text.empty() && text[0] == '-';
  const bool has_sign = negative || (!text.empty() && text[0] == '+');
  const std::string_view word = text.substr(has_sign ? 1 : 0);
  if (word == ".inf" || word == ".Inf" || word == ".INF") {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
  if (text.empty() || decimal_prefix(text) != text.size()) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string number_text(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::string(text.data(), end) : std::string("?");
}

}  // namespace tactus
