// Five philosophers, five forks between them, two forks to eat with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "kernel/condition.hpp"
#include "kernel/mutex.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

constexpr std::size_t seats = 5;

class Philosophers : public testing::Test, protected Scene {
 protected:
  std::array<Mutex, seats> forks{Mutex{kernel, "fork 0"}, Mutex{kernel, "fork 1"}, Mutex{kernel, "fork 2"},
                                 Mutex{kernel, "fork 3"}, Mutex{kernel, "fork 4"}};
};

TEST_F(Philosophers, LeftThenRightDeadlocksAndTheCircleIsNamed) {
  for (std::size_t i = 0; i < seats; ++i) {
    task(std::to_string(i), 1, [&, i] {
      const Locked left{forks[i]};
      kernel.sleep_for(1);  // until each has one
      const Locked right{forks[(i + 1) % seats]};
      std::string text = name_of(right.result());
      if (right.result() == Result::deadlock) {
        for (const Task* each : kernel.deadlock_cycle()) text += std::string(" ") + each->name();
      }
      trace(text);
    });
  }
  kernel.run();
  // The last to ask is refused, puts its own fork back, and the others eat.
  EXPECT_EQ(trace.lines, (Lines{"1 4: deadlock 4 0 1 2 3", "1 3: ok", "1 2: ok", "1 1: ok", "1 0: ok"}));
}

/// A million meals, thinking for a random time between them; nobody may have much less than a fifth.
constexpr int all_meals = 1'000'000;

TEST_F(Philosophers, WithForksTakenInOrderNobodyStarves) {
  std::array<int, seats> meals{};
  int eaten = 0;
  for (std::size_t i = 0; i < seats; ++i) {
    task(std::to_string(i), 1, [&, i] {
      std::mt19937 random{static_cast<std::uint32_t>(i)};
      Mutex& first = forks[std::min(i, (i + 1) % seats)];
      Mutex& second = forks[std::max(i, (i + 1) % seats)];
      while (eaten < all_meals) {
        kernel.sleep_for(static_cast<Duration>(random() % 4));
        const Locked one{first};
        const Locked other{second};
        ASSERT_TRUE(one && other);
        kernel.sleep_for(1 + static_cast<Duration>(random() % 3));
        ++meals[i];
        ++eaten;
      }
    });
  }
  kernel.run();
  EXPECT_THAT(meals, testing::Each(testing::Gt(all_meals / 10)));
}

TEST_F(Philosophers, WithBothForksAtOnceNobodyStarves) {
  std::array<int, seats> meals{};
  std::array<bool, seats> taken{};
  int eaten = 0;
  Mutex table{kernel, "table"};
  Condition forks_back{kernel, "forks back"};
  for (std::size_t i = 0; i < seats; ++i) {
    task(std::to_string(i), 1, [&, i] {
      std::mt19937 random{static_cast<std::uint32_t>(i)};
      const std::size_t right = (i + 1) % seats;
      while (eaten < all_meals) {
        kernel.sleep_for(static_cast<Duration>(random() % 4));
        {
          const Locked locked{table};
          while (taken[i] || taken[right]) ASSERT_EQ(forks_back.wait(table), Result::ok);
          taken[i] = taken[right] = true;
        }
        kernel.sleep_for(1 + static_cast<Duration>(random() % 3));
        ++meals[i];
        ++eaten;
        const Locked locked{table};
        taken[i] = taken[right] = false;
        forks_back.broadcast();
      }
    });
  }
  kernel.run();
  EXPECT_THAT(meals, testing::Each(testing::Gt(all_meals / 10)));
}

}  // namespace
}  // namespace tactus::kernel
