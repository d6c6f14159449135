#include "engine/histogram.hpp"

#include <algorithm>

namespace tactus {

void HistogramCounts::add(const HistogramCounts& other) {
  for (std::size_t i = 0; i < Buckets::count; ++i) counts_[i] += other.counts_[i];
}

std::uint64_t HistogramCounts::total() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts_) sum += count;
  return sum;
}

double HistogramCounts::percentile(double fraction) const {
  const std::uint64_t all = total();
  if (all == 0) return 0;
  const double wanted = fraction * static_cast<double>(all);
  std::uint64_t below = 0;
  std::size_t bucket = 0;
  while (counts_[bucket] == 0 || static_cast<double>(below + counts_[bucket]) < wanted)
    below += counts_[bucket++];
  const double inside =
      std::max(0.0, (wanted - static_cast<double>(below)) / static_cast<double>(counts_[bucket]));
  const auto low = static_cast<double>(Buckets::lower_bound(bucket));
  const auto high = bucket + 1 < Buckets::count ? static_cast<double>(Buckets::lower_bound(bucket + 1)) : low;
  return low + inside * (high - low);
}

HistogramCounts Histogram::counts() const {
  HistogramCounts copy;
  for (std::size_t i = 0; i < Buckets::count; ++i) copy.add(i, counts_[i].load(std::memory_order_relaxed));
  return copy;
}

}  // namespace tactus
