#include "engine/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tactus {
namespace {

TEST(Histogram, EveryValueLiesInItsBucket) {
  for (std::uint64_t value = 0; value < 5000; ++value) {
    const std::size_t bucket = Buckets::of(value);
    EXPECT_LE(Buckets::lower_bound(bucket), value);
    EXPECT_GT(Buckets::lower_bound(bucket + 1), value);
  }
  for (unsigned bit = 13; bit < 63; ++bit) {
    const std::uint64_t value = (std::uint64_t{1} << bit) + 12345 % (std::uint64_t{1} << bit);
    const std::size_t bucket = Buckets::of(value);
    EXPECT_LE(Buckets::lower_bound(bucket), value);
    EXPECT_GT(Buckets::lower_bound(bucket + 1), value);
  }
}

TEST(Histogram, BucketsAreNarrowerThanAnEighthOfTheirValue) {
  for (std::size_t bucket = Buckets::sub_buckets; bucket + 1 < Buckets::count; ++bucket) {
    const double low = static_cast<double>(Buckets::lower_bound(bucket));
    const double high = static_cast<double>(Buckets::lower_bound(bucket + 1));
    EXPECT_LE(high - low, low / 8 + 1e-9) << bucket;
  }
}

TEST(Histogram, EvenTheLargestValueHasABucket) {
  Histogram histogram;
  histogram.enter(~std::uint64_t{0});
  EXPECT_EQ(histogram.counts().count(Buckets::count - 1), 1U);
  EXPECT_EQ(histogram.max(), ~std::uint64_t{0});
}

TEST(Histogram, PercentilesAreExactToABucket) {
  Histogram histogram;
  for (std::uint64_t i = 1; i <= 100'000; ++i) histogram.enter(i);
  EXPECT_EQ(histogram.counts().total(), 100'000U);
  for (const double fraction : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    EXPECT_NEAR(histogram.counts().percentile(fraction), fraction * 100'000, fraction * 100'000 / 8)
        << fraction;
  }
  EXPECT_NEAR(histogram.counts().percentile(1.0), 100'000.0, 100'000.0 / 8);
  EXPECT_EQ(HistogramCounts().percentile(0.5), 0.0);
}

}  // namespace
}  // namespace tactus
