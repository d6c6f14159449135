#include "kernel/semaphore.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "kernel/critical_section.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/timer.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

class SemaphoreTest : public testing::Test, protected Scene {
 protected:
  /// Four tasks that come one after the other to wait, and are woken one by one.
  Lines order_of_waking(Order order) {
    Semaphore semaphore{kernel, "s", 0, {.order = order}};
    Time begin = 1;
    for (const Priority priority : {Priority{2}, Priority{4}, Priority{4}, Priority{3}}) {
      const std::string name = "p" + std::to_string(priority) + "@" + std::to_string(begin);
      task(name, priority, [&, begin] {
        kernel.sleep_until(begin);
        EXPECT_EQ(semaphore.acquire(), Result::ok);
        trace("woken");
      });
      ++begin;
    }
    task("waker", 1, [&] {
      for (Time time = 10; time < 14; ++time) {
        kernel.sleep_until(time);
        semaphore.release();
      }
    });
    kernel.run();
    return trace.lines;
  }
};

TEST_F(SemaphoreTest, WakesByPriorityThenArrival) {
  EXPECT_EQ(order_of_waking(Order::priority),
            (Lines{"10 p4@2: woken", "11 p4@3: woken", "12 p3@4: woken", "13 p2@1: woken"}));
}

TEST_F(SemaphoreTest, OrByArrivalAlone) {
  EXPECT_EQ(order_of_waking(Order::fifo),
            (Lines{"10 p2@1: woken", "11 p4@2: woken", "12 p4@3: woken", "13 p3@4: woken"}));
}

TEST_F(SemaphoreTest, CountsUpToItsMaximum) {
  Semaphore semaphore{kernel, "s", 1, {.maximum = 2}};
  EXPECT_EQ(semaphore.release(), Result::ok) << "before the run as well";
  EXPECT_EQ(semaphore.release(), Result::full);
  task("a", 1, [&] {
    EXPECT_EQ(semaphore.acquire(), Result::ok);
    EXPECT_EQ(semaphore.acquire(at_once), Result::ok);
    EXPECT_EQ(semaphore.acquire(at_once), Result::timed_out);
    EXPECT_EQ(semaphore.acquire(within(7)), Result::timed_out);
    EXPECT_EQ(kernel.now(), 7);
    EXPECT_EQ(semaphore.value(), 0U);
  });
  kernel.run();
}

TEST_F(SemaphoreTest, APermitGoesToTheOneThatWaitsNotToTheOneThatRuns) {
  Semaphore semaphore{kernel, "s", 0};
  task("waiter", 1, [&] {
    EXPECT_EQ(semaphore.acquire(), Result::ok);
    trace("has it");
  });
  task("greedy", 5, [&] {
    kernel.sleep_until(1);
    semaphore.release();
    EXPECT_EQ(semaphore.acquire(at_once), Result::timed_out);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"1 waiter: has it"}));
}

TEST_F(SemaphoreTest, TheLimitAndTheReleaseAtOneInstant) {
  // The time-out was due when the releaser came to run: it was first.
  Semaphore semaphore{kernel, "s", 0};
  task("waiter", 1, [&] { trace(name_of(semaphore.acquire(until(10)))); });
  task("releaser", 9, [&] {
    kernel.sleep_until(10);
    semaphore.release();
    trace("left " + std::to_string(semaphore.value()));
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 releaser: left 1", "10 waiter: timed_out"}));
}

TEST_F(SemaphoreTest, DeletionAndStopEndTheWaitEachWithItsResult) {
  auto semaphore = std::make_unique<Semaphore>(kernel, "s", 0U);
  Semaphore other{kernel, "other", 0};
  task("a", 5, [&] { trace(name_of(semaphore->acquire())); });
  task("b", 6, [&] { trace(name_of(semaphore->acquire(until(100)))); });
  task("c", 7, [&] { trace(name_of(other.acquire())); });
  task("d", 1, [&] {
    kernel.sleep_until(10);
    semaphore.reset();
    trace("goes on");
    kernel.stop();
    EXPECT_EQ(other.acquire(), Result::stopped);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 b: deleted", "10 a: deleted", "10 d: goes on", "10 c: stopped"}));
}

TEST_F(SemaphoreTest, HandlersReleaseAndTry) {
  Semaphore semaphore{kernel, "s", 0};
  auto body = [&] {
    semaphore.release();
    semaphore.release();
    EXPECT_EQ(semaphore.acquire(at_once), Result::ok) << "the second, for the first is the task's";
  };
  Timer timer{kernel, 1, Entry{body}};
  timer.start(10);
  task("waiter", 1, [&] {
    EXPECT_EQ(semaphore.acquire(), Result::ok);
    trace("woken");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 waiter: woken"}));
}

TEST_F(SemaphoreTest, WhatACriticalSectionWakesRunsAtItsEnd) {
  Semaphore semaphore{kernel, "s", 0};
  task("waiter", 5, [&] {
    EXPECT_EQ(semaphore.acquire(), Result::ok);
    trace("woken");
  });
  task("releaser", 1, [&] {
    {
      const CriticalSection outer{kernel};
      {
        const CriticalSection inner{kernel};
        semaphore.release();
      }
      trace("still in it");
    }
    trace("after it");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 releaser: still in it", "0 waiter: woken", "0 releaser: after it"}));
}

using SemaphoreDeathTest = SemaphoreTest;

TEST_F(SemaphoreDeathTest, WaitingInAHandlerOrACriticalSection) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Semaphore semaphore{kernel, "s", 0};
  auto body = [&] { semaphore.acquire(); };
  Timer timer{kernel, 1, Entry{body}};
  timer.start(10);
  task("sleeper", 1, [&] { kernel.sleep_until(20); });
  EXPECT_DEATH(kernel.run(), "misuse 15 at Semaphore::acquire of 's': ");
  timer.stop();
  task("culprit", 1, [&] {
    const CriticalSection section{kernel};
    semaphore.acquire();
  });
  EXPECT_DEATH(kernel.run(), "misuse 2 at Semaphore::acquire of 's' in task 'culprit'");
}

TEST_F(SemaphoreDeathTest, PollingForEverInVirtualTime) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Semaphore semaphore{kernel, "s", 0};
  task("culprit", 1, [&] {
    while (semaphore.acquire(at_once) != Result::ok) {
    }
  });
  EXPECT_DEATH(kernel.run(), "misuse 10 at Kernel in task 'culprit'");
}

TEST_F(SemaphoreDeathTest, MoreThanTheMaximumFromTheStart) {
  EXPECT_DEATH((Semaphore{kernel, "s", 2, {.maximum = 1}}), "misuse 22 at Semaphore of 's'");
}

TEST(SemaphoreLinux, PingPongAndALimitInRealTime) {
  LinuxPort port{{.priority = 0, .lock_memory = false, .dma_latency = false}};
  Kernel kernel{port};
  Semaphore ping{kernel, "ping", 0}, pong{kernel, "pong", 0};
  int rounds = 0;
  auto first = [&] {
    for (int i = 0; i < 10'000; ++i) {
      ping.release();
      ASSERT_EQ(pong.acquire(), Result::ok);
    }
    const Time begin = kernel.now();
    EXPECT_EQ(pong.acquire(within(2 * millisecond)), Result::timed_out);
    EXPECT_GE(kernel.now() - begin, 2 * millisecond);
    kernel.stop();
  };
  auto second = [&] {
    while (ping.acquire() == Result::ok) {
      ++rounds;
      pong.release();
    }
  };
  const Stack stack_a, stack_b;
  Task a{kernel, "a", 1, Entry{first}, stack_a};
  Task b{kernel, "b", 2, Entry{second}, stack_b};
  a.start();
  b.start();
  kernel.run();
  EXPECT_EQ(rounds, 10'000);
}

}  // namespace
}  // namespace tactus::kernel
