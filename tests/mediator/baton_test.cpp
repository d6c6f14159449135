#include "mediator/baton.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace tactus {
namespace {

TEST(Baton, IsHeldByOneSideAtATime) {
  Baton baton;
  EXPECT_TRUE(baton.held_by(Baton::Side::first));
  EXPECT_FALSE(baton.held_by(Baton::Side::second));
  baton.pass_to(Baton::Side::second);
  EXPECT_FALSE(baton.held_by(Baton::Side::first));
  EXPECT_TRUE(baton.held_by(Baton::Side::second));
}

// Plain memory under two threads: ThreadSanitizer would object to any order that is too weak.
TEST(Baton, OrdersPlainMemory) {
  constexpr int rounds = 20'000;
  Baton baton;
  int sum = 0;
  const auto play = [&](Baton::Side self, Baton::Side other) {
    for (int i = 0; i < rounds; ++i) {
      while (!baton.held_by(self)) std::this_thread::yield();
      ++sum;
      baton.pass_to(other);
    }
  };
  std::thread second(play, Baton::Side::second, Baton::Side::first);
  play(Baton::Side::first, Baton::Side::second);
  second.join();
  EXPECT_EQ(sum, 2 * rounds);
}

}  // namespace
}  // namespace tactus
