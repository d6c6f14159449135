#pragma once
#include <cstdint>

namespace tactus {

__extension__ typedef __int128 Int128;

/// The heartbeat's period as an exact ratio in nanoseconds: 1/3 Hz is 3,000,000,000/1 ns, 3 kHz is
/// 1,000,000,000/3,000 ns. With it time on beat n is a function of n alone, however many beats there were and
/// whatever the period was before.
struct Period {
  std::int64_t numerator = 1'000'000;
  std::int64_t denominator = 1;

  static constexpr Period ns(std::int64_t value) { return {value, 1}; }
  static constexpr Period hertz(std::int64_t value) { return {1'000'000'000, value}; }

  /// n periods, rounded down to a nanosecond.
  constexpr std::int64_t times(std::uint64_t n) const {
    return static_cast<std::int64_t>(static_cast<Int128>(n) * numerator / denominator);
  }
  constexpr double seconds() const {
    return static_cast<double>(numerator) / static_cast<double>(denominator) * 1e-9;
  }
  constexpr bool operator==(const Period& other) const {
    return static_cast<Int128>(numerator) * other.denominator ==
           static_cast<Int128>(other.numerator) * denominator;
  }
};

}  // namespace tactus
