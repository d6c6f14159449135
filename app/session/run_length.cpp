#include "app/session/run_length.hpp"

#include <limits>
#include <optional>

#include "interpreter/exact_time.hpp"
#include "interpreter/number.hpp"
#include "interpreter/units.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

/// `1000 beats`; nothing if it is not of this form.
std::optional<std::int64_t> plain_beats(const std::string& text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos) return std::nullopt;
  const std::string_view unit = trim(std::string_view(text).substr(digits));
  if (unit != "beat" && unit != "beats") return std::nullopt;
  return core_integer(std::string_view(text).substr(0, digits));
}

std::optional<Period> duration(const std::string& text) {
  try {
    const std::optional<Literal> literal = parse_literal(text);
    return literal ? exact_duration(*literal) : std::nullopt;
  } catch (const UnitError&) {
    return std::nullopt;
  }
}

}  // namespace

std::uint64_t beats_of(const std::string& text, const Period& period) {
  const std::string trimmed(trim(text));
  if (const auto beats = plain_beats(trimmed); beats && *beats > 0) return static_cast<std::uint64_t>(*beats);
  const std::optional<Period> time = duration(trimmed);
  if (!time)
    throw std::invalid_argument("`" + text +
                                "` is no length of a run: give a time (10s, 2 h) or `1000 beats`");
  const Int128 above = static_cast<Int128>(time->numerator) * period.denominator;
  const Int128 below = static_cast<Int128>(time->denominator) * period.numerator;
  const Int128 beats = above / below + (above % below != 0 ? 1 : 0);
  if (beats > std::numeric_limits<std::int64_t>::max())
    throw std::invalid_argument("`" + text + "` is too long");
  return static_cast<std::uint64_t>(beats);
}

}  // namespace tactus
