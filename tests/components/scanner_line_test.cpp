#include "components/scanner/scanner_line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <vector>

namespace tactus {

bool operator==(const Sample& a, const Sample& b) {
  return (a.value == b.value || (std::isnan(a.value) && std::isnan(b.value))) && a.status == b.status;
}
void PrintTo(const Sample& sample, std::ostream* out) {
  *out << sample.value << " " << to_string(sample.status);
}

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t second = 1'000'000'000;
constexpr Status good = Status::good, substituted = Status::substituted, stale = Status::stale,
                 bad = Status::bad;

/// One line that is given a sample a second.
struct Input {
  explicit Input(ScannerLine with) : line(std::move(with)) { line.signal = "level"; }

  Sample next(double value, Status status = good) {
    return judge_sample(line, {value, status}, second * seconds++, history, counters, fault);
  }
  std::vector<Sample> all(const std::vector<double>& values) {
    std::vector<Sample> samples;
    samples.reserve(values.size());
    for (const double value : values) samples.push_back(next(value));
    return samples;
  }

  ScannerLine line;
  InputHistory history;
  InputCounters counters;
  FaultLatch fault;
  std::int64_t seconds = 0;
};

ScannerLine with(const OnBad& on_bad) {
  ScannerLine line;
  line.on_bad = on_bad;
  return line;
}

TEST(ScannerLine, PassesWhatTheDeviceSays) {
  Input input({});
  EXPECT_EQ(input.next(1), (Sample{1, good}));
  EXPECT_EQ(input.next(2, substituted), (Sample{2, substituted}));
  EXPECT_EQ(input.next(3, stale), (Sample{3, stale}));
  EXPECT_EQ(input.next(4, bad), (Sample{4, bad}));
  EXPECT_EQ(input.counters.bad.read(), 2U);
}

TEST(ScannerLine, WhatIsNotFiniteIsNeverBetterThanBad) {
  for (const double value : {nan, infinity, -infinity}) {
    for (const Status status : {good, substituted, stale, bad}) {
      Input input({});
      EXPECT_EQ(input.next(value, status), (Sample{value, bad}));
    }
  }
}

TEST(ScannerLine, HoldsTheLastGoodSampleForItsTime) {
  Input input(with({.hold_ns = 2 * second, .then = OnBad::Then::bad}));
  EXPECT_EQ(input.next(7), (Sample{7, good}));
  EXPECT_EQ(input.next(8, bad), (Sample{7, substituted}));
  EXPECT_EQ(input.next(nan), (Sample{7, substituted})) << "2 s old: at most";
  EXPECT_EQ(input.next(9, stale), (Sample{9, bad}));
  EXPECT_EQ(input.next(6), (Sample{6, good}));
  EXPECT_EQ(input.next(5, bad), (Sample{6, substituted})) << "counted anew from each good one";
  EXPECT_EQ(input.counters.held.read(), 3U);
  EXPECT_EQ(input.counters.bad.read(), 1U);
}

TEST(ScannerLine, HoldsWhatWasGoodNotWhatAPluginSubstituted) {
  Input input(with({.hold_ns = 2 * second, .then = OnBad::Then::bad}));
  input.next(1);
  EXPECT_EQ(input.next(2, substituted), (Sample{2, substituted}));
  EXPECT_EQ(input.next(3, bad), (Sample{1, substituted}));
  EXPECT_EQ(input.next(4, bad), (Sample{4, bad}));
}

TEST(ScannerLine, WithoutAGoodSampleNothingIsHeld) {
  Input held(with({.hold_ns = 100 * second, .then = OnBad::Then::substitute, .value = 3}));
  EXPECT_EQ(held.next(nan), (Sample{3, substituted}));
  EXPECT_EQ(held.counters.substituted.read(), 1U);
  EXPECT_EQ(held.counters.held.read(), 0U);
}

TEST(ScannerLine, FaultNamesSignalAndValue) {
  Input input(with({.hold_ns = second, .then = OnBad::Then::fault}));
  input.next(1);
  input.next(2, bad);
  EXPECT_FALSE(input.fault.raised());
  EXPECT_EQ(input.next(4, bad), (Sample{4, bad}));
  ASSERT_TRUE(input.fault.raised());
  EXPECT_STREQ(input.fault.signal(), "level");
  EXPECT_STREQ(input.fault.reason(), "input is bad");
  EXPECT_EQ(input.fault.value(), 4);
}

TEST(ScannerLine, AnOutlierIsBadUntilTheTimeExplainsIt) {
  ScannerLine line = with({.then = OnBad::Then::bad});
  line.jump = 2;
  Input input(line);
  EXPECT_EQ(input.all({100, 102, 99.5, 102, 94, 99, 102}),
            (std::vector<Sample>{
                {100, good},  // nothing to compare the first one with
                {102, good},  // exactly as fast as is believed
                {99.5, bad},  // 2.5 V in a second
                {102, good},  // from the last good one
                {94, bad},    // 8 V in a second
                {99, good},   // 3 V in two seconds
                {102, bad},
            }));
  EXPECT_EQ(input.counters.outliers.read(), 3U);
  EXPECT_EQ(input.all({102}), (std::vector<Sample>{{102, good}}))
      << "a step that stays is believed in the end";
}

TEST(ScannerLine, AStuckSensorIsBadUntilItMoves) {
  ScannerLine line = with({.then = OnBad::Then::bad});
  line.stuck_ns = 2 * second;
  Input input(line);
  EXPECT_EQ(input.all({1, 1, 1, 1, 2, 2, 1}),
            (std::vector<Sample>{{1, good}, {1, good}, {1, bad}, {1, bad}, {2, good}, {2, good}, {1, good}}));
  EXPECT_EQ(input.counters.stuck.read(), 2U);
}

TEST(ScannerLine, IdenticalMeansEachBit) {
  ScannerLine line = with({.then = OnBad::Then::bad});
  line.stuck_ns = second;
  Input input(line);
  EXPECT_EQ(input.all({0.0, -0.0, 0.0}), (std::vector<Sample>{{0, good}, {-0.0, good}, {0, good}}));
}

TEST(ScannerLine, AHeldValueDoesNotLookStuckNorLikeAnOutlier) {
  ScannerLine line = with({.hold_ns = 10 * second, .then = OnBad::Then::fault});
  line.stuck_ns = 2 * second;
  line.jump = 1;
  Input input(line);
  input.next(5);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(input.next(5 + i, bad), (Sample{5, substituted}));
  EXPECT_EQ(input.next(9), (Sample{9, good})) << "4 V in 5 s";
  EXPECT_EQ(input.counters.stuck.read() + input.counters.outliers.read(), 0U);
}

}  // namespace
}  // namespace tactus
