// A fast producer, a slow one, a consumer and a buffer for three: the same items in the same order, however
// they are kept apart.
#include <gtest/gtest.h>

#include <deque>

#include "kernel/channel.hpp"
#include "kernel/condition.hpp"
#include "kernel/mutex.hpp"
#include "kernel/queue.hpp"
#include "kernel/semaphore.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Scene;

constexpr std::size_t room = 3;
constexpr int items_each = 200;

class ProducerConsumer : public Scene {
 public:
  /// What comes out of the buffer, given how to put an item in and how to take one out.
  std::vector<int> run(const std::function<void(int)>& put, const std::function<int()>& take) {
    std::vector<int> output;
    for (int producer = 0; producer < 2; ++producer) {
      task("producer", static_cast<Priority>(2 + producer), [this, &put, producer] {
        for (int i = 0; i < items_each; ++i) {
          kernel.sleep_for((i * 7 + producer * 3) % 11);
          put(producer * 1000 + i);
        }
      });
    }
    task("consumer", 1, [this, &take, &output] {
      for (int i = 0; i < 2 * items_each; ++i) {
        output.push_back(take());
        kernel.consume(i % 9);
      }
    });
    kernel.run();
    return output;
  }

  std::deque<int> buffer;
};

std::vector<int> with_semaphores() {
  ProducerConsumer scene;
  Semaphore free{scene.kernel, "free", room}, used{scene.kernel, "used", 0}, one{scene.kernel, "one", 1};
  return scene.run(
      [&](int item) {
        free.acquire();
        one.acquire();
        scene.buffer.push_back(item);
        one.release();
        used.release();
      },
      [&] {
        used.acquire();
        one.acquire();
        const int item = scene.buffer.front();
        scene.buffer.pop_front();
        one.release();
        free.release();
        return item;
      });
}

/// A monitor, which signals in one way or the other.
std::vector<int> with_monitor(const std::function<void(Condition&, Mutex&)>& signal) {
  ProducerConsumer scene;
  Mutex mutex{scene.kernel, "buffer"};
  Condition not_full{scene.kernel, "not full"}, not_empty{scene.kernel, "not empty"};
  return scene.run(
      [&](int item) {
        const Locked locked{mutex};
        while (scene.buffer.size() == room) not_full.wait(mutex);
        scene.buffer.push_back(item);
        signal(not_empty, mutex);
      },
      [&] {
        const Locked locked{mutex};
        while (scene.buffer.empty()) not_empty.wait(mutex);
        const int item = scene.buffer.front();
        scene.buffer.pop_front();
        signal(not_full, mutex);
        return item;
      });
}

std::vector<int> with_messages() {
  ProducerConsumer scene;
  Queue<int, room> queue{scene.kernel, "buffer"};
  return scene.run([&](int item) { queue.send(item); },
                   [&] {
                     int item = 0;
                     queue.receive(item);
                     return item;
                   });
}

TEST(ProducerConsumer, TheSameOutputInEveryWay) {
  const std::vector<int> output = with_semaphores();
  ASSERT_EQ(output.size(), 2U * items_each);
  std::array<int, 2> next{};  // of each producer, in its order
  for (const int item : output) EXPECT_EQ(item % 1000, next[static_cast<std::size_t>(item / 1000)]++);
  EXPECT_EQ(with_messages(), output);
  EXPECT_EQ(with_monitor([](Condition& condition, Mutex&) { condition.signal(); }), output);
  EXPECT_EQ(with_monitor([](Condition& condition, Mutex& mutex) { condition.signal_and_wait(mutex); }),
            output);
}

}  // namespace
}  // namespace tactus::kernel
