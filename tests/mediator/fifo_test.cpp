#include "mediator/fifo.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tactus {
namespace {

TEST(Fifo, IsEmptyAtFirst) {
  Fifo<int> fifo(3);
  int value = 7;
  EXPECT_FALSE(fifo.try_pop(value));
  EXPECT_EQ(value, 7);
  EXPECT_EQ(fifo.front(), nullptr);
  EXPECT_EQ(fifo.size(), 0U);
}

// Capacities that are powers of two and that are not, over many rounds of the ring.
TEST(Fifo, HoldsExactlyItsCapacityAndKeepsTheOrder) {
  for (const std::size_t capacity : {1U, 2U, 3U, 7U, 8U, 100U}) {
    Fifo<int> fifo(capacity);
    EXPECT_EQ(fifo.capacity(), capacity);
    int in = 0;
    int out = 0;
    for (int round = 0; round < 50; ++round) {
      for (std::size_t i = 0; i < capacity; ++i) ASSERT_TRUE(fifo.try_push(in++));
      ASSERT_FALSE(fifo.try_push(-1));
      ASSERT_EQ(fifo.size(), capacity);
      const std::size_t taken = capacity - static_cast<std::size_t>(round) % capacity;
      int value = 0;
      for (std::size_t i = 0; i < taken; ++i) {
        ASSERT_TRUE(fifo.try_pop(value));
        ASSERT_EQ(value, out++);
      }
      for (std::size_t i = 0; i < taken; ++i) ASSERT_TRUE(fifo.try_push(in++));
      while (fifo.try_pop(value)) ASSERT_EQ(value, out++);
      ASSERT_EQ(in, out);
    }
  }
}

TEST(Fifo, CountsWhatItDrops) {
  Fifo<int> fifo(2);
  for (int i = 0; i < 5; ++i) fifo.push_or_drop(i);
  EXPECT_EQ(fifo.drops(), 3U);
  fifo.count_drop();
  EXPECT_EQ(fifo.drops(), 4U);
  int value = 0;
  ASSERT_TRUE(fifo.try_pop(value));
  EXPECT_EQ(value, 0);
  ASSERT_TRUE(fifo.try_pop(value));
  EXPECT_EQ(value, 1);
  EXPECT_FALSE(fifo.try_pop(value));
}

TEST(Fifo, WritesAndReadsInPlace) {
  Fifo<int> fifo(1);
  int* const place = fifo.reserve();
  ASSERT_NE(place, nullptr);
  *place = 5;
  EXPECT_EQ(fifo.front(), nullptr);
  fifo.commit();
  EXPECT_EQ(fifo.reserve(), nullptr);
  ASSERT_NE(fifo.front(), nullptr);
  EXPECT_EQ(*fifo.front(), 5);
  EXPECT_EQ(*fifo.front(), 5);
  fifo.pop();
  EXPECT_EQ(fifo.front(), nullptr);
}

TEST(Fifo, ConsumesABatch) {
  Fifo<int> fifo(5);
  std::vector<int> seen;
  const auto take = [&seen](int& value) { seen.push_back(value); };
  EXPECT_EQ(fifo.consume(take), 0U);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(fifo.try_push(i));
  EXPECT_EQ(fifo.consume(take, 2), 2U);
  EXPECT_EQ(fifo.size(), 3U);
  EXPECT_EQ(fifo.consume(take), 3U);
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Fifo, RefusesACapacityThatItCannotHave) {
  EXPECT_THROW(Fifo<int>(0), std::invalid_argument);
  EXPECT_THROW(Fifo<int>(SIZE_MAX), std::invalid_argument);
}

struct Pair {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
};

TEST(FifoStress, EveryValueOnceInOrder) {
  constexpr std::uint64_t count = 300'000;
  Fifo<Pair> fifo(7);
  std::thread producer([&fifo] {
    for (std::uint64_t n = 0; n < count; ++n) {
      while (!fifo.try_push({.a = n, .b = ~n})) std::this_thread::yield();
    }
  });
  std::uint64_t wrong = 0;
  for (std::uint64_t n = 0; n < count; ++n) {
    Pair value;
    while (!fifo.try_pop(value)) std::this_thread::yield();
    if (value.a != n || value.b != ~n) ++wrong;
  }
  producer.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(fifo.drops(), 0U);
}

// Nothing is lost without being counted; a third thread watches meanwhile.
TEST(FifoStress, WhatIsMissingIsWhatWasDropped) {
  constexpr std::uint64_t count = 300'000;
  Fifo<std::uint64_t> fifo(5);
  std::atomic<bool> done{false};
  std::thread producer([&] {
    for (std::uint64_t n = 1; n <= count; ++n) {
      fifo.push_or_drop(n);
      if (n % 16 == 0) std::this_thread::yield();
    }
    done.store(true, std::memory_order_release);
  });
  std::uint64_t too_full = 0;
  std::thread watcher([&] {
    while (!done.load(std::memory_order_acquire)) {
      if (fifo.size() > fifo.capacity() || fifo.drops() > count) ++too_full;
      std::this_thread::yield();
    }
  });
  std::uint64_t received = 0;
  std::uint64_t last = 0;
  std::uint64_t backwards = 0;
  const auto take = [&](std::uint64_t& value) {
    if (value <= last) ++backwards;
    last = value;
    ++received;
  };
  while (!done.load(std::memory_order_acquire)) {
    if (fifo.consume(take) == 0) std::this_thread::yield();
  }
  while (fifo.consume(take) > 0) {
  }
  producer.join();
  watcher.join();
  EXPECT_EQ(received + fifo.drops(), count);
  EXPECT_EQ(backwards, 0U);
  EXPECT_EQ(too_full, 0U);
}

}  // namespace
}  // namespace tactus
