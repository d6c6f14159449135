#include "plugins/csv/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/plugins/plugin_bench.hpp"
#include "tests/plugins/temporary_directory.hpp"

namespace tactus::plugins {
namespace {

class CsvTest : public ::testing::Test {
 protected:
  testing::TemporaryDirectory directory;
  testing::DeviceBench<Csv> bench{4, true, directory.path()};

  testing::Answer play(std::string_view text) {
    directory.write("in.csv", text);
    bench.set("file", "in.csv");
    return bench.configure();
  }
};

TEST_F(CsvTest, PlaysARowABeatAndEndsTheRun) {
  ASSERT_TRUE(play("time,pump,level [V]\n0,1,5\n4,2,6\n"));
  bench.open();
  const auto channels = bench.plugin().channels();
  ASSERT_EQ(channels.size(), 2) << "the time is none";
  EXPECT_EQ(channels[0].name, "pump");
  EXPECT_EQ(channels[0].unit, "");
  EXPECT_EQ(channels[1].unit, "V");
  bench.run_beat();
  EXPECT_EQ(bench.read("pump"), 1);
  EXPECT_EQ(bench.read("level"), 5);
  bench.run_beat();
  EXPECT_EQ(bench.read("level"), 6);
  EXPECT_EQ(bench.run_beat().kind, DeviceResult::Kind::end);
}

TEST_F(CsvTest, RowsOfMissedBeatsArePassedOver) {
  ASSERT_TRUE(play("time,x\n0,0\n4,1\n8,2\n12,3\n"));
  bench.open();
  bench.run_beat();
  bench.jump_to(3);
  bench.run_beat();
  EXPECT_EQ(bench.read("x"), 3);
}

TEST_F(CsvTest, CellThatIsNoFiniteNumberIsBad) {
  ASSERT_TRUE(play("time,x,y\n0,,1\n4,inf,2\n"));
  bench.open();
  bench.run_beat();
  EXPECT_EQ(bench.status("x"), Status::bad);
  EXPECT_EQ(bench.status("y"), Status::good);
  bench.run_beat();
  EXPECT_EQ(bench.status("x"), Status::bad);
}

TEST_F(CsvTest, TimesMustFollowTheHeartbeat) {
  EXPECT_TRUE(play("time,x\n1,0\n5,1\n9.01,2\n")) << "any start, few digits";
  EXPECT_TRUE(play("time,x\n0,0\n4,1\n# a gap\n12,2\n")
                  .refuses("file", "in.csv:5: row 2 has the time 12 s, expected 8 s"));
  EXPECT_TRUE(play("time,x\n0,0\n,1\n").refuses("file", "row 1"));
  EXPECT_TRUE(play("time [ms],x\n0,0\n").refuses("time_column", "must be in s"));
  EXPECT_TRUE(play("t,x\n0,0\n").refuses("time_column", "no column time, only t, x"));
  bench.set("time_column", "t");
  EXPECT_TRUE(play("t,x\n0,0\n4,1\n"));
  bench.set("time_column", "");
  EXPECT_TRUE(play("x\n0\n0\n"));
}

TEST_F(CsvTest, RefusesWhatItCannotPlay) {
  EXPECT_TRUE(bench.configure().refuses("file", "missing"));
  EXPECT_TRUE(play("time,x\n0,a\n").refuses("file", "in.csv:2:3: 'a' is not a number"));
  EXPECT_TRUE(play("time,x\n").refuses("file", "no rows"));
  bench.set("file", "none.csv");
  EXPECT_TRUE(bench.configure().refuses("file", "none.csv can't be read: No such file"));
  bench.set("file", ".");
  EXPECT_FALSE(bench.configure());
}

TEST_F(CsvTest, WritesARowABeat) {
  ASSERT_TRUE(play("time,x\n0,5\n4,6\n8,7\n"));
  testing::DeviceBench<Csv> writing(4, true, directory.path());
  writing.set("file", "in.csv");
  writing.set("outputs", "pump [V], valve");
  writing.set("output", "out.csv");
  ASSERT_TRUE(writing.configure());
  writing.open();
  for (int i = 0; i < 3; ++i) {
    writing.write("pump", i + 0.5);
    writing.write("valve", -i);
    writing.run_beat();
  }
  EXPECT_EQ(writing.run_beat().kind, DeviceResult::Kind::end);
  writing.plugin().close();
  EXPECT_EQ(directory.read("out.csv"), "time [s],pump [V],valve\n0,0.5,0\n4,1.5,-1\n8,2.5,-2\n");
}

TEST_F(CsvTest, SafeValuesOfTheEndLeaveTheLastRowAlone) {
  bench.set("outputs", "pump");
  bench.set("output", "out.csv");
  ASSERT_TRUE(bench.configure());
  bench.open();
  bench.write("pump", 3);
  bench.run_beat();
  const auto group = bench.plugin().group(Direction::output, {0});
  const double safe = 0;
  bench.plugin().write(*group, {&safe, 1});
  bench.plugin().close();
  EXPECT_EQ(directory.read("out.csv"), "time [s],pump\n0,3\n");
}

TEST_F(CsvTest, BeatWithoutAWriteRepeatsTheRowBeforeIt) {
  bench.set("outputs", "a,b");
  bench.set("output", "out.csv");
  ASSERT_TRUE(bench.configure());
  bench.open();
  const auto only_b = bench.plugin().group(Direction::output, {1});
  Beat beat;
  for (const double value : {1.0, 2.0}) {
    bench.plugin().advance(beat);
    bench.plugin().write(*only_b, {&value, 1});
    beat.time_ns += 4'000'000'000;
  }
  bench.plugin().advance(beat);
  bench.plugin().close();
  EXPECT_EQ(directory.read("out.csv"), "time [s],a,b\n0,,1\n4,,2\n8,,2\n");
}

TEST_F(CsvTest, WhatIsWrittenCanBePlayed) {
  bench.set("outputs", "x [m/s]");
  bench.set("output", "out.csv");
  ASSERT_TRUE(bench.configure());
  bench.open();
  for (int i = 0; i < 100; ++i) {
    bench.write("x", std::sin(i));
    bench.run_beat();
  }
  bench.plugin().close();
  testing::DeviceBench<Csv> playing(4, true, directory.path());
  playing.set("file", "out.csv");
  ASSERT_TRUE(playing.configure());
  playing.open();
  for (int i = 0; i < 100; ++i) {
    playing.run_beat();
    ASSERT_EQ(playing.read("x"), std::sin(i));
  }
}

TEST_F(CsvTest, RefusesOutputsThatAreNotClear) {
  bench.set("outputs", "pump");
  EXPECT_TRUE(bench.configure().refuses("output", "missing"));
  bench.set("output", "out.csv");
  bench.set("outputs", "");
  bench.set("file", "in.csv");
  EXPECT_TRUE(play("time,x\n0,0\n").refuses("outputs", "missing"));
  bench.set("outputs", "x");
  EXPECT_TRUE(play("time,x\n0,0\n").refuses("outputs", "x is a column of file"));
  bench.set("outputs", "pump [V");
  EXPECT_TRUE(play("time,x\n0,0\n").refuses("outputs", "name [unit]"));
}

}  // namespace
}  // namespace tactus::plugins
