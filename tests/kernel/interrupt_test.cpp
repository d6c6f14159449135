// Interrupts, their deferred work, timers, and the tasks that wait for them.
#include "kernel/interrupt.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "kernel/port/linux/linux_port.hpp"
#include "kernel/semaphore.hpp"
#include "kernel/tasklet.hpp"
#include "kernel/timer.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

class InterruptTest : public testing::Test, protected Scene {
 protected:
  /// A line of a handler's: no task runs it.
  void note(const std::string& text) { trace.lines.push_back(std::to_string(kernel.now()) + " " + text); }
};

TEST_F(InterruptTest, HandlersThenTimeoutsThenTaskletsThenTasks) {
  auto deferred_low = [&] { note("tasklet 1"); };
  auto deferred_high = [&] { note("tasklet 2"); };
  Tasklet low{kernel, 1, Entry{deferred_low}};
  Tasklet high{kernel, 2, Entry{deferred_high}};
  auto on_three = [&] {
    note("handler 3");
    low.schedule();
    low.schedule();  // once is enough
  };
  auto on_zero = [&] {
    note("handler 0");
    high.schedule();
  };
  Interrupt three{kernel, 3, "three", Entry{on_three}};
  Interrupt zero{kernel, 0, "zero", Entry{on_zero}};
  auto expired = [&] { note("timer"); };
  Timer timer{kernel, 3, Entry{expired}};
  timer.start(10);
  task("notifier", 200, [&] {
    EXPECT_EQ(three.await(), Result::ok);
    trace("woken");
  });
  task("busy", 1, [&] {
    kernel.consume(10);
    three.raise();
    zero.raise();
    kernel.consume(5);
    trace("done");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 timer", "10 handler 0", "10 handler 3", "10 tasklet 2", "10 tasklet 1",
                                "10 notifier: woken", "15 busy: done"}));
}

TEST_F(InterruptTest, OneThatCameBeforeTheWaitIsRememberedOnce) {
  Interrupt line{kernel, 63, "line"};
  task("late", 1, [&] {
    line.raise();
    line.raise();
    kernel.sleep_for(1);
    EXPECT_EQ(line.await(), Result::ok);
    EXPECT_EQ(line.await(within(5)), Result::timed_out);
    EXPECT_EQ(line.await(at_once), Result::timed_out);
  });
  kernel.run();
  EXPECT_EQ(kernel.now(), 6);
}

TEST_F(InterruptTest, ATimerExpiresAgainAndAgainUntilItIsStopped) {
  auto expired = [&] { note("expires"); };
  Timer timer{kernel, 1, Entry{expired}};
  task("a", 1, [&] {
    timer.start(kernel.now() + 3, 5);
    kernel.sleep_until(14);
    EXPECT_TRUE(timer.stop());
    EXPECT_FALSE(timer.stop());
    kernel.sleep_until(30);
    timer.start(0);
    trace("started in the past");
    EXPECT_FALSE(timer.stop()) << "it has expired";
    timer.start(40);
    timer.start(50);
    kernel.sleep_until(60);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"3 expires", "8 expires", "13 expires", "30 expires",
                                "30 a: started in the past", "50 expires"}));
}

TEST_F(InterruptTest, TimersOfOneInstantGoByPriorityThenArrival) {
  std::vector<std::unique_ptr<Timer>> timers;
  std::vector<std::function<void()>> bodies;
  bodies.reserve(4);
  for (const Priority priority : {Priority{1}, Priority{3}, Priority{2}, Priority{3}}) {
    bodies.emplace_back([this, priority, n = bodies.size()] {
      note(std::to_string(n) + " of priority " + std::to_string(priority));
    });
    timers.push_back(std::make_unique<Timer>(kernel, priority, Entry{bodies.back()}));
    timers.back()->start(7);
  }
  task("sleeper", 1, [&] { kernel.sleep_until(8); });
  kernel.run();
  EXPECT_EQ(trace.lines,
            (Lines{"7 1 of priority 3", "7 3 of priority 3", "7 2 of priority 2", "7 0 of priority 1"}));
}

TEST_F(InterruptTest, ATaskInterruptsItselfWithATasklet) {
  Semaphore semaphore{kernel, "s", 0};
  auto body = [&] {
    note("tasklet");
    semaphore.release();
  };
  Tasklet tasklet{kernel, 1, Entry{body}};
  task("urgent", 5, [&] {
    semaphore.acquire();
    trace("woken");
  });
  task("a", 1, [&] {
    tasklet.schedule();
    trace("goes on");
    EXPECT_FALSE(tasklet.cancel());
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 tasklet", "0 urgent: woken", "0 a: goes on"}));
}

TEST_F(InterruptTest, AHandlerSuspendsTheTaskItInterrupts) {
  Task* victim = nullptr;
  auto body = [&] { EXPECT_TRUE(kernel.suspend(*victim)); };
  Timer timer{kernel, 1, Entry{body}};
  timer.start(4);
  victim = &task("victim", 5, [&] {
    kernel.consume(10);
    trace("done");
  });
  task("low", 1, [&] {
    trace("runs");
    kernel.sleep_until(50);
    kernel.resume(*victim);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"4 low: runs", "56 victim: done"}));
}

TEST_F(InterruptTest, ATaskSuspendedBeforeTheRunWaitsForItsResume) {
  Task& early = task("early", 5, [&] { trace("runs"); });
  EXPECT_TRUE(kernel.suspend(early));
  task("boss", 1, [&] {
    kernel.sleep_until(3);
    EXPECT_TRUE(kernel.resume(early));
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"3 early: runs"}));
}

TEST_F(InterruptTest, AHandlerStopsTheKernelAtItsInstant) {
  auto body = [&] { kernel.stop(); };
  Timer timer{kernel, 1, Entry{body}};
  timer.start(4);
  task("a", 5, [&] { trace(name_of(kernel.sleep_until(100))); });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"4 a: stopped"}));
}

class InterruptDeathTest : public InterruptTest {
 protected:
  InterruptDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(InterruptDeathTest, TwoOnOneSource) {
  Interrupt first{kernel, 7, "first"};
  EXPECT_DEATH((Interrupt{kernel, 7, "second"}), "misuse 21 at Interrupt of 'second'");
  EXPECT_DEATH((Interrupt{kernel, 64, "third"}), "misuse 22 at Interrupt of 'third'");
}

TEST_F(InterruptDeathTest, ATaskletThatSchedulesItselfForEver) {
  Tasklet* self = nullptr;
  auto body = [&] { self->schedule(); };
  Tasklet tasklet{kernel, 1, Entry{body}};
  self = &tasklet;
  task("culprit", 1, [&] { tasklet.schedule(); });
  EXPECT_DEATH(kernel.run(), "misuse 10 at Kernel");
}

TEST(InterruptLinux, AnotherThreadRaisesOneInASleepingKernel) {
  LinuxPort port{{.priority = 0, .lock_memory = false, .dma_latency = false}};
  Kernel kernel{port};
  constexpr int rounds = 5'000;
  std::atomic<int> handled{0};
  auto handler = [&] {
    // release: the other thread may raise the next.
    handled.fetch_add(1, std::memory_order_release);
  };
  Interrupt line{kernel, 5, "line", Entry{handler}};
  int woken = 0;
  auto body = [&] {
    while (woken < rounds && line.await() == Result::ok) ++woken;
  };
  const Stack stack;
  Task task{kernel, "notifier", 1, Entry{body}, stack};
  task.start();
  std::thread device([&] {
    for (int i = 0; i < rounds; ++i) {
      line.raise();
      while (handled.load(std::memory_order_acquire) <= i) std::this_thread::yield();
    }
  });
  kernel.run();
  device.join();
  EXPECT_EQ(woken, rounds);
}

TEST(InterruptLinux, ATimerIsNeverEarly) {
  LinuxPort port{{.priority = 0, .lock_memory = false, .dma_latency = false}};
  Kernel kernel{port};
  Semaphore semaphore{kernel, "s", 0};
  auto body = [&] { semaphore.release(); };
  Timer timer{kernel, 1, Entry{body}};
  auto waits = [&] {
    const Time start = kernel.now() + millisecond;
    timer.start(start, millisecond);
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(semaphore.acquire(), Result::ok);
      EXPECT_GE(kernel.now(), start + i * millisecond);
    }
    timer.stop();
  };
  const Stack stack;
  Task task{kernel, "waits", 1, Entry{waits}, stack};
  task.start();
  kernel.run();
}

}  // namespace
}  // namespace tactus::kernel
