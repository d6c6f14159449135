#include "interpreter/unit_product.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "interpreter/words.hpp"

namespace tactus {
namespace {

constexpr std::string_view separators = " .*/";

/// One factor such as `m`, `s2`, `s^-1`: its name and power; false if it is none.
bool read_factor(std::string_view text, std::string& name, int& power) {
  const std::size_t end = std::min(text.find_first_of("^-+0123456789"), text.size());
  if (end == 0 || text.find_first_of("()@") != std::string_view::npos) return false;
  name = text.substr(0, end);
  power = 1;
  std::string_view exponent = text.substr(end);
  if (exponent.empty()) return true;
  if (exponent.front() == '^') exponent.remove_prefix(1);
  const auto [last, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  return error == std::errc() && last == exponent.data() + exponent.size() && power > -100 && power < 100;
}

}  // namespace

UnitProduct UnitProduct::parse(std::string_view text) {
  text = trim(text);
  UnitProduct product;
  int sign = 1;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(separators), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (!word.empty() && word != "1") {
      std::string name;
      int power = 0;
      if (!read_factor(word, name, power)) {
        UnitProduct whole;
        whole.factors_.emplace_back("(" + std::string(text) + ")", 1);
        return whole;
      }
      product.multiply(name, sign * power);
    }
    rest.remove_prefix(end);
    sign = 1;
    const std::size_t next = std::min(rest.find_first_not_of(separators), rest.size());
    if (rest.substr(0, next).find('/') != std::string_view::npos) sign = -1;
    rest.remove_prefix(next);
  }
  return product;
}

void UnitProduct::multiply(const std::string& factor, int power) {
  const auto found = std::ranges::find(factors_, factor, &std::pair<std::string, int>::first);
  if (found == factors_.end()) {
    if (power != 0) factors_.emplace_back(factor, power);
  } else if ((found->second += power) == 0) {
    factors_.erase(found);
  }
}

void UnitProduct::multiply(const UnitProduct& factor, int power) {
  for (const auto& [name, own] : factor.factors_) multiply(name, own * power);
}

UnitProduct UnitProduct::with(char variable, const UnitProduct& unit) const {
  UnitProduct result;
  for (const auto& [name, power] : factors_) {
    if (name == std::string(1, variable))
      result.multiply(unit, power);
    else
      result.multiply(name, power);
  }
  return result;
}

UnitProduct UnitProduct::without(char variable) const { return with(variable, {}); }

std::string UnitProduct::text() const {
  if (factors_.size() == 1 && factors_[0].second == 1) {  // alone it needs no brackets
    const std::string& name = factors_[0].first;
    return name.front() == '(' ? name.substr(1, name.size() - 2) : name;
  }
  std::string above;
  std::string below;
  for (const auto& [name, power] : factors_) {
    const int size = std::abs(power);
    const std::string factor = size == 1 ? name : name + "^" + std::to_string(size);
    if (power > 0)
      above += (above.empty() ? "" : " ") + factor;
    else
      below += "/" + factor;
  }
  return (above.empty() ? "1" : above) + below;
}

}  // namespace tactus
