#pragma once
// Counts durations in fixed memory: the octave of a value gives the row, the bits below its highest one the
// column, so that every bucket is narrower than 1/8 of its value (the scheme of HDR histograms).

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

namespace tactus {

/// Written by one real-time task, read by anyone at any moment. Unit-free: time stamps' ticks or nanoseconds.
class Histogram {
 public:
  static constexpr unsigned sub_bits = 3;
  static constexpr std::uint64_t sub_buckets = 1U << sub_bits;
  static constexpr unsigned octaves = 44;  // 2^43 ticks are more than half an hour
  static constexpr std::size_t buckets = (octaves - sub_bits + 1) * sub_buckets;

  /// Enters one value. Real-time: a handful of instructions, no branch that depends on history.
  void enter(std::uint64_t value) {
    std::atomic<std::uint64_t>& count = counts_[bucket(value)];
    // relaxed: each count stands alone, and the only writer needs no atomic increment.
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (value > max_.load(std::memory_order_relaxed)) max_.store(value, std::memory_order_relaxed);
  }

  std::uint64_t max() const { return max_.load(std::memory_order_relaxed); }
  std::uint64_t count(std::size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < buckets; ++i) sum += count(i);
    return sum;
  }

  /// The value below which the given fraction (0 to 1) of all entries lie, exact to the width of a bucket. 0
  /// if empty.
  double percentile(double fraction) const;

  static constexpr std::size_t bucket(std::uint64_t value) {
    const unsigned octave = static_cast<unsigned>(std::bit_width(value | (sub_buckets - 1))) - sub_bits;
    const std::size_t index =
        (static_cast<std::size_t>(octave) << sub_bits) +
        static_cast<std::size_t>((value >> (octave - (octave != 0))) & (sub_buckets - 1));
    return index < buckets ? index : buckets - 1;
  }
  /// The smallest value of a bucket.
  static constexpr std::uint64_t lower_bound(std::size_t bucket) {
    const std::size_t octave = bucket >> sub_bits;
    const std::uint64_t column = bucket & (sub_buckets - 1);
    return octave == 0 ? column : (sub_buckets + column) << (octave - 1);
  }

 private:
  std::array<std::atomic<std::uint64_t>, buckets> counts_{};
  std::atomic<std::uint64_t> max_{0};
};

}  // namespace tactus
