// Scheduling in virtual time: what happens is known exactly, so whole traces are compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
#include "tests/kernel/trace.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Trace;

class KernelVirtual : public testing::Test {
 protected:
  VirtualPort port;
  Kernel kernel{port};
  Trace trace{kernel};
  Stack stack_a, stack_b, stack_c;
};

TEST_F(KernelVirtual, RunWithoutTasksReturns) {
  kernel.run();
  EXPECT_EQ(kernel.now(), 0);
}

TEST_F(KernelVirtual, MoreUrgentTasksRunFirstAndEqualsInOrderOfStart) {
  auto body = [&] { trace("runs"); };
  Task low{kernel, "low", 1, Entry{body}, stack_a};
  Task first{kernel, "first", 200, Entry{body}, stack_b};
  Task second{kernel, "second", 200, Entry{body}, stack_c};
  low.start();
  first.start();
  second.start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 first: runs", "0 second: runs", "0 low: runs"}));
  EXPECT_EQ(low.state(), TaskState::ended);
}

TEST_F(KernelVirtual, YieldGoesBehindEqualsOnly) {
  auto body = [&] {
    for (int i = 0; i < 3; ++i) {
      trace(std::to_string(i));
      kernel.yield();
    }
  };
  Task a{kernel, "a", 5, Entry{body}, stack_a};
  Task b{kernel, "b", 5, Entry{body}, stack_b};
  Task low{kernel, "low", 4, Entry{body}, stack_c};
  for (Task* task : {&a, &b, &low}) task->start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 a: 0", "0 b: 0", "0 a: 1", "0 b: 1", "0 a: 2", "0 b: 2", "0 low: 0",
                                "0 low: 1", "0 low: 2"}));
}

TEST_F(KernelVirtual, SleepersWakeInOrderOfTimeThenPriorityThenArrival) {
  auto sleep_to_ten = [&] {
    kernel.sleep_until(10);
    trace("awake");
  };
  auto sleep_to_nine = [&] {
    kernel.sleep_for(9);
    trace("awake");
  };
  Stack stack_d;
  Task late{kernel, "late", 3, Entry{sleep_to_ten}, stack_a};
  Task later{kernel, "later", 3, Entry{sleep_to_ten}, stack_b};
  Task urgent{kernel, "urgent", 4, Entry{sleep_to_ten}, stack_c};
  Task early{kernel, "early", 1, Entry{sleep_to_nine}, stack_d};
  for (Task* task : {&late, &later, &urgent, &early}) task->start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"9 early: awake", "10 urgent: awake", "10 late: awake", "10 later: awake"}));
}

TEST_F(KernelVirtual, ConsumeIsPreemptedAtTheExactInstantAndMadeUpFor) {
  auto urgent = [&] {
    kernel.sleep_until(7);
    trace("begins");
    kernel.consume(5);
    trace("ends");
  };
  auto low = [&] {
    trace("begins");
    EXPECT_EQ(kernel.consume(10), Result::ok);
    trace("ends");
  };
  Task a{kernel, "urgent", 9, Entry{urgent}, stack_a};
  Task b{kernel, "low", 1, Entry{low}, stack_b};
  a.start();
  b.start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 low: begins", "7 urgent: begins", "12 urgent: ends", "15 low: ends"}));
}

TEST_F(KernelVirtual, ReleaseAtTheEndOfAComputationComesFirstWhenMoreUrgentOnly) {
  auto sleeper = [&] {
    kernel.sleep_until(10);
    trace("awake");
  };
  auto low = [&] {
    kernel.consume(10);
    trace("done");
  };
  Task urgent{kernel, "urgent", 9, Entry{sleeper}, stack_a};
  Task equal{kernel, "equal", 1, Entry{sleeper}, stack_b};
  Task computing{kernel, "computing", 1, Entry{low}, stack_c};
  for (Task* task : {&urgent, &equal, &computing}) task->start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 urgent: awake", "10 computing: done", "10 equal: awake"}));
}

TEST_F(KernelVirtual, APreemptedTaskKeepsItsTurnAmongEquals) {
  auto urgent = [&] { kernel.sleep_until(3); };
  auto body = [&] {
    kernel.consume(5);
    trace("done");
  };
  Task a{kernel, "urgent", 9, Entry{urgent}, stack_a};
  Task first{kernel, "first", 1, Entry{body}, stack_b};
  Task second{kernel, "second", 1, Entry{body}, stack_c};
  for (Task* task : {&a, &first, &second}) task->start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"5 first: done", "10 second: done"}));
}

TEST_F(KernelVirtual, ThreePeriodicTasksPreemptByRate) {
  // Utilisation 2/4 + 2/8 + 3/16: what rate-monotonic scheduling makes of it was worked out by hand.
  struct Work {
    Kernel& kernel;
    Trace& trace;
    Duration period, cost;
    std::uint64_t rounds;
    void run() {
      Periodic periodic{kernel, {.start = 100, .period = {period}}};
      while (const Release release = periodic.wait()) {
        trace("release " + std::to_string(release.index) + " missed " + std::to_string(release.missed));
        kernel.consume(cost);
        trace("done");
        if (release.index + 1 >= rounds) return;
      }
    }
  };
  Work fast{kernel, trace, 4, 2, 4};
  Work medium{kernel, trace, 8, 2, 2};
  Work slow{kernel, trace, 16, 3, 1};
  Task a{kernel, "slow", 1, Entry::member<&Work::run>(slow), stack_a};
  Task b{kernel, "medium", 2, Entry::member<&Work::run>(medium), stack_b};
  Task c{kernel, "fast", 3, Entry::member<&Work::run>(fast), stack_c};
  for (Task* task : {&a, &b, &c}) task->start();
  kernel.run();
  EXPECT_EQ(trace.lines,
            (Lines{"100 fast: release 0 missed 0", "102 fast: done", "102 medium: release 0 missed 0",
                   "104 fast: release 1 missed 0", "106 fast: done", "106 medium: done",
                   "106 slow: release 0 missed 0", "108 fast: release 2 missed 0", "110 fast: done",
                   "110 medium: release 1 missed 0", "112 fast: release 3 missed 0", "114 fast: done",
                   "114 medium: done", "115 slow: done"}));
}

TEST_F(KernelVirtual, ResumePreemptsTheCallerWhenMoreUrgent) {
  auto waiter_body = [&] {
    EXPECT_EQ(kernel.suspend(), Result::ok);
    trace("resumed");
  };
  Task waiter{kernel, "waiter", 7, Entry{waiter_body}, stack_a};
  auto waker_body = [&] {
    kernel.sleep_until(5);
    EXPECT_TRUE(kernel.resume(waiter));
    trace("goes on");
    EXPECT_FALSE(kernel.resume(waiter)) << "it has ended";
  };
  Task waker{kernel, "waker", 3, Entry{waker_body}, stack_b};
  waiter.start();
  waker.start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"5 waiter: resumed", "5 waker: goes on"}));
}

TEST_F(KernelVirtual, ATaskMayMakeAndStartOthers) {
  auto child_body = [&] { trace("runs"); };
  auto parent_body = [&] {
    Task child{kernel, "child", 9, Entry{child_body}, stack_b};
    trace("starts it");
    child.start();
    trace("sees it " + std::string(child.state() == TaskState::ended ? "ended" : "alive"));
  };
  Task parent{kernel, "parent", 1, Entry{parent_body}, stack_a};
  parent.start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 parent: starts it", "0 child: runs", "0 parent: sees it ended"}));
}

TEST_F(KernelVirtual, StopEndsEveryWaitWithItsOwnResult) {
  auto sleeper = [&] {
    EXPECT_EQ(kernel.sleep_until(forever), Result::stopped);
    EXPECT_EQ(kernel.sleep_for(1), Result::stopped) << "later waits are refused as well";
    trace("stopped");
  };
  auto suspended = [&] {
    EXPECT_EQ(kernel.suspend(), Result::stopped);
    trace("stopped");
  };
  auto stopper = [&] {
    kernel.sleep_until(100);
    kernel.stop();
    EXPECT_EQ(kernel.consume(50), Result::stopped);
    trace("stopped");
  };
  Task a{kernel, "sleeper", 5, Entry{sleeper}, stack_a};
  Task b{kernel, "suspended", 6, Entry{suspended}, stack_b};
  Task c{kernel, "stopper", 1, Entry{stopper}, stack_c};
  for (Task* task : {&a, &b, &c}) task->start();
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"100 stopper: stopped", "100 suspended: stopped", "100 sleeper: stopped"}));
}

TEST_F(KernelVirtual, StopBeforeRunIsNotLost) {
  auto body = [&] { EXPECT_EQ(kernel.sleep_until(1000), Result::stopped); };
  Task task{kernel, "task", 1, Entry{body}, stack_a};
  task.start();
  kernel.stop();
  kernel.run();
  EXPECT_EQ(kernel.now(), 0);
}

TEST_F(KernelVirtual, ATaskNeverStartedDoesNotHoldUpTheRun) {
  auto body = [&] { trace("runs"); };
  Task idle{kernel, "idle", 1, Entry{body}, stack_a};
  Task task{kernel, "task", 1, Entry{body}, stack_b};
  task.start();
  kernel.run();
  EXPECT_EQ(idle.state(), TaskState::created);
  EXPECT_EQ(trace.lines, (Lines{"0 task: runs"}));
}

TEST_F(KernelVirtual, ADayOfBeatsTakesNoTime) {
  std::uint64_t beats = 0;
  auto body = [&] {
    Periodic periodic{kernel, {.period = {100 * millisecond}}};
    while (periodic.wait().index < 864'000) ++beats;
  };
  Task task{kernel, "task", 1, Entry{body}, stack_a};
  task.start();
  kernel.run();
  EXPECT_EQ(beats, 864'000U);
  EXPECT_EQ(kernel.now(), Duration{24} * 3600 * second);
}

// The same program twice, with ties, pre-emption and many tasks, gives the same trace.
TEST(KernelVirtualDeterminism, TheSameProgramGivesTheSameTrace) {
  auto run = [] {
    VirtualPort port;
    Kernel kernel{port};
    Trace trace{kernel};
    struct Work {
      Kernel& kernel;
      Trace& trace;
      std::uint32_t random;
      void run() {
        for (int i = 0; i < 200; ++i) {
          random = random * 1664525U + 1013904223U;
          const Duration length = random >> 28U;
          if ((random >> 20U & 1U) != 0) {
            kernel.consume(length);
          } else {
            kernel.sleep_for(length);
          }
          trace(std::to_string(i));
        }
      }
    };
    std::vector<std::unique_ptr<Work>> works;
    std::vector<std::unique_ptr<Stack>> stacks;
    std::vector<std::unique_ptr<Task>> tasks;
    for (std::uint32_t i = 0; i < 40; ++i) {
      works.push_back(std::make_unique<Work>(Work{kernel, trace, i}));
      stacks.push_back(std::make_unique<Stack>());
      tasks.push_back(std::make_unique<Task>(kernel, std::string(1, static_cast<char>('0' + i)),
                                             static_cast<Priority>(i % 5),
                                             Entry::member<&Work::run>(*works.back()), *stacks.back()));
      tasks.back()->start();
    }
    kernel.run();
    return trace.lines;
  };
  const Lines first = run();
  EXPECT_EQ(first.size(), 8000U);
  EXPECT_EQ(first, run());
}

}  // namespace
}  // namespace tactus::kernel
