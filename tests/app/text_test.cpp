#include "app/cli/text.hpp"

#include <gtest/gtest.h>

#include "app/cli/figures.hpp"

namespace tactus::cli {
namespace {

TEST(Text, Durations) {
  EXPECT_EQ(duration_text(0), "0 ns");
  EXPECT_EQ(duration_text(850.4), "850 ns");
  EXPECT_EQ(duration_text(12'340), "12.3 us");
  EXPECT_EQ(duration_text(5e6), "5 ms");
  EXPECT_EQ(duration_text(4e9), "4.0 s");
  EXPECT_EQ(duration_text(125e9), "2 min 05 s");
  EXPECT_EQ(duration_text(3960e9), "1 h 06 min");
}

TEST(Text, ColumnsAreAsWideAsTheyMustBe) {
  EXPECT_EQ(table({{"a", "long"}, {"longer", "b", "c"}}), "a       long\nlonger  b     c\n");
  EXPECT_EQ(table({}), "");
}

TEST(Text, Values) {
  EXPECT_EQ(value_text("clamping"), "clamping");
  EXPECT_EQ(value_text(nlohmann::json::array({0, 10.5})), "[0, 10.5]");
}

TEST(Text, ProgressFitsIntoALine) {
  const nlohmann::json figures{{"count", 3600000}, {"p50", 34912.0}, {"p99.9", 105332.0}, {"max", 281004.0}};
  const nlohmann::json status{{"state", "running"},    {"beat", 3599999},
                              {"beats", 7200000},      {"period", 1e-3},
                              {"latency_ns", figures}, {"duration_ns", figures},
                              {"overruns", 0},         {"drops", {{"beats", 0}, {"events", 0}}}};
  EXPECT_EQ(progress_line(status),
            "beat 3599999, 1 h 00 min left | late p50/p99.9/max 34.9/105/281 us | overruns 0, drops 0");
}

}  // namespace
}  // namespace tactus::cli
