#pragma once

#include <cstdint>
#include <limits>

namespace tactus::kernel {

/// A point in time: nanoseconds since the kernel's epoch (see the port in use). 63 bits reach 292 years.
using Time = std::int64_t;

/// A length of time in nanoseconds.
using Duration = std::int64_t;

inline constexpr Duration nanosecond = 1;
inline constexpr Duration microsecond = 1'000;
inline constexpr Duration millisecond = 1'000'000;
inline constexpr Duration second = 1'000'000'000;

/// The time that never comes: a wait until `forever` has no time-out.
inline constexpr Time forever = std::numeric_limits<Time>::max();

}  // namespace tactus::kernel
