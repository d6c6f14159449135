#include "interpreter/words.hpp"

#include <gtest/gtest.h>

namespace tactus {
namespace {

const std::vector<std::string> known{"period", "phase", "kp", "ki"};

TEST(Words, DistanceCountsEachSlipOfTheFingers) {
  EXPECT_EQ(edit_distance("period", "period"), 0);
  EXPECT_EQ(edit_distance("perod", "period"), 1);
  EXPECT_EQ(edit_distance("peroid", "period"), 1);
  EXPECT_EQ(edit_distance("pariot", "period"), 2);
  EXPECT_EQ(edit_distance("", "kp"), 2);
}

TEST(Words, NearestIsNearOrNothing) {
  EXPECT_EQ(nearest("peroid", known), "period");
  EXPECT_EQ(nearest("KI", known), "ki");
  EXPECT_EQ(nearest("amplitude", known), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), known), std::nullopt);
}

TEST(Words, HintProposesOrLists) {
  EXPECT_EQ(hint("perod", known), "; did you mean `period`?");
  EXPECT_EQ(hint("amplitude", known), "; there is period, phase, kp, ki");
  EXPECT_EQ(hint("amplitude", {}), "");
  EXPECT_EQ(hint("amplitude", std::vector<std::string>(50, "a")), "");
}

TEST(Words, NamesAreWords) {
  for (const char* good : {"a", "x1", "left-arm", "_z", "T_2"}) EXPECT_TRUE(is_name(good)) << good;
  for (const char* bad : {"", "1x", "-a", "a.b", "a b", "ü"}) EXPECT_FALSE(is_name(bad)) << bad;
}

TEST(Words, SplitAndTrim) {
  EXPECT_EQ(split("a.b.", '.'), (std::vector<std::string>{"a", "b", ""}));
  EXPECT_EQ(split("", '|'), (std::vector<std::string>{""}));
  EXPECT_EQ(trim("  a b\n"), "a b");
  EXPECT_EQ(trim(" \t"), "");
}

}  // namespace
}  // namespace tactus
