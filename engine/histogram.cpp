#include "engine/histogram.hpp"

#include <algorithm>

namespace tactus {

double Histogram::percentile(double fraction) const {
  const std::uint64_t all = total();
  if (all == 0) return 0;
  const double wanted = fraction * static_cast<double>(all);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    const std::uint64_t here = count(i);
    if (here != 0 && static_cast<double>(below + here) >= wanted) {
      const double inside =
          std::clamp((wanted - static_cast<double>(below)) / static_cast<double>(here), 0.0, 1.0);
      const double low = static_cast<double>(lower_bound(i));
      const double high = static_cast<double>(lower_bound(i + 1));
      return std::min(low + inside * (high - low), static_cast<double>(max()));
    }
    below += here;
  }
  return static_cast<double>(max());
}

}  // namespace tactus
