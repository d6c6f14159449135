#include "plugins/csv/row_writer.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <cmath>
#include <csignal>
#include <cstdint>

#include "device/device.hpp"
#include "tests/plugins/temporary_directory.hpp"

namespace tactus::plugins {
namespace {

TEST(RowWriter, WritesTimeAndValuesExactly) {
  const testing::TemporaryDirectory directory;
  RowWriter writer(directory.path("out.csv"), {{"pump", "V"}, {"valve", ""}}, true);
  writer.push(0, std::array{0.1, 1e300});
  writer.push(1'000'000'001, std::array{std::nan(""), -2.5});
  writer.push(86'400'500'000'000'000, std::array{1.0 / 3, 0.0});
  writer.finish();
  EXPECT_EQ(directory.read("out.csv"),
            "time [s],pump [V],valve\n0,0.1,1e+300\n1.000000001,,-2.5\n86400500,0.3333333333333333,0\n");
}

TEST(RowWriter, InVirtualTimeNoRowIsLostHoweverSmallTheFifo) {
  const testing::TemporaryDirectory directory;
  RowWriter writer(directory.path("out.csv"), {{"x", ""}}, true, 1);
  constexpr int rows = 300;
  for (int i = 0; i < rows; ++i) writer.push(i, std::array{static_cast<double>(i)});
  writer.finish();
  const Table table = parse_table(directory.read("out.csv"));
  ASSERT_EQ(table.rows(), rows);
  for (std::size_t i = 0; i < rows; ++i) EXPECT_EQ(table.at(i, 1), static_cast<double>(i));
}

TEST(RowWriter, InRealTimeDropsAreCountedMarkedAndReported) {
  const testing::TemporaryDirectory directory;
  RowWriter writer(directory.path("out.csv"), {{"x", ""}}, false, 1);
  std::uint64_t pushed = 0;
  while (writer.drops() < 100) writer.push(0, std::array{static_cast<double>(pushed++)});
  const std::uint64_t drops = writer.drops();
  EXPECT_THROW(writer.finish(), DeviceError);

  const std::string text = directory.read("out.csv");
  EXPECT_EQ(parse_table(text).rows(), pushed - drops);
  std::uint64_t marked = 0;
  for (std::size_t at = text.find("# "); at != std::string::npos; at = text.find("# ", at + 1))
    marked += std::stoull(text.substr(at + 2));
  EXPECT_EQ(marked, drops);
}

TEST(RowWriter, DoesNotOverwrite) {
  const testing::TemporaryDirectory directory;
  directory.write("out.csv", "precious");
  EXPECT_THROW(RowWriter(directory.path("out.csv"), {{"x", ""}}, true), DeviceError);
  EXPECT_EQ(directory.read("out.csv"), "precious");
}

TEST(RowWriter, SaysWhenTheDiskRefusesAndNeverWaitsForIt) {
  const testing::TemporaryDirectory directory;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 4096;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  RowWriter writer(directory.path("out.csv"), {{"x", ""}}, true, 1);
  for (int i = 0; i < 2000; ++i) writer.push(i, std::array{0.1});
  EXPECT_THROW(writer.finish(), DeviceError);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
}

}  // namespace
}  // namespace tactus::plugins
