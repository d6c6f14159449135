#include "supervisor/stall_watch.hpp"

#include <gtest/gtest.h>

namespace tactus {
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t limit = 50 * ms;

/// An engine that ticks every millisecond until `silent_from`, and somebody who looks when he should.
struct Scene {
  StallWatch watch;
  std::int64_t silent_from = INT64_MAX;

  bool look(std::int64_t now) {
    const std::int64_t last = std::min(now, silent_from) / ms;
    return watch.look(now, static_cast<std::uint64_t>(last), last * ms, limit);
  }
  /// The time at which it finds a stall.
  std::int64_t found(std::int64_t start, std::int64_t end) {
    std::int64_t now = start;
    while (now < end) {
      if (look(now)) return now;
      now = watch.next_look_ns();
    }
    return -1;
  }
};

TEST(StallWatch, LimitIsThreePeriodsAndAtLeast50Ms) {
  EXPECT_EQ(StallWatch::limit_for(1 * ms), 50 * ms);
  EXPECT_EQ(StallWatch::limit_for(16 * ms), 50 * ms);
  EXPECT_EQ(StallWatch::limit_for(1000 * ms), 3000 * ms);
}

TEST(StallWatch, AnEngineThatTicksIsLeftAlone) {
  Scene scene;
  EXPECT_EQ(scene.found(1000 * ms, 20'000 * ms), -1);
}

TEST(StallWatch, SilenceIsFoundWhenTheLimitIsOver) {
  for (const std::int64_t silent : {1000 * ms, 1017 * ms, 1049 * ms, 1050 * ms}) {
    Scene scene{.watch = {}, .silent_from = silent};
    EXPECT_EQ(scene.found(1000 * ms, 20'000 * ms), silent + limit);
  }
}

TEST(StallWatch, WhoWasHeldUpHimselfGivesTheLimitOnceMore) {
  Scene scene{.watch = {}, .silent_from = 1000 * ms};
  EXPECT_FALSE(scene.look(1000 * ms));
  EXPECT_FALSE(scene.look(9000 * ms)) << "the machine stood still for 8 s";
  EXPECT_EQ(scene.watch.next_look_ns(), 9000 * ms + limit);
  EXPECT_TRUE(scene.look(9000 * ms + limit));
}

TEST(StallWatch, ButOnlyOnce) {
  Scene scene{.watch = {}, .silent_from = 1000 * ms};
  EXPECT_FALSE(scene.look(1000 * ms));
  EXPECT_FALSE(scene.look(9000 * ms));
  EXPECT_TRUE(scene.look(19'000 * ms)) << "held up again";
}

TEST(StallWatch, AfterATickAllIsAsBefore) {
  Scene scene{.watch = {}, .silent_from = 1000 * ms};
  EXPECT_FALSE(scene.look(1000 * ms));
  EXPECT_FALSE(scene.look(9000 * ms));
  scene.silent_from = 9001 * ms;
  EXPECT_FALSE(scene.look(9010 * ms));
  EXPECT_TRUE(scene.look(9001 * ms + limit));
}

TEST(StallWatch, AnEngineThatWasSilentFromTheBeginning) {
  StallWatch watch;
  EXPECT_FALSE(watch.look(1000 * ms, 1, 999 * ms, limit));
  EXPECT_TRUE(watch.look(999 * ms + limit, 1, 999 * ms, limit));
}

}  // namespace
}  // namespace tactus
