#include "mediator/latest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "mediator/frame.hpp"

namespace tactus {
namespace {

TEST(Latest, GivesTheInitialValueBeforeTheFirstWrite) {
  Latest<int> latest(2, 42);
  EXPECT_FALSE(latest.reader(0).has_new());
  EXPECT_EQ(latest.reader(0).read(), 42);
  EXPECT_EQ(latest.reader(1).read(), 42);
}

TEST(Latest, GivesTheNewestToEachConsumerOnItsOwn) {
  Latest<int> latest(2);
  auto a = latest.reader(0);
  auto b = latest.reader(1);
  latest.write(1);
  EXPECT_TRUE(a.has_new());
  EXPECT_EQ(a.read(), 1);
  EXPECT_FALSE(a.has_new());
  latest.write(2);
  latest.write(3);
  EXPECT_EQ(a.read(), 3);
  EXPECT_EQ(a.read(), 3);
  EXPECT_TRUE(b.has_new());
  EXPECT_EQ(b.read(), 3);
}

TEST(Latest, WithoutConsumersTheProducerWritesOn) {
  Latest<int> latest(0);
  for (int i = 0; i < 10; ++i) latest.write(i);
  EXPECT_EQ(latest.consumers(), 0U);
}

TEST(Latest, RefusesMoreConsumersThanItCanServe) {
  EXPECT_NO_THROW(Latest<int>(62));
  EXPECT_THROW(Latest<int>(63), std::invalid_argument);
}

// Consumers of all speeds at once, against the simplest model: what was written last, and what each one
// holds.
TEST(Latest, NeverChangesWhatAConsumerHolds) {
  for (const std::size_t consumers : {1U, 2U, 3U, 7U, 62U}) {
    std::mt19937 random(static_cast<unsigned>(consumers));
    Latest<int> latest(consumers, 0);
    std::vector<const int*> held;
    held.reserve(consumers);
    std::vector<int> expected(consumers, 0);
    for (std::size_t i = 0; i < consumers; ++i) held.push_back(&latest.reader(i).read());
    int last = 0;
    for (int step = 0; step < 20'000; ++step) {
      const std::size_t who = random() % (consumers + 1);
      if (who == consumers) {
        latest.write(++last);
      } else {
        held[who] = &latest.reader(who).read();
        expected[who] = last;
      }
      for (std::size_t i = 0; i < consumers; ++i) ASSERT_EQ(*held[i], expected[i]);
    }
  }
}

TEST(Latest, InPlaceWritingShowsNothingBeforePublish) {
  Latest<std::array<int, 3>> latest(1);
  auto reader = latest.reader(0);
  latest.slot() = {1, 2, 3};
  EXPECT_FALSE(reader.has_new());
  EXPECT_EQ(reader.read()[1], 0);
  latest.publish();
  EXPECT_EQ(reader.read()[1], 2);
}

TEST(LatestBlock, CarriesFrames) {
  const FrameLayout layout(5);
  LatestBlock latest(1, layout.bytes());
  auto reader = latest.reader(0);
  for (std::uint64_t beat = 1; beat < 10; ++beat) {
    const FrameView out = layout.view(latest.slot().data());
    out.header->beat = beat;
    out.values[4] = static_cast<double>(beat) / 2;
    out.statuses[4] = Status::stale;
    latest.publish();
    const ConstFrameView in = layout.view(reader.read().data());
    EXPECT_EQ(in.header->beat, beat);
    EXPECT_EQ(in.values[4], static_cast<double>(beat) / 2);
    EXPECT_EQ(in.statuses[4], Status::stale);
  }
}

TEST(LatestBlock, WriteCopiesAndNeverPastTheEnd) {
  LatestBlock latest(1, 3);
  const std::array<std::byte, 5> five{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}};
  latest.write(five);
  const auto block = latest.reader(0).read();
  ASSERT_EQ(block.size(), 3U);
  EXPECT_EQ(block[0], std::byte{1});
  EXPECT_EQ(block[2], std::byte{3});
}

// A value that shows if it is torn: all its words are the same.
struct Wide {
  std::array<std::uint64_t, 40> words{};
  explicit Wide(std::uint64_t word = 0) { words.fill(word); }
  [[nodiscard]] bool whole() const {
    for (const auto word : words) {
      if (word != words[0]) return false;
    }
    return true;
  }
};

void hammer(std::size_t consumers) {
  constexpr std::uint64_t last = 100'000;
  Latest<Wide> latest(consumers);
  std::atomic<std::uint64_t> torn{0};
  std::atomic<std::uint64_t> backwards{0};
  std::vector<std::thread> threads;
  threads.reserve(consumers);
  for (std::size_t i = 0; i < consumers; ++i) {
    threads.emplace_back([&, reader = latest.reader(i)]() mutable {
      std::uint64_t seen = 0;
      while (seen != last) {
        const Wide& value = reader.read();
        if (!value.whole()) ++torn;
        if (value.words[0] < seen) ++backwards;
        if (value.words[0] == seen) std::this_thread::yield();
        seen = value.words[0];
      }
    });
  }
  for (std::uint64_t n = 1; n <= last; ++n) latest.write(Wide(n));
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(torn, 0U);
  EXPECT_EQ(backwards, 0U);
}

TEST(LatestStress, OneConsumer) { hammer(1); }
TEST(LatestStress, ThreeConsumers) { hammer(3); }

}  // namespace
}  // namespace tactus
