#include "app/session/run_length.hpp"

#include <gtest/gtest.h>

namespace tactus {
namespace {

TEST(RunLength, TimesAreRoundedUpToWholeBeats) {
  const Period millisecond = Period::ns(1'000'000);
  EXPECT_EQ(beats_of("10s", millisecond), 10'000U);
  EXPECT_EQ(beats_of("2 h", Period::ns(4'000'000'000)), 1'800U);
  EXPECT_EQ(beats_of("1.5 ms", millisecond), 2U);
  EXPECT_EQ(beats_of("1 us", millisecond), 1U);
  EXPECT_EQ(beats_of("0.1 s", millisecond), 100U) << "exact, not by way of a binary fraction";
}

TEST(RunLength, PeriodsMayBeNoWholeNumberOfNanoseconds) {
  EXPECT_EQ(beats_of("1 s", Period::hertz(3)), 3U);
  EXPECT_EQ(beats_of("1000 h", Period::hertz(3000)), 10'800'000'000U);
}

TEST(RunLength, BeatsAreTakenAsTheyAre) {
  EXPECT_EQ(beats_of("1000 beats", Period::ns(1)), 1000U);
  EXPECT_EQ(beats_of(" 1 beat ", Period::ns(1)), 1U);
}

TEST(RunLength, AnythingElseIsRefused) {
  for (const char* text : {"", "10", "ten", "0 s", "-1 s", "0 beats", "1.5 beats", "3 V", "1e400 s",
                           "99999999999999999999 beats"}) {
    EXPECT_THROW(beats_of(text, Period::ns(1'000'000)), std::invalid_argument) << text;
  }
  EXPECT_THROW(beats_of("1000 years", Period{1, 1'000'000}), std::invalid_argument)
      << "more beats than there are";
}

}  // namespace
}  // namespace tactus
