#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "kernel/doorbell.hpp"
#include "kernel/kernel.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
#include "kernel/stack.hpp"
#include "kernel/task.hpp"

namespace tactus::kernel {
namespace {

constexpr LinuxOptions unprivileged{.priority = 0, .lock_memory = false, .dma_latency = false};

TEST(Doorbell, LessUrgentTaskAnswersWhenTheRingerWaits) {
  VirtualPort port;
  Kernel kernel(port);
  Doorbell bell(kernel);
  std::vector<std::string> trace;
  auto fast = [&] {
    for (int i = 0; i < 3; ++i) {
      trace.push_back("ring");
      bell.ring();
      bell.ring();  // two before an answer are one
      trace.push_back("go on");
      kernel.sleep_for(millisecond);
    }
    kernel.stop();
  };
  auto slow = [&] {
    while (bell.wait() == Result::ok) trace.push_back("answer");
  };
  Stack fast_stack, slow_stack;
  Task a(kernel, "fast", 2, Entry{fast}, fast_stack);
  Task b(kernel, "slow", 1, Entry{slow}, slow_stack);
  a.start();
  b.start();
  kernel.run();
  const std::vector<std::string> once{"ring", "go on", "answer"};
  std::vector<std::string> expected;
  for (int i = 0; i < 3; ++i) expected.insert(expected.end(), once.begin(), once.end());
  EXPECT_EQ(trace, expected);
}

TEST(Doorbell, ThoseRungAreAnsweredInTheOrderOfRinging) {
  VirtualPort port;
  Kernel kernel(port);
  Doorbell first(kernel), second(kernel);
  std::string trace;
  auto on_first = [&] {
    if (first.wait() == Result::ok) trace += '1';
  };
  auto on_second = [&] {
    if (second.wait() == Result::ok) trace += '2';
  };
  auto ringer = [&] {
    second.ring();
    first.ring();
  };
  Stack stacks[3];
  Task a(kernel, "first", 5, Entry{on_first}, stacks[0]);
  Task b(kernel, "second", 5, Entry{on_second}, stacks[1]);
  Task c(kernel, "ringer", 1, Entry{ringer}, stacks[2]);
  a.start();
  b.start();
  c.start();
  kernel.run();
  EXPECT_EQ(trace, "21");
}

TEST(Doorbell, RingBeforeTheWaitIsNotLost) {
  VirtualPort port;
  Kernel kernel(port);
  Doorbell bell(kernel);
  bell.ring();
  int answers = 0;
  auto body = [&] {
    kernel.sleep_for(millisecond);
    if (bell.wait() == Result::ok) ++answers;
  };
  Stack stack;
  Task task(kernel, "late", 1, Entry{body}, stack);
  task.start();
  kernel.run();
  EXPECT_EQ(answers, 1);
}

TEST(Doorbell, StopEndsTheWait) {
  VirtualPort port;
  Kernel kernel(port);
  Doorbell bell(kernel);
  Result result = Result::ok;
  auto body = [&] { result = bell.wait(); };
  auto stopper = [&] { kernel.stop(); };
  Stack stacks[2];
  Task a(kernel, "waits", 2, Entry{body}, stacks[0]);
  Task b(kernel, "stops", 1, Entry{stopper}, stacks[1]);
  a.start();
  b.start();
  kernel.run();
  EXPECT_EQ(result, Result::stopped);
}

// Two kernels on two threads play ping-pong through plain memory: no ring is lost (it would hang), and each
// sees what the other wrote before ringing (ThreadSanitizer would object).
TEST(Doorbell, CallsBetweenKernels) {
  constexpr int rounds = 20'000;
  LinuxPort port_a{unprivileged}, port_b{unprivileged};
  Kernel kernel_a(port_a), kernel_b(port_b);
  Doorbell ping(kernel_b), pong(kernel_a);
  int ball = 0;
  auto a = [&] {
    while (ball < rounds) {
      ++ball;
      ping.ring();
      ASSERT_EQ(pong.wait(), Result::ok);
    }
  };
  auto b = [&] {
    int seen = 0;
    while (seen < rounds) {
      ASSERT_EQ(ping.wait(), Result::ok);
      seen = ++ball;
      pong.ring();
    }
  };
  Stack stack_a, stack_b;
  Task task_a(kernel_a, "a", 1, Entry{a}, stack_a);
  Task task_b(kernel_b, "b", 1, Entry{b}, stack_b);
  task_a.start();
  task_b.start();
  std::thread other([&] { kernel_b.run(); });
  kernel_a.run();
  other.join();
  EXPECT_GE(ball, rounds);
}

TEST(Doorbell, ManyRingersOneAnswersAll) {
  constexpr std::size_t ringers = 4;
  constexpr int rings = 5'000;
  LinuxPort port{unprivileged};
  Kernel kernel(port);
  Doorbell bells[ringers] = {Doorbell(kernel), Doorbell(kernel), Doorbell(kernel), Doorbell(kernel)};
  std::atomic<int> sent[ringers] = {};
  int seen[ringers] = {};
  struct Waiter {
    Doorbell& bell;
    std::atomic<int>& sent;
    int& seen;
    void run() const {
      while (seen < rings && bell.wait() == Result::ok) seen = sent.load();
    }
  };
  std::vector<Waiter> waiters;
  for (std::size_t i = 0; i < ringers; ++i) waiters.push_back({bells[i], sent[i], seen[i]});
  Stack stacks[ringers];
  std::vector<std::unique_ptr<Task>> tasks;
  for (std::size_t i = 0; i < ringers; ++i) {
    tasks.push_back(
        std::make_unique<Task>(kernel, "waiter", 1, Entry::member<&Waiter::run>(waiters[i]), stacks[i]));
    tasks.back()->start();
  }
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < ringers; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < rings; ++n) {
        sent[i].fetch_add(1);
        bells[i].ring();
      }
    });
  }
  kernel.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(seen, testing::Each(rings));
}

}  // namespace
}  // namespace tactus::kernel
