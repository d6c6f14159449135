#include "interpreter/units.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace tactus {
namespace {

constexpr double pi = std::numbers::pi;

struct Row {
  double value;
  const char* from;
  const char* to;
  double expected;
  Quantity quantity = Quantity::absolute;
};

class Allowed : public ::testing::TestWithParam<Row> {};

TEST_P(Allowed, IsConverted) {
  const Row& row = GetParam();
  const double result = convert(row.value, Unit::parse(row.from), Unit::parse(row.to), row.quantity);
  EXPECT_NEAR(result, row.expected, 1e-12 * std::max(1.0, std::abs(row.expected)))
      << row.value << " " << row.from << " -> " << row.to;
}

constexpr Quantity difference = Quantity::difference;
const Row allowed[] = {
    {10, "Hz", "rad/s", 20 * pi},
    {1, "kHz", "Hz", 1000},
    {60, "rpm", "Hz", 1},
    {60, "rpm", "rad/s", 2 * pi},
    {1, "Hz", "rpm", 60},
    {180, "deg", "rad", pi},
    {180, "degree", "rad", pi},
    {90, "°", "rad", pi / 2},
    {1, "cycle", "deg", 360},
    {1, "turn", "rad", 2 * pi},
    {1, "rev", "cycle", 1},
    {360, "deg/s", "Hz", 1},
    {180, "deg/s", "rad/s", pi},
    {1, "rad/s", "deg/s", 180 / pi},
    {2, "V/(rad/s)", "V/(deg/s)", 2 * pi / 180},
    {5, "mV", "V", 0.005},
    {9, "mV", "V", 0.009},
    {20, "mV", "uV", 20000},
    {20, "µm", "mm", 0.02},
    {50, "%", "1", 0.5},
    {0.5, "1", "%", 50},
    {10, "%/s", "1/s", 0.1},
    {3, "ppm", "1", 3e-6},
    {20, "degC", "K", 293.15},
    {300, "K", "degC", 26.85},
    {212, "degF", "degC", 100},
    {2, "degC", "K", 2, difference},
    {9, "degF", "K", 5, difference},
    {2, "K", "degC", 2, difference},
    {6, "degC/min", "K/s", 0.1},
    {2, "V/degC", "V/K", 2},
    {1, "ohm", "V/A", 1},
    {1, "kΩ", "ohm", 1000},
    {1, "N m", "J", 1},
    {1, "N.m/A", "V.s", 1},
    {5, "mV/count", "V/count", 0.005},
    {100, "count", "1", 100},
    {1, "bar", "Pa", 1e5},
    {1, "psi", "Pa", 6894.757293168359},
    {1, "l/min", "m3/s", 1e-3 / 60},
    {1, "m/s2", "mm s-2", 1000},
    {1, "m/s^2", "m s-2", 1},
    {2, "h", "s", 7200},
    {1, "day", "s", 86400},
    {1, "min", "ms", 60000},
    {3, "dB", "dB", 3},
    {1, "inch", "mm", 25.4},
    {1, "g", "kg", 1e-3},
    {7, "", "1", 7},
    {7, "V/V", "1", 7},
    {1, "sr", "rad2", 1},
    {10, "mA", "A", 0.01},
    {4, "%", "%", 4},
    {0.3, "1/ms", "1/s", 300},
    {1, "kg m2", "g cm2", 1e7},
    {1, "W", "J/s", 1},
    {1, "uT", "T", 1e-6},
    {1, "lm", "cd rad2", 1},
    {1, "kHz/s", "Hz/ms", 1},
    {1, "C/s", "A", 1},
    {1, "F ohm", "s", 1},
    {1, "H/ohm", "s", 1},
};
INSTANTIATE_TEST_SUITE_P(Units, Allowed, ::testing::ValuesIn(allowed));

struct Pair {
  const char* from;
  const char* to;
};

class Refused : public ::testing::TestWithParam<Pair> {};

TEST_P(Refused, IsNotConvertedInEitherDirection) {
  const Unit from = Unit::parse(GetParam().from);
  const Unit to = Unit::parse(GetParam().to);
  EXPECT_THROW(convert(1, from, to), UnitError) << GetParam().from << " -> " << GetParam().to;
  EXPECT_THROW(convert(1, to, from), UnitError) << GetParam().to << " -> " << GetParam().from;
}

const Pair refused[] = {
    {"s", "Hz"},        {"s", "1/s"},   {"Hz", "1/s"},     {"rad/s", "1/s"}, {"rpm", "1/min"}, {"rad", "1"},
    {"deg", "1"},       {"cycle", "1"}, {"V", "A"},        {"V", "1"},       {"%", "V"},       {"ohm", "S"},
    {"m", "s"},         {"m/s", "s/m"}, {"m/s", "m/s2"},   {"dB", "1"},      {"dB", "%"},      {"K", "J"},
    {"N m", "N m/rad"}, {"degC", "V"},  {"kg", "N"},       {"Pa", "N"},      {"V/K", "K/V"},   {"V s", "V"},
    {"V/rad", "V"},     {"Hz", "s-1"},  {"count/s", "Hz"}, {"rad2", "rad"},  {"U", "1"},       {"U", "Y"},
    {"E", "V"},         {"U/Y", "U"},   {"V/count", "A"},  {"l", "m"},       {"bar", "m"},     {"min", "deg"},
    {"W", "J"},         {"F", "H"},     {"lm", "cd"},      {"mol", "1"},
};
INSTANTIATE_TEST_SUITE_P(Units, Refused, ::testing::ValuesIn(refused));

TEST(Unit, OfNonsenseIsRefusedByName) {
  for (const char* text :
       {"Vult", "m/(s", "3 blargs", "!", "V;A", "seconds since 2000-01-01", "lg(re 1 mW)", "dBm"}) {
    EXPECT_THROW(Unit::parse(text), UnitError) << text;
  }
  try {
    Unit::parse("Vult");
  } catch (const UnitError& error) {
    EXPECT_STREQ(error.what(), "`Vult` is no unit that UDUNITS-2 knows");
  }
}

TEST(Unit, CapitalsThatAreNoUnitAreVariables) {
  EXPECT_EQ(Unit::parse("U/Y/s").variables(), (std::map<char, int>{{'U', 1}, {'Y', -1}}));
  EXPECT_EQ(Unit::parse("U.s/Y").variables(), (std::map<char, int>{{'U', 1}, {'Y', -1}}));
  EXPECT_EQ(Unit::parse("E2").variables(), (std::map<char, int>{{'E', 2}}));
  for (const char* real : {"V", "A", "K", "N", "C", "W", "J", "T", "F", "S", "H"}) {
    EXPECT_TRUE(Unit::parse(real).variables().empty()) << real;
  }
}

TEST(Unit, KnowsEqualUnits) {
  EXPECT_EQ(Unit::parse("V"), Unit::parse("J/C"));
  EXPECT_EQ(Unit::parse("Hz"), Unit::parse("cycle/s"));
  EXPECT_NE(Unit::parse("V"), Unit::parse("mV"));
  EXPECT_NE(Unit::parse("degC"), Unit::parse("K"));
  EXPECT_TRUE(Unit::parse("m/m").is_one());
  EXPECT_FALSE(Unit::parse("%").is_one());
}

TEST(Unit, ConversionIsTheSameLine) {
  const Conversion line = conversion(Unit::parse("degF"), Unit::parse("degC"));
  EXPECT_NEAR(line.scale * 212 + line.offset, 100, 1e-12);
  EXPECT_TRUE(conversion(Unit::parse("V"), Unit::parse("V")).is_identity());
}

TEST(Literal, IsANumberAndAUnit) {
  EXPECT_EQ(parse_literal("3 V")->value, 3);
  EXPECT_EQ(parse_literal("3 V")->unit->text(), "V");
  EXPECT_EQ(parse_literal("0.02 1/s")->unit->text(), "1/s");
  EXPECT_EQ(parse_literal("-5mV")->value, -5);
  EXPECT_EQ(parse_literal("1e-3 m")->value, 1e-3);
  EXPECT_EQ(parse_literal("1e V")->unit->text(), "e V");
  EXPECT_FALSE(parse_literal("2")->unit.has_value());
  EXPECT_EQ(parse_literal("  50 % ")->unit->text(), "%");
}

TEST(Literal, RefusesWhatIsNone) {
  for (const char* text : {"", "V", "top", "- V", ".", "+", "e3"}) EXPECT_FALSE(parse_literal(text)) << text;
  for (const char* text : {"3 Vult", "3 4 V", "10 s 3", "2 V -1", "3 U", "1/3 Hz"})
    EXPECT_THROW(parse_literal(text), UnitError) << text;
}

}  // namespace
}  // namespace tactus
