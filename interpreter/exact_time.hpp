#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "heartbeat/period.hpp"
#include "interpreter/units.hpp"

namespace tactus {

/// A time as an exact ratio in nanoseconds, from the digits that the user wrote: 0.1 s are 100,000,000/1 ns.
/// Nothing if it is no positive time, or too long or too finely divided for 64 bits.
std::optional<Period> exact_duration(const Literal& literal);

/// The same for a frequency: 3 kHz is a period of 1,000,000/3 ns.
std::optional<Period> exact_period_of(const Literal& frequency);

/// How many periods make up the duration, if it is a whole number of them.
std::optional<std::uint64_t> whole_periods(const Period& duration, const Period& period);

/// In the unit that reads best: `4 s`, `500 ms`, `333.333333 us`.
std::string to_string(const Period& period);

}  // namespace tactus
