#include "interpreter/unit_product.hpp"

#include <gtest/gtest.h>

namespace tactus {
namespace {

std::string with(const char* declared, const char* u, const char* y) {
  return UnitProduct::parse(declared)
      .with('U', UnitProduct::parse(u))
      .with('Y', UnitProduct::parse(y))
      .text();
}

TEST(UnitProduct, ReadsAsPeopleWrite) {
  EXPECT_EQ(UnitProduct::parse("V").text(), "V");
  EXPECT_EQ(UnitProduct::parse("").text(), "1");
  EXPECT_EQ(UnitProduct::parse("1/s").text(), "1/s");
  EXPECT_EQ(UnitProduct::parse("m s-2").text(), "m/s^2");
  EXPECT_EQ(UnitProduct::parse("m/s/s").text(), "m/s^2");
  EXPECT_EQ(UnitProduct::parse("N.m/A").text(), "N m/A");
  EXPECT_EQ(UnitProduct::parse("V/V").text(), "1");
}

TEST(UnitProduct, PutsUnitsInThePlaceOfVariables) {
  EXPECT_EQ(with("U/Y/s", "V", "V"), "1/s");
  EXPECT_EQ(with("U/Y", "V", "degC"), "V/degC");
  EXPECT_EQ(with("U.s/Y", "V", "m/s"), "V s^2/m");
  EXPECT_EQ(with("U", "%", "V"), "%");
}

TEST(UnitProduct, KeepsInOnePieceWhatItCannotTakeApart) {
  EXPECT_EQ(with("U/Y", "V/(rad/s)", "V"), "(V/(rad/s))/V");
  EXPECT_EQ(UnitProduct::parse("0.5 V").text(), "0.5 V");
}

TEST(UnitProduct, Divides) {
  UnitProduct quotient = UnitProduct::parse("m/s");
  quotient.multiply(UnitProduct::parse("1/s"), -1);
  EXPECT_EQ(quotient.text(), "m");
  EXPECT_EQ(UnitProduct::parse("U/s").without('U').text(), "1/s");
}

}  // namespace
}  // namespace tactus
