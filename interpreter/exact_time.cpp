#include "interpreter/exact_time.hpp"

#include <cmath>
#include <limits>

#include "interpreter/number.hpp"

namespace tactus {
namespace {

__extension__ using Wide = __int128;

/// A positive fraction that is checked for size as it is built.
struct Ratio {
  Wide numerator = 1;
  Wide denominator = 1;

  static constexpr Wide largest = std::numeric_limits<std::int64_t>::max();

  static Wide common(Wide a, Wide b) {
    while (b != 0) {
      const Wide rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }
  bool multiply(Wide above, Wide below) {
    const Wide first = common(numerator, below);
    const Wide second = common(above, denominator);
    numerator = (numerator / first) * (above / second);
    denominator = (denominator / second) * (below / first);
    return numerator > 0 && numerator <= largest && denominator <= largest;
  }
  Period period() const {
    return {static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(denominator)};
  }
};

/// The decimal number as written, without the detour through a double.
std::optional<Ratio> exact_decimal(const std::string& text) {
  Wide digits = 0;
  int exponent = 0;
  bool after_point = false;
  std::size_t i = !text.empty() && text[0] == '+' ? 1 : 0;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      after_point = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits = 10 * digits + (text[i] - '0');
    exponent -= after_point ? 1 : 0;
    if (digits > Ratio::largest) return std::nullopt;
  }
  if (i < text.size()) {
    const std::optional<std::int64_t> written = core_integer(std::string_view(text).substr(i + 1));
    if (!written || std::abs(*written) > 30) return std::nullopt;
    exponent += static_cast<int>(*written);
  }
  Ratio ratio;
  if (digits == 0 || !ratio.multiply(digits, 1)) return std::nullopt;
  for (; exponent > 0; --exponent) {
    if (!ratio.multiply(10, 1)) return std::nullopt;
  }
  for (; exponent < 0; ++exponent) {
    if (!ratio.multiply(1, 10)) return std::nullopt;
  }
  return ratio;
}

/// Multiplies by a factor that is a whole number or one over a whole number, as those between units are.
bool multiply_by_factor(Ratio& ratio, double factor, bool inverse) {
  const bool is_large = factor >= 1;
  const double whole = std::round(is_large ? factor : 1 / factor);
  if (!(whole < 1e18) || std::abs((is_large ? factor : 1 / factor) / whole - 1) > 1e-12) return false;
  const auto value = static_cast<std::int64_t>(whole);
  return is_large != inverse ? ratio.multiply(value, 1) : ratio.multiply(1, value);
}

}  // namespace

std::optional<Period> exact_duration(const Literal& literal) {
  static const Unit nanosecond = Unit::parse("ns");
  if (!literal.unit || !literal.unit->convertible_to(nanosecond)) return std::nullopt;
  std::optional<Ratio> ratio = exact_decimal(literal.number);
  if (!ratio || !multiply_by_factor(*ratio, literal.unit->scale() / nanosecond.scale(), false))
    return std::nullopt;
  return ratio->period();
}

std::optional<Period> exact_period_of(const Literal& frequency) {
  static const Unit hertz = Unit::parse("Hz");
  if (!frequency.unit || !frequency.unit->convertible_to(hertz)) return std::nullopt;
  std::optional<Ratio> ratio = exact_decimal(frequency.number);
  if (!ratio) return std::nullopt;
  std::swap(ratio->numerator, ratio->denominator);
  if (!multiply_by_factor(*ratio, frequency.unit->scale() / hertz.scale(), true)) return std::nullopt;
  if (!ratio->multiply(1'000'000'000, 1)) return std::nullopt;
  return ratio->period();
}

std::optional<std::uint64_t> whole_periods(const Period& duration, const Period& period) {
  Ratio ratio{duration.numerator, duration.denominator};
  if (!ratio.multiply(period.denominator, period.numerator) || ratio.denominator != 1) return std::nullopt;
  return static_cast<std::uint64_t>(ratio.numerator);
}

std::string to_string(const Period& period) {
  const double ns = static_cast<double>(period.numerator) / static_cast<double>(period.denominator);
  if (ns >= 1e9) return number_text(ns / 1e9) + " s";
  if (ns >= 1e6) return number_text(ns / 1e6) + " ms";
  if (ns >= 1e3) return number_text(ns / 1e3) + " us";
  return number_text(ns) + " ns";
}

}  // namespace tactus
