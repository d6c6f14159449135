#pragma once
#include <cstdint>

namespace tactus::plugins {

/// sin(2 pi position / turn) for 0 <= position < turn <= 2^61: error below 2e-16, exact at the quarters.
/// Not std::sin: the C library picks another variant, and so another last bit, on another processor; a
/// recording must replay on both. Whole numbers keep the angle exact however long the run. Real-time.
constexpr double sine_of_turn(std::int64_t position, std::int64_t turn) {
  constexpr double half_pi = 1.57079632679489661923;
  const std::int64_t quarter = 4 * position / turn;
  const std::int64_t into_quarter = 4 * position - quarter * turn;
  // By symmetry the angle is a part of the first quarter, and its sine or cosine one of the first eighth.
  const std::int64_t rising = quarter % 2 == 0 ? into_quarter : turn - into_quarter;
  const bool use_sine = 2 * rising <= turn;
  const double x =
      half_pi * (static_cast<double>(use_sine ? rising : turn - rising) / static_cast<double>(turn));
  const double z = x * x;

  // Taylor's series, factor by factor: for x <= pi/4 the first term left out is below 1e-17.
  double sum = 1;
  for (int n = use_sine ? 15 : 16; n > 1; n -= 2) sum = 1 - sum * z / (n * (n - 1));
  const double value = use_sine ? x * sum : sum;
  return quarter < 2 ? value : -value;
}

}  // namespace tactus::plugins
