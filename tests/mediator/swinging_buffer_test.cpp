#include "mediator/swinging_buffer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <thread>

namespace tactus {
namespace {

// Counts how many of its kind are alive, and knows when it is used after its end.
struct Program {
  static inline std::atomic<int> alive{0};
  std::array<std::uint64_t, 16> table{};
  explicit Program(std::uint64_t n) {
    table.fill(n);
    ++alive;
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    table.fill(0);
    --alive;
  }
};

TEST(SwingingBuffer, IsEmptyAtFirst) {
  SwingingBuffer<Program> buffer;
  EXPECT_FALSE(buffer.pending());
  EXPECT_EQ(buffer.take(), nullptr);
  EXPECT_EQ(buffer.withdraw(), nullptr);
  EXPECT_EQ(buffer.reclaim(), nullptr);
  EXPECT_EQ(buffer.on_loan(), 0U);
}

TEST(SwingingBuffer, GoesOutAndComesBack) {
  SwingingBuffer<Program> buffer;
  auto program = std::make_unique<Program>(1);
  Program* const address = program.get();
  EXPECT_TRUE(buffer.offer(program));
  EXPECT_EQ(program, nullptr);
  EXPECT_TRUE(buffer.pending());
  EXPECT_EQ(buffer.take(), address);
  EXPECT_FALSE(buffer.pending());
  EXPECT_EQ(buffer.take(), nullptr);
  EXPECT_EQ(buffer.reclaim(), nullptr);
  EXPECT_EQ(buffer.on_loan(), 1U);
  buffer.hand_back(address);
  buffer.hand_back(nullptr);
  const auto back = buffer.reclaim();
  EXPECT_EQ(back.get(), address);
  EXPECT_EQ(buffer.on_loan(), 0U);
}

TEST(SwingingBuffer, OneIsPendingAtMost) {
  SwingingBuffer<Program> buffer;
  auto first = std::make_unique<Program>(1);
  auto second = std::make_unique<Program>(2);
  ASSERT_TRUE(buffer.offer(first));
  EXPECT_FALSE(buffer.offer(second));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->table[0], 2U);
  const auto withdrawn = buffer.withdraw();
  EXPECT_EQ(withdrawn->table[0], 1U);
  EXPECT_EQ(buffer.take(), nullptr);
  EXPECT_TRUE(buffer.offer(second));
}

TEST(SwingingBuffer, RefusesPastItsLimitUntilSomethingIsReclaimed) {
  SwingingBuffer<Program> buffer(3);
  std::array<Program*, 3> taken{};
  for (std::uint64_t n = 0; n < 3; ++n) {
    auto program = std::make_unique<Program>(n);
    ASSERT_TRUE(buffer.offer(program));
    taken[n] = buffer.take();
  }
  auto fourth = std::make_unique<Program>(4);
  EXPECT_FALSE(buffer.offer(fourth));
  for (auto* program : taken) buffer.hand_back(program);
  EXPECT_FALSE(buffer.offer(fourth));
  EXPECT_EQ(buffer.reclaim().get(), taken[0]);
  EXPECT_TRUE(buffer.offer(fourth));
  EXPECT_EQ(buffer.reclaim().get(), taken[1]);
  EXPECT_EQ(buffer.reclaim().get(), taken[2]);
  EXPECT_EQ(buffer.reclaim(), nullptr);
  EXPECT_THROW(SwingingBuffer<Program>(0), std::invalid_argument);
}

TEST(SwingingBuffer, DeletesWhatIsInside) {
  ASSERT_EQ(Program::alive, 0);
  {
    SwingingBuffer<Program> buffer;
    auto program = std::make_unique<Program>(1);
    ASSERT_TRUE(buffer.offer(program));
    buffer.hand_back(buffer.take());
    program = std::make_unique<Program>(2);
    ASSERT_TRUE(buffer.offer(program));
    EXPECT_EQ(Program::alive, 2);
  }
  EXPECT_EQ(Program::alive, 0);
}

// Offers, withdrawals and exchanges as they come; each object is whole while it runs and is deleted once.
TEST(SwingingBufferStress, EveryObjectComesBackOnce) {
  constexpr std::uint64_t count = 50'000;
  ASSERT_EQ(Program::alive, 0);
  SwingingBuffer<Program> buffer(3);
  std::atomic<bool> stop{false};
  std::uint64_t wrong = 0;
  std::thread real_time([&] {
    Program* running = nullptr;
    while (!stop.load(std::memory_order_relaxed)) {
      Program* const next = buffer.take();
      if (next == nullptr) {
        std::this_thread::yield();
        continue;
      }
      buffer.hand_back(running);
      running = next;
      for (const auto word : running->table) {
        if (word == 0 || word != running->table[0]) ++wrong;
      }
    }
    buffer.hand_back(running);
  });
  std::uint64_t withdrawn = 0;
  std::uint64_t reclaimed = 0;
  for (std::uint64_t n = 1; n <= count; ++n) {
    auto program = std::make_unique<Program>(n);
    while (!buffer.offer(program)) {
      if (buffer.reclaim() != nullptr) ++reclaimed;
      std::this_thread::yield();
    }
    if (n % 3 == 0 && buffer.withdraw() != nullptr) ++withdrawn;
  }
  stop.store(true, std::memory_order_relaxed);
  real_time.join();
  if (buffer.withdraw() != nullptr) ++withdrawn;
  while (buffer.reclaim() != nullptr) ++reclaimed;
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(withdrawn + reclaimed, count);
  EXPECT_EQ(buffer.on_loan(), 0U);
  EXPECT_EQ(Program::alive, 0);
}

}  // namespace
}  // namespace tactus
