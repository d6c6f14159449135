#include "components/actuator/output_line.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace tactus {
namespace {

TEST(OutputLine, GoesSafeAtOnceUnlessToldOtherwise) {
  const OutputLine line{.signal = "x", .slew = 1, .safe = -2};
  EXPECT_EQ(toward_safe(line, 100, 0.001), -2) << "slew does not count";
  EXPECT_EQ(toward_safe(line, 100, 0), -2);
}

TEST(OutputLine, GoesSafeWithItsOwnSlewAndExactlyThere) {
  const OutputLine line{.signal = "x", .safe = 1, .safe_slew = 0.3};
  std::vector<double> way;
  for (double value = 2; value != line.safe;) way.push_back(value = toward_safe(line, value, 1));
  ASSERT_EQ(way.size(), 4U);
  EXPECT_DOUBLE_EQ(way[2], 1.1);
  EXPECT_EQ(way[3], 1);
  EXPECT_DOUBLE_EQ(toward_safe(line, -5, 2), -4.4) << "from below, two seconds later";
  EXPECT_EQ(toward_safe(line, -5, 0), -5) << "no time, no way";
}

TEST(OutputLine, HoldsWhereItIs) {
  const OutputLine line{.signal = "x", .safe = 1, .safe_hold = true};
  EXPECT_EQ(toward_safe(line, 7, 1), 7);
}

TEST(OutputLine, LimitsInTheirOrder) {
  const OutputLine line{.signal = "x", .low = -5, .high = 5, .slew = 2, .raw_min = -4, .raw_max = 4};
  OutputCounters counters;
  FaultLatch fault;
  EXPECT_EQ(limit_output(line, 100, 3, 0.5, counters, fault), 4) << "to 5, one further than 3";
  EXPECT_EQ(limit_output(line, 100, 4.5, 1, counters, fault), 4) << "what the channel can do comes last";
  EXPECT_EQ(counters.limited.read(), 3U);
  EXPECT_EQ(counters.slewed.read(), 1U);
  EXPECT_FALSE(fault.raised());
}

TEST(OutputLine, WhatIsNotFiniteIsAFault) {
  OutputCounters counters;
  FaultLatch fault;
  const OutputLine line{.signal = "x", .safe = -1};
  EXPECT_EQ(limit_output(line, std::numeric_limits<double>::quiet_NaN(), 3, 1, counters, fault), 3);
  ASSERT_TRUE(fault.raised());
  EXPECT_STREQ(fault.signal(), "x");
}

}  // namespace
}  // namespace tactus
