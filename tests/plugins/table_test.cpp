#include "plugins/csv/table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "tests/plugins/table_properties.hpp"

namespace tactus::plugins {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_table(text);
  } catch (const TableError& error) {
    return error.what();
  }
  return "";
}

TEST(Table, ReadsHeaderAndRows) {
  const Table table = parse_table("time,pump [V],level\n0,3.2567,-1e-3\n4,5,6\n");
  ASSERT_EQ(table.columns.size(), 3);
  EXPECT_EQ(table.columns[0].name, "time");
  EXPECT_EQ(table.columns[1].name, "pump");
  EXPECT_EQ(table.columns[1].unit, "V");
  EXPECT_EQ(table.columns[2].unit, "");
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.at(0, 1), 3.2567);
  EXPECT_EQ(table.at(0, 2), -1e-3);
  EXPECT_EQ(table.at(1, 2), 6);
  EXPECT_EQ(table.lines, (std::vector<std::size_t>{2, 3}));
}

TEST(Table, AcceptsSpacesCommentsEmptyLinesCrLfAndByteOrderMark) {
  const Table table =
      parse_table("\xEF\xBB\xBF# measured\r\n\r\n time , p [ kg.m/s2 ] \r\n  # more\r\n 1 ,\t2 \r\n\r\n3,4");
  EXPECT_EQ(table.columns[1].name, "p");
  EXPECT_EQ(table.columns[1].unit, "kg.m/s2");
  EXPECT_EQ(table.values, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(table.lines, (std::vector<std::size_t>{5, 7}));
}

TEST(Table, EmptyCellIsNoNumber) {
  const Table table = parse_table("a,b,c\n,2,\nnan,inf,-inf\n");
  EXPECT_TRUE(std::isnan(table.at(0, 0)));
  EXPECT_EQ(table.at(0, 1), 2);
  EXPECT_TRUE(std::isnan(table.at(0, 2)));
  EXPECT_TRUE(std::isnan(table.at(1, 0)));
  EXPECT_TRUE(std::isinf(table.at(1, 1)));
}

TEST(Table, ErrorsNameLineColumnAndCause) {
  EXPECT_EQ(error_of(""), "1:1: no header: the first line names the columns");
  EXPECT_EQ(error_of("# nothing\n"), "1:1: no header: the first line names the columns");
  EXPECT_EQ(error_of("a,b\n1,2\n3, x4\n"), "3:4: 'x4' is not a number");
  EXPECT_EQ(error_of("a,b\n1,2x\n"), "2:3: '2x' is not a number");
  EXPECT_EQ(error_of("a,b\n1,+2\n"), "2:3: '+2' is not a number");
  EXPECT_EQ(error_of("a,b\n1,0x10\n"), "2:3: '0x10' is not a number");
  EXPECT_EQ(error_of("a\n1e999\n"), "2:1: '1e999' is beyond the range of a double");
  EXPECT_EQ(error_of("a,b\n1\n"), "2:1: 1 cells, but the header has 2");
  EXPECT_EQ(error_of("a,b\n1,2,3\n"), "2:5: 3 cells, but the header has 2");
  EXPECT_EQ(error_of("a,b,a\n"), "1:5: a second column called 'a'");
  EXPECT_EQ(error_of("a,,b\n"), "1:3: a column without a name");
  EXPECT_EQ(error_of("a,[V]\n"), "1:3: a column without a name");
  EXPECT_EQ(error_of("a,b [V\n"), "1:3: 'b [V' is neither `name` nor `name [unit]`");
  EXPECT_EQ(error_of("a,b V]\n"), "1:3: 'b V]' is neither `name` nor `name [unit]`");
  EXPECT_EQ(error_of("\"a\",b\n"), "1:1: quotes are not understood; write the name without");
  EXPECT_EQ(error_of("a\n" + std::string(100, 'x')),
            "2:1: '" + std::string(40, 'x') + "...' is not a number");
}

// Texts that are nearly right: valid ones with a few bytes changed, put in, or taken away.
TEST(Table, HoldsItsPropertiesForAnyText) {
  const std::string seeds[] = {"time,pump [V],level\n0,3.2,5.2\n4,3.3,\n",
                               "\xEF\xBB\xBF# c\r\na [1]\r\n1e3\r\nnan\r\n", ""};
  constexpr std::string_view bytes = ",,,\n\n\r\t []#\"0123456789.eE+-naif\xEF\xBB\xBF\x00\xFFx";
  std::mt19937_64 random(1);
  for (int round = 0; round < 200'000; ++round) {
    std::string text = seeds[random() % 3];
    for (auto changes = random() % 6; changes > 0; --changes) {
      const std::size_t place = random() % (text.size() + 1);
      const char byte = bytes[random() % bytes.size()];
      switch (random() % 3) {
        case 0:
          text.insert(place, 1, byte);
          break;
        case 1:
          text.erase(place, 1);
          break;
        default:
          if (place < text.size()) text[place] = byte;
      }
    }
    ASSERT_EQ(testing::broken_property(text), "") << '"' << text << '"';
  }
}

}  // namespace
}  // namespace tactus::plugins
