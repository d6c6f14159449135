#include "engine/rate.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tactus {
namespace {

constexpr Period period = Period::ns(1'000'000);

std::vector<std::uint64_t> turns(Rate& rate, std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t beat = first; beat <= last; ++beat) {
    rate.advance(beat, period.times(beat));
    if (rate.due()) result.push_back(beat);
  }
  return result;
}

TEST(Rate, RunsAtItsPhase) {
  Rate rate({5, 2}, period);
  rate.begin(0, nullptr);
  EXPECT_EQ(turns(rate, 0, 20), (std::vector<std::uint64_t>{2, 7, 12, 17}));
  EXPECT_DOUBLE_EQ(rate.beat().dt, 0.005);
}

TEST(Rate, MissedTurnIsTakenAtTheNextBeatAndThePhaseStays) {
  Rate rate({5, 0}, period);
  rate.begin(0, nullptr);
  rate.advance(0, 0);
  EXPECT_DOUBLE_EQ(rate.beat().elapsed, 0.005);  // the first time there is nothing to count from
  rate.advance(7, period.times(7));              // beats 1 to 6 were missed, the turn of 5 with them
  EXPECT_TRUE(rate.due());
  EXPECT_DOUBLE_EQ(rate.beat().elapsed, 0.007);
  EXPECT_EQ(turns(rate, 8, 16), (std::vector<std::uint64_t>{10, 15}));
}

TEST(Rate, GoesOnFromItsPredecessor) {
  Rate before({4, 1}, period);
  before.begin(0, nullptr);
  turns(before, 0, 6);  // ran on 1 and 5
  Rate after({4, 1}, period);
  after.begin(7, &before);
  EXPECT_EQ(turns(after, 7, 10), (std::vector<std::uint64_t>{9}));
  EXPECT_DOUBLE_EQ(after.beat().elapsed, 0.004);
}

TEST(Rate, TurnMissedAcrossASwapIsTakenByTheSuccessor) {
  Rate before({4, 1}, period);
  before.begin(0, nullptr);
  turns(before, 0, 3);  // ran on 1; its next turn, 5, is missed
  Rate after({4, 1}, period);
  after.begin(7, &before);
  EXPECT_EQ(turns(after, 7, 10), (std::vector<std::uint64_t>{7, 9}));
}

TEST(Rate, StartsAtTheNextTurnOfItsPhaseWhenItComesLate) {
  Rate rate({10, 3}, period);
  rate.begin(95, nullptr);
  EXPECT_EQ(turns(rate, 95, 120), (std::vector<std::uint64_t>{103, 113}));
}

TEST(Period, IsExactOverLongRuns) {
  const Period third = Period::hertz(3);
  EXPECT_EQ(third.times(3'000'000'000), 1'000'000'000'000'000'000);
  EXPECT_EQ(third.times(1), 333'333'333);
  EXPECT_EQ(Period::hertz(1000), Period::ns(1'000'000));
}

TEST(Rate, GoesOnFromItsOwnStateWhereItsTurnWasMissed) {
  Rate rate({4, 1}, period);
  rate.begin(0, nullptr);
  turns(rate, 0, 3);  // ran on 1; its next turn is 5
  rate.begin(8, &rate);
  EXPECT_EQ(turns(rate, 8, 14), (std::vector<std::uint64_t>{8, 9, 13}));
}

}  // namespace
}  // namespace tactus
