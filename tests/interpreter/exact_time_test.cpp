#include "interpreter/exact_time.hpp"

#include <gtest/gtest.h>

namespace tactus {
namespace {

Period duration(const char* text) { return exact_duration(*parse_literal(text)).value(); }
Period of_frequency(const char* text) { return exact_period_of(*parse_literal(text)).value(); }

TEST(ExactTime, KeepsTheDigitsOfADuration) {
  EXPECT_EQ(duration("1 ms"), Period::ns(1'000'000));
  EXPECT_EQ(duration("0.1 s"), Period::ns(100'000'000));
  EXPECT_EQ(duration("1e-1 s"), Period::ns(100'000'000));
  EXPECT_EQ(duration("2.5 us"), Period::ns(2'500));
  EXPECT_EQ(duration("0.3 us"), Period::ns(300));
  EXPECT_EQ(duration("2 h"), Period::ns(7'200'000'000'000));
  EXPECT_EQ(duration("1.5 ns"), (Period{3, 2}));
}

TEST(ExactTime, TurnsAFrequencyIntoARatio) {
  EXPECT_EQ(of_frequency("1 kHz"), Period::ns(1'000'000));
  EXPECT_EQ(of_frequency("3 kHz"), (Period{1'000'000, 3}));
  EXPECT_EQ(of_frequency("0.1 Hz"), Period::ns(10'000'000'000));
  EXPECT_EQ(of_frequency("44.1 kHz"), (Period{10'000'000, 441}));
  EXPECT_EQ(of_frequency("90 rpm"), (Period{2'000'000'000, 3}));
  EXPECT_EQ(of_frequency("1 mHz"), Period::ns(1'000'000'000'000));
}

TEST(ExactTime, RefusesWhatIsNoPositiveTime) {
  for (const char* text : {"0 s", "-1 s", "1 V", "1", "1 Hz", "1e25 s", "1e-25 s", "99999999999999999999 s"})
    EXPECT_FALSE(exact_duration(*parse_literal(text))) << text;
  for (const char* text : {"0 Hz", "1 s", "-3 Hz", "3", "5 1/s", "1e30 Hz"})
    EXPECT_FALSE(exact_period_of(*parse_literal(text))) << text;
}

TEST(ExactTime, CountsWholePeriods) {
  EXPECT_EQ(whole_periods(duration("500 ms"), duration("1 ms")), 500);
  EXPECT_EQ(whole_periods(duration("1 s"), of_frequency("3 Hz")), 3);
  EXPECT_EQ(whole_periods(duration("0.5 s"), of_frequency("3 Hz")), std::nullopt);
  EXPECT_EQ(whole_periods(duration("1 ms"), duration("2 ms")), std::nullopt);
  EXPECT_EQ(whole_periods(duration("3 us"), of_frequency("3 MHz")), 9);
}

TEST(ExactTime, IsShownInTheUnitThatReadsBest) {
  EXPECT_EQ(to_string(Period::ns(4'000'000'000)), "4 s");
  EXPECT_EQ(to_string(Period::ns(1'500'000)), "1.5 ms");
  EXPECT_EQ(to_string(Period::ns(250'000)), "250 us");
  EXPECT_EQ(to_string(Period::ns(10)), "10 ns");
}

}  // namespace
}  // namespace tactus
