#pragma once
// Counts durations in fixed memory: the octave of a value gives the row, the bits below its highest one the
// column, so that every bucket is narrower than 1/8 of its value (the scheme of HDR histograms).

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tactus {

/// How values are sorted into buckets. Unit-free: time stamps' ticks or nanoseconds.
struct Buckets {
  static constexpr unsigned sub_bits = 3;
  static constexpr std::uint64_t sub_buckets = 1U << sub_bits;
  /// Enough for every 64-bit value, so that entering one needs no check.
  static constexpr std::size_t count = (64 - sub_bits + 1) * sub_buckets;

  /// Values below 2 x sub_buckets have a bucket each; above, each octave has sub_buckets of them.
  static constexpr std::size_t of(std::uint64_t value) {
    const auto shift = static_cast<unsigned>(std::bit_width(value | (2 * sub_buckets - 1))) - (sub_bits + 1);
    return (static_cast<std::size_t>(shift) << sub_bits) + static_cast<std::size_t>(value >> shift);
  }
  /// The smallest value of a bucket.
  static constexpr std::uint64_t lower_bound(std::size_t bucket) {
    if (bucket < 2 * sub_buckets) return bucket;
    return (sub_buckets + bucket % sub_buckets) << (bucket / sub_buckets - 1);
  }
};

/// What a histogram held at one moment. Ordinary domain.
class HistogramCounts {
 public:
  void add(std::size_t bucket, std::uint64_t more) { counts_[bucket] += more; }
  void add(const HistogramCounts& other);

  std::uint64_t count(std::size_t bucket) const { return counts_[bucket]; }
  std::uint64_t total() const;
  /// The value below which the given fraction (0 to 1) of all entries lie, exact to the width of a bucket. 0
  /// if empty.
  double percentile(double fraction) const;

 private:
  std::array<std::uint64_t, Buckets::count> counts_{};
};

/// Written by one real-time task, read by anyone at any moment.
class Histogram {
 public:
  /// Enters one value. Real-time.
  void enter(std::uint64_t value) {
    std::atomic<std::uint64_t>& count = counts_[Buckets::of(value)];
    // relaxed, here and below: each figure stands alone, and the only writer needs no atomic increment.
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (value > max_.load(std::memory_order_relaxed)) max_.store(value, std::memory_order_relaxed);
  }

  HistogramCounts counts() const;
  /// The largest value, exactly.
  std::uint64_t max() const { return max_.load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<std::uint64_t>, Buckets::count> counts_{};
  std::atomic<std::uint64_t> max_{0};
};

}  // namespace tactus
