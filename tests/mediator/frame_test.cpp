#include "mediator/frame.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "mediator/cache_line.hpp"
#include "mediator/status.hpp"
#include "mediator/unprotected.hpp"

namespace tactus {
namespace {

TEST(Status, WorstIsTheLessTrusted) {
  const Status all[] = {Status::good, Status::substituted, Status::stale, Status::bad};
  for (const Status a : all) {
    for (const Status b : all) {
      EXPECT_EQ(static_cast<int>(worst(a, b)), std::max(static_cast<int>(a), static_cast<int>(b)));
    }
  }
}

TEST(Status, NamesAreThoseOfTheFiles) {
  EXPECT_STREQ(to_string(Status::good), "good");
  EXPECT_STREQ(to_string(Status::substituted), "substituted");
  EXPECT_STREQ(to_string(Status::stale), "stale");
  EXPECT_STREQ(to_string(Status::bad), "bad");
  EXPECT_STREQ(to_string(static_cast<Status>(77)), "unknown");
}

TEST(FrameLayout, PartsDoNotOverlapAndAreAligned) {
  for (std::size_t signals = 0; signals < 40; ++signals) {
    const FrameLayout layout(signals);
    EXPECT_GE(layout.values_offset(), sizeof(FrameHeader));
    EXPECT_EQ(layout.values_offset() % cache_line, 0U);
    EXPECT_EQ(layout.statuses_offset(), layout.values_offset() + signals * sizeof(double));
    EXPECT_GE(layout.bytes(), layout.statuses_offset() + signals);
    EXPECT_LT(layout.bytes(), layout.statuses_offset() + signals + cache_line);
    EXPECT_EQ(layout.bytes() % cache_line, 0U);
  }
}

TEST(FrameLayout, WhatIsWrittenIsReadBack) {
  const FrameLayout layout(3);
  AlignedBlock memory(layout.bytes());
  const FrameView frame = layout.view(memory.data());
  EXPECT_EQ(frame.header->beat, 0U);
  EXPECT_EQ(frame.values[2], 0.0);
  EXPECT_EQ(frame.statuses[2], Status::good);

  *frame.header = {.beat = 7, .time_ns = -5};
  frame.values[0] = 1.5;
  frame.values[2] = -2.5;
  frame.statuses[2] = Status::bad;

  AlignedBlock copy(layout.bytes());
  std::memcpy(copy.data(), memory.data(), layout.bytes());
  const AlignedBlock& constant = copy;
  const ConstFrameView seen = layout.view(constant.data());
  EXPECT_EQ(seen.header->beat, 7U);
  EXPECT_EQ(seen.header->time_ns, -5);
  ASSERT_EQ(seen.values.size(), 3U);
  ASSERT_EQ(seen.statuses.size(), 3U);
  EXPECT_EQ(seen.values[0], 1.5);
  EXPECT_EQ(seen.values[2], -2.5);
  EXPECT_EQ(seen.statuses[1], Status::good);
  EXPECT_EQ(seen.statuses[2], Status::bad);
}

TEST(AlignedBlock, IsZeroedAlignedAndOfTheSizeAskedFor) {
  for (const std::size_t bytes : {0U, 1U, 64U, 65U, 5000U}) {
    AlignedBlock block(bytes);
    EXPECT_EQ(block.size(), bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block.data()) % cache_line, 0U);
    for (std::size_t i = 0; i < bytes; ++i) EXPECT_EQ(block.data()[i], std::byte{0});
  }
}

TEST(Unprotected, ReadsWhatWasWritten) {
  Unprotected<int> value(3);
  EXPECT_EQ(value.read(), 3);
  value.write(4);
  EXPECT_EQ(value.read(), 4);
  value.slot() = 5;
  value.publish();
  EXPECT_EQ(value.read(), 5);
}

}  // namespace
}  // namespace tactus
