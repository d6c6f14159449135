#include "kernel/timeout_queue.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <set>
#include <tuple>
#include <vector>

namespace tactus::kernel {
namespace {

void nothing(Timeout&) {}

TEST(TimeoutQueue, RemovingWhatIsNotInIsHarmless) {
  TimeoutQueue queue;
  Timeout timeout{nothing};
  queue.remove(timeout);
  EXPECT_TRUE(queue.empty());
  queue.insert(timeout);
  queue.remove(timeout);
  queue.remove(timeout);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.size(), 0U);
}

TEST(TimeoutQueue, OrdersByTimeThenPriorityThenArrival) {
  TimeoutQueue queue;
  std::deque<Timeout> timeouts;
  auto add = [&](Time when, Priority priority) -> Timeout* {
    Timeout& timeout = timeouts.emplace_back(nothing);
    timeout.when = when;
    timeout.priority = priority;
    queue.insert(timeout);
    return &timeout;
  };
  Timeout* const fourth = add(10, 3);
  Timeout* const fifth = add(10, 3);
  Timeout* const third = add(10, 200);
  Timeout* const first = add(9, 0);
  Timeout* const second = add(9, 0);
  for (Timeout* expected : {first, second, third, fourth, fifth}) {
    ASSERT_EQ(queue.first(), expected);
    queue.remove(*expected);
  }
  EXPECT_TRUE(queue.empty());
}

// An ordered set is the same thing, with memory of its own.
TEST(TimeoutQueue, AgreesWithAReferenceModel) {
  std::mt19937 random{11};
  TimeoutQueue queue;
  std::deque<Timeout> timeouts;
  std::vector<Timeout*> out;
  out.reserve(300);
  for (int i = 0; i < 300; ++i) out.push_back(&timeouts.emplace_back(nothing));
  using Key = std::tuple<Time, int, std::uint64_t, Timeout*>;
  std::set<Key> model;
  std::uint64_t arrivals = 0;
  for (int step = 0; step < 200'000; ++step) {
    const auto choice = random() % 4;
    if (choice < 2 && !out.empty()) {
      std::swap(out[random() % out.size()], out.back());
      Timeout* const timeout = out.back();
      out.pop_back();
      timeout->when = static_cast<Time>(random() % 50);
      timeout->priority = static_cast<Priority>(random() % 3);
      queue.insert(*timeout);
      model.emplace(timeout->when, -static_cast<int>(timeout->priority), arrivals++, timeout);
    } else if (!model.empty()) {
      const auto place = choice == 2
                             ? model.begin()
                             : std::next(model.begin(), static_cast<std::ptrdiff_t>(random() % model.size()));
      Timeout* const timeout = std::get<Timeout*>(*place);
      queue.remove(*timeout);
      out.push_back(timeout);
      model.erase(place);
    }
    ASSERT_EQ(queue.first(), model.empty() ? nullptr : std::get<Timeout*>(*model.begin()));
    ASSERT_EQ(queue.size(), model.size());
  }
}

}  // namespace
}  // namespace tactus::kernel
