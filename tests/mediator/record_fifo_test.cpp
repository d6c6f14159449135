#include "mediator/record_fifo.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tactus {
namespace {

// The contents of record `n`: a size and bytes that depend on it alone.
std::vector<std::byte> record(std::uint64_t n, std::size_t largest) {
  std::mt19937_64 random(n);
  std::vector<std::byte> bytes(random() % (largest + 1));
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

bool put(RecordFifo& fifo, const std::vector<std::byte>& bytes) {
  std::byte* const place = fifo.reserve(bytes.size());
  if (place == nullptr) return false;
  std::copy(bytes.begin(), bytes.end(), place);
  fifo.commit();
  return true;
}

bool equal(std::span<const std::byte> a, const std::vector<std::byte>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

TEST(RecordFifo, IsEmptyAtFirst) {
  RecordFifo fifo(100);
  EXPECT_EQ(fifo.front().data(), nullptr);
  EXPECT_EQ(fifo.capacity(), 128U);
  EXPECT_EQ(fifo.largest(), 56U);
  EXPECT_EQ(fifo.size(), 0U);
}

TEST(RecordFifo, AnEmptyRecordIsARecord) {
  RecordFifo fifo(64);
  ASSERT_TRUE(put(fifo, {}));
  EXPECT_NE(fifo.front().data(), nullptr);
  EXPECT_EQ(fifo.front().size(), 0U);
  fifo.pop();
  EXPECT_EQ(fifo.front().data(), nullptr);
}

TEST(RecordFifo, ShowsNothingBeforeCommitAndForgetsWhatWasOnlyReserved) {
  RecordFifo fifo(256);
  std::byte* const first = fifo.reserve(40);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(fifo.front().data(), nullptr);
  EXPECT_EQ(fifo.reserve(16), first);
  std::memset(first, 3, 16);
  fifo.commit();
  ASSERT_EQ(fifo.front().size(), 16U);
  EXPECT_EQ(fifo.front()[15], std::byte{3});
}

TEST(RecordFifo, TheLargestFitsWhereverTheRingStands) {
  RecordFifo fifo(256);
  const std::vector<std::byte> largest(fifo.largest(), std::byte{9});
  for (std::size_t step = 0; step < 200; ++step) {
    ASSERT_TRUE(put(fifo, std::vector<std::byte>(step % 32, std::byte{1})));
    ASSERT_EQ(fifo.front().size(), step % 32);
    fifo.pop();
    ASSERT_TRUE(put(fifo, largest)) << "at step " << step;
    ASSERT_TRUE(equal(fifo.front(), largest));
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(fifo.front().data()) % RecordFifo::alignment, 0U);
    fifo.pop();
  }
  EXPECT_EQ(fifo.reserve(fifo.largest() + 1), nullptr);
  EXPECT_EQ(fifo.reserve(SIZE_MAX), nullptr);
}

// All positions and all fillings, against a queue that can't be wrong.
TEST(RecordFifo, AgreesWithAQueue) {
  for (const std::size_t bytes : {64U, 128U, 1024U}) {
    RecordFifo fifo(bytes);
    std::deque<std::vector<std::byte>> model;
    std::mt19937 random(static_cast<unsigned>(bytes));
    std::uint64_t n = 0;
    std::uint64_t refused = 0;
    for (int step = 0; step < 50'000; ++step) {
      if (random() % 2 == 0) {
        const auto next = record(++n, fifo.largest());
        if (put(fifo, next)) {
          model.push_back(next);
        } else {
          ASSERT_FALSE(model.empty()) << "an empty ring takes every record up to largest()";
          ++refused;
        }
      } else if (model.empty()) {
        ASSERT_EQ(fifo.front().data(), nullptr);
      } else {
        ASSERT_TRUE(equal(fifo.front(), model.front()));
        fifo.pop();
        model.pop_front();
      }
      ASSERT_LE(fifo.size(), fifo.capacity());
    }
    EXPECT_GT(refused, 0U);
  }
}

TEST(RecordFifo, MarksTheGapWhereItIs) {
  RecordFifo fifo(64);
  const std::vector<std::byte> bytes(24);
  ASSERT_TRUE(put(fifo, bytes));
  ASSERT_TRUE(put(fifo, bytes));
  for (int i = 0; i < 3; ++i) {
    ASSERT_FALSE(put(fifo, bytes));
    fifo.count_drop();
  }
  EXPECT_EQ(fifo.dropped_before(), 0U);
  fifo.pop();
  EXPECT_EQ(fifo.dropped_before(), 0U);
  fifo.pop();
  ASSERT_TRUE(put(fifo, bytes));
  ASSERT_TRUE(put(fifo, bytes));
  EXPECT_EQ(fifo.dropped_before(), 3U);
  fifo.pop();
  EXPECT_EQ(fifo.dropped_before(), 0U);
  EXPECT_EQ(fifo.drops(), 3U);
}

TEST(RecordFifo, RefusesMemoryThatItCannotHave) {
  EXPECT_THROW(RecordFifo(SIZE_MAX), std::invalid_argument);
  EXPECT_EQ(RecordFifo(0).capacity(), 64U);
}

TEST(RecordFifoStress, EveryRecordIsWholeAndEveryGapIsMarked) {
  constexpr std::uint64_t count = 40'000;
  RecordFifo fifo(1024);
  std::thread producer([&fifo] {
    for (std::uint64_t n = 1; n < count; ++n) {
      if (!put(fifo, record(n, 300))) fifo.count_drop();
    }
    while (!put(fifo, record(count, 300))) std::this_thread::yield();  // the last is sure to arrive
  });
  std::uint64_t n = 0;
  std::uint64_t gaps = 0;
  std::uint64_t wrong = 0;
  while (n < count) {
    const auto front = fifo.front();
    if (front.data() == nullptr) {
      std::this_thread::yield();
      continue;
    }
    gaps += fifo.dropped_before();
    n += fifo.dropped_before() + 1;
    if (!equal(front, record(n, 300))) ++wrong;
    fifo.pop();
  }
  producer.join();
  EXPECT_EQ(n, count);
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(gaps, fifo.drops());
}

}  // namespace
}  // namespace tactus
