#pragma once
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "plugin/configurable.hpp"

namespace tactus::plugins {

/// Shows a 64-bit word as two halves: each is exact in a double.
inline void visit_word(Configurable::StateVisitor& visitor, const char* name, std::uint64_t& word) {
  double halves[2] = {static_cast<double>(word >> 32U), static_cast<double>(word & 0xffffffffU)};
  visitor.visit(name, halves, 2);
  word = static_cast<std::uint64_t>(halves[0]) << 32U | static_cast<std::uint64_t>(halves[1]);
}

/// Random numbers that are the same bits with every compiler, C library and processor; the standard library's
/// distributions and the C library's logarithm are not. Bits: xoshiro256++ by Blackman and Vigna (2019),
/// seeded with splitmix64. Real-time: no rejection, so each number takes the same few nanoseconds.
class Random {
 public:
  explicit Random(std::uint64_t seed = 0) {
    for (std::uint64_t& word : words_) {
      seed += 0x9e3779b97f4a7c15U;
      std::uint64_t mixed = (seed ^ (seed >> 30U)) * 0xbf58476d1ce4e5b9U;
      mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
      word = mixed ^ (mixed >> 31U);
    }
  }

  std::uint64_t bits() {
    auto& [a, b, c, d] = words_;
    const std::uint64_t result = std::rotl(a + d, 23) + a;
    const std::uint64_t shifted = b << 17U;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = std::rotl(d, 45);
    return result;
  }

  /// Evenly spread in the open interval (0, 1).
  double uniform() { return (static_cast<double>(bits() >> 12U) + 0.5) * 0x1p-52; }

  /// From the normal distribution with mean 0 and standard deviation 1.
  double normal() { return normal_quantile(uniform()); }

  void state(Configurable::StateVisitor& visitor) {
    static constexpr const char* names[] = {"random0", "random1", "random2", "random3"};
    for (std::size_t i = 0; i < words_.size(); ++i) visit_word(visitor, names[i], words_[i]);
  }

  /// The x below which a part p of the normal distribution lies, 0 < p < 1: Acklam's rational approximations,
  /// relative error below 1.2e-9.
  static double normal_quantile(double p) {
    constexpr double tail = 0.02425;
    if (p < tail) return tail_quantile(p);
    if (p > 1 - tail) return -tail_quantile(1 - p);
    const double q = p - 0.5;
    const double r = q * q;
    const double above = polynomial({-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
                                     1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00},
                                    r);
    const double below = polynomial({-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                                     6.680131188771972e+01, -1.328068155288572e+01, 1},
                                    r);
    return q * above / below;
  }

  /// The natural logarithm of a positive normal number, to 1e-15, without the C library: ln of the mantissa m
  /// by the series of 2 artanh((m - 1)/(m + 1)).
  static double logarithm(double value) {
    int exponent = 0;
    double mantissa = std::frexp(value, &exponent);  // exact
    if (mantissa < 0.70710678118654752) {
      mantissa *= 2;
      --exponent;
    }
    const double s = (mantissa - 1) / (mantissa + 1);  // at most 0.172
    double sum = 0;
    for (int n = 19; n >= 1; n -= 2) sum = sum * s * s + 1.0 / n;
    return 2 * s * sum + exponent * 0.69314718055994530942;
  }

 private:
  /// By Horner's scheme, highest power first.
  template <std::size_t N>
  static constexpr double polynomial(const double (&coefficients)[N], double x) {
    double sum = 0;
    for (const double coefficient : coefficients) sum = sum * x + coefficient;
    return sum;
  }

  static double tail_quantile(double p) {
    const double q = std::sqrt(-2 * logarithm(p));
    const double above = polynomial({-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                                     -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00},
                                    q);
    const double below = polynomial(
        {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1}, q);
    return above / below;
  }

  std::array<std::uint64_t, 4> words_{};
};

/// The nearest multiple of `resolution`; the value itself if that is 0.
inline double quantised(double value, double resolution) {
  return resolution > 0 ? std::nearbyint(value / resolution) * resolution : value;
}

}  // namespace tactus::plugins
