#include "kernel/periodic.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "kernel/port/virtual/virtual_port.hpp"

namespace tactus::kernel {
namespace {

class PeriodicTest : public testing::Test {
 protected:
  /// Runs `body` as the only task.
  template <class Body>
  void in_task(Body body) {
    Task task{kernel, "task", 1, Entry{body}, stack};
    task.start();
    kernel.run();
  }

  VirtualPort port;
  Kernel kernel{port};
  Stack stack;
};

TEST_F(PeriodicTest, ARationalPeriodDoesNotDriftOverABillionReleases) {
  const Periodic third{kernel, {.start = 5, .period = {second, 3}}};
  EXPECT_EQ(third.release_time(0), 5);
  EXPECT_EQ(third.release_time(1), 333'333'338);
  EXPECT_EQ(third.release_time(2), 666'666'671);
  EXPECT_EQ(third.release_time(3), second + 5);
  EXPECT_EQ(third.release_time(3'000'000'000), 1'000'000'000 * second + 5);

  const Periodic audio{kernel, {.period = {second, 44'100}}};
  EXPECT_EQ(audio.release_time(44'100 * std::uint64_t{100'000}), 100'000 * second);
  // Each release is the whole nanosecond at or below the true time: never more than 1 ns off, and never out
  // of step.
  Time before = audio.release_time(999'999'000);
  for (std::uint64_t k = 999'999'001; k <= 1'000'000'000; ++k) {
    const Time at = audio.release_time(k);
    EXPECT_TRUE(at - before == 22'675 || at - before == 22'676) << k;
    EXPECT_EQ(audio.first_at(at), k);
    EXPECT_EQ(audio.first_at(at + 1), k + 1);
    before = at;
  }
}

TEST_F(PeriodicTest, TimesBeyondTheClockAreForever) {
  const Periodic periodic{kernel, {.start = forever - 10, .period = {7}}};
  EXPECT_EQ(periodic.release_time(1), forever - 3);
  EXPECT_EQ(periodic.release_time(2), forever);
  EXPECT_EQ(periodic.release_time(~std::uint64_t{0}), forever);
  const Periodic large{kernel, {.period = {forever, forever}}};
  EXPECT_EQ(large.release_time(1'000'000'000'000), 1'000'000'000'000);
  EXPECT_EQ(large.first_at(123), 123U);
}

TEST_F(PeriodicTest, WaitsForEachReleaseInTurn) {
  in_task([&] {
    Periodic periodic{kernel, {.start = 100, .period = {10}}};
    for (std::uint64_t k = 0; k < 5; ++k) {
      const Release release = periodic.wait();
      ASSERT_TRUE(release);
      EXPECT_EQ(release.index, k);
      EXPECT_EQ(release.scheduled, 100 + 10 * static_cast<Time>(k));
      EXPECT_EQ(release.woken, release.scheduled);
      EXPECT_EQ(release.missed, 0U);
      kernel.consume(10);  // ends at the next release: that is on time still
    }
  });
}

TEST_F(PeriodicTest, SkippedReleasesAreCountedAndThePhaseIsKept) {
  in_task([&] {
    Periodic periodic{kernel, {.start = 3, .period = {10}}};
    EXPECT_EQ(periodic.wait().index, 0U);
    kernel.consume(25);  // to 28; releases at 13 and 23 have passed
    const Release late = periodic.wait();
    EXPECT_EQ(late.index, 3U);
    EXPECT_EQ(late.missed, 2U);
    EXPECT_EQ(late.scheduled, 33);
    EXPECT_EQ(late.woken, 33);
    EXPECT_EQ(periodic.wait().missed, 0U);
  });
}

TEST_F(PeriodicTest, EveryReleaseIsServedOrCountedWhateverTheLoad) {
  in_task([&] {
    Periodic periodic{kernel, {.period = {100, 7}}};
    std::uint64_t expected = 0;
    std::uint32_t random = 1;
    for (int i = 0; i < 10'000; ++i) {
      const Release release = periodic.wait();
      EXPECT_EQ(release.index, expected + release.missed);
      EXPECT_EQ(release.scheduled, periodic.release_time(release.index));
      expected = release.index + 1;
      random = random * 1664525U + 1013904223U;
      kernel.consume(random >> 27U);
    }
    EXPECT_GT(expected, 10'000U) << "some must have been missed";
  });
}

TEST_F(PeriodicTest, CatchUpServesEveryRelease) {
  in_task([&] {
    Periodic periodic{kernel, {.period = {10}, .late = Late::catch_up}};
    EXPECT_EQ(periodic.wait().index, 0U);
    kernel.consume(25);
    std::vector<Time> woken;
    for (std::uint64_t k = 1; k <= 4; ++k) {
      const Release release = periodic.wait();
      EXPECT_EQ(release.index, k);
      EXPECT_EQ(release.scheduled, 10 * static_cast<Time>(k));
      EXPECT_EQ(release.missed, 0U);
      woken.push_back(release.woken);
    }
    EXPECT_EQ(woken, (std::vector<Time>{25, 25, 30, 40}));
  });
}

TEST_F(PeriodicTest, TheNextIndexCanBeSet) {
  in_task([&] {
    Periodic periodic{kernel, {.period = {10}}};
    EXPECT_EQ(periodic.wait().index, 0U);
    periodic.set_next(5);
    EXPECT_EQ(periodic.next(), 5U);
    const Release release = periodic.wait();
    EXPECT_EQ(release.index, 5U);
    EXPECT_EQ(release.missed, 0U);
    EXPECT_EQ(kernel.now(), 50);
  });
}

TEST_F(PeriodicTest, AStopIsNotARelease) {
  in_task([&] {
    Periodic periodic{kernel, {.period = {10}}};
    EXPECT_TRUE(periodic.wait());
    kernel.stop();
    const Release release = periodic.wait();
    EXPECT_FALSE(release);
    EXPECT_EQ(release.result, Result::stopped);
    EXPECT_EQ(periodic.next(), 1U) << "release 1 did not take place";
  });
}

}  // namespace
}  // namespace tactus::kernel
