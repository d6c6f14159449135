// What tasks do to each other: join, change of priority, suspension, quanta, scheduler locks.
#include "kernel/task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/scheduler_lock.hpp"
#include "kernel/semaphore.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

class TaskTest : public testing::Test, protected Scene {};

TEST_F(TaskTest, JoinWaitsForTheEnd) {
  Task& worker = task("worker", 1, [&] { kernel.sleep_until(10); });
  task("joiner", 5, [&] {
    EXPECT_EQ(worker.join(at_once), Result::timed_out);
    EXPECT_EQ(worker.join(until(4)), Result::timed_out);
    trace(name_of(worker.join()));
    EXPECT_EQ(worker.state(), TaskState::ended);
    EXPECT_EQ(worker.join(at_once), Result::ok);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 joiner: ok"}));
}

TEST_F(TaskTest, JoiningInACircleIsADeadlock) {
  Task* second = nullptr;
  Task& first = task("first", 2, [&] { EXPECT_EQ(second->join(), Result::ok); });
  second = &task("second", 1, [&] {
    EXPECT_EQ(first.join(), Result::deadlock);
    EXPECT_THAT(kernel.deadlock_cycle(), testing::ElementsAre(second, &first));
    EXPECT_EQ(second->join(), Result::deadlock);
  });
  kernel.run();
  EXPECT_EQ(first.state(), TaskState::ended);
}

TEST_F(TaskTest, PriorityRaisedGoesBehindLoweredGoesBeforeTheEquals) {
  auto body = [&] { trace("runs"); };
  Task& up = task("up", 1, body);
  Task& down = task("down", 9, body);
  task("five", 5, body);
  task("boss", 200, [&] {
    up.set_priority(5);
    down.set_priority(5);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 down: runs", "0 five: runs", "0 up: runs"}));
}

TEST_F(TaskTest, LoweringOneselfGivesWayAtOnce) {
  task("a", 9, [&] {
    kernel.current().set_priority(5);
    trace("still first among equals");
    kernel.current().set_priority(1);
    trace("last");
  });
  task("b", 5, [&] { trace("runs"); });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 a: still first among equals", "0 b: runs", "0 a: last"}));
}

TEST_F(TaskTest, AChangedPriorityCountsInTheQueueOfThoseWhoWait) {
  Semaphore semaphore{kernel, "s", 0};
  auto body = [&] {
    semaphore.acquire();
    trace("woken");
  };
  Task& low = task("low", 1, body);
  task("high", 5, body);
  task("boss", 200, [&] {
    kernel.sleep_until(1);
    low.set_priority(6);
    semaphore.release();
    semaphore.release();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"1 low: woken", "1 high: woken"}));
}

TEST_F(TaskTest, TimeoutsOfOneInstantGoByThePriorityOfThatInstant) {
  // Both are made equal after they began to wait; who was the more urgent then is not asked.
  auto body = [&] {
    kernel.sleep_until(10);
    trace("awake");
  };
  Task& first = task("first", 1, body);
  Task& second = task("second", 2, body);
  task("boss", 200, [&] {
    kernel.sleep_until(1);
    first.set_priority(5);
    second.set_priority(4);
    second.set_priority(5);
  });
  kernel.run();
  // Equal priority: by arrival, and the more urgent was the first to run and to sleep.
  EXPECT_EQ(trace.lines, (Lines{"10 second: awake", "10 first: awake"}));
}

TEST_F(TaskTest, ASuspendedTaskDoesNotRunButItsWaitGoesOn) {
  Semaphore semaphore{kernel, "s", 0};
  Task& victim = task("victim", 5, [&] {
    EXPECT_EQ(semaphore.acquire(), Result::ok);
    trace("runs again");
  });
  task("boss", 9, [&] {
    kernel.sleep_until(1);
    EXPECT_TRUE(kernel.suspend(victim));
    EXPECT_FALSE(kernel.suspend(victim)) << "twice";
    EXPECT_EQ(victim.state(), TaskState::waiting);
    semaphore.release();
    EXPECT_EQ(victim.state(), TaskState::suspended);
    kernel.sleep_until(2);
    EXPECT_TRUE(kernel.resume(victim));
    EXPECT_EQ(victim.state(), TaskState::ready);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"2 victim: runs again"}));
}

TEST_F(TaskTest, SuspensionTakesAReadyTaskOutOfItsWork) {
  Task& victim = task("victim", 1, [&] {
    kernel.consume(10);
    trace("done");
  });
  task("boss", 9, [&] {
    kernel.sleep_until(3);
    EXPECT_TRUE(kernel.suspend(victim));
    kernel.sleep_until(100);
    EXPECT_TRUE(kernel.resume(victim));
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"107 victim: done"}));
}

TEST_F(TaskTest, AStopSetsTheSuspendedFree) {
  Task& other = task("other", 1, [&] {
    kernel.yield();
    trace("returns");
  });
  task("self", 2, [&] {
    trace(name_of(kernel.suspend()));
    trace(name_of(kernel.suspend()));
  });
  task("boss", 9, [&] {
    kernel.suspend(other);
    kernel.sleep_until(5);
    kernel.stop();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"5 self: stopped", "5 self: stopped", "5 other: returns"}));
}

TEST_F(TaskTest, AQuantumSharesThePriorityInTurns) {
  auto body = [&] {
    for (int i = 0; i < 3; ++i) {
      kernel.consume(2);
      trace(std::to_string(i));
    }
  };
  task("a", 1, body).set_quantum(4);
  task("b", 1, body).set_quantum(4);
  task("urgent", 9, [&] {
    kernel.sleep_until(1);
    kernel.consume(10);  // a goes on with the quantum it had
  });
  kernel.run();
  // The second piece of work ends with the quantum: the other goes first.
  EXPECT_EQ(trace.lines, (Lines{"12 a: 0", "16 b: 0", "18 a: 1", "20 a: 2", "20 b: 1", "22 b: 2"}));
}

TEST_F(TaskTest, AQuantumMeansNothingWithoutEquals) {
  task("a", 5, [&] {
    kernel.consume(100);
    trace("done");
  }).set_quantum(3);
  task("low", 4, [&] { trace("runs"); });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"100 a: done", "100 low: runs"}));
  EXPECT_EQ(kernel.switches(), 1U);
}

TEST_F(TaskTest, ASchedulerLockHoldsUpTasksToItsCeilingAndNoOther) {
  for (const Priority priority : {Priority{4}, Priority{5}, Priority{6}}) {
    task("p" + std::to_string(priority), priority, [&] {
      kernel.sleep_until(5);
      trace("runs");
      kernel.consume(1);
      kernel.sleep_until(7);  // and the locked one goes on, before those it holds up
      trace("again");
    });
  }
  task("low", 1, [&] {
    {
      const SchedulerLock outer{kernel, 5};
      {
        const SchedulerLock inner{kernel, 2};
        kernel.consume(8);
      }
      kernel.consume(2);
      trace("unlocks");
    }
    trace("after it");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"5 p6: runs", "7 p6: again", "11 low: unlocks", "11 p5: runs", "12 p5: again",
                                "12 p4: runs", "13 p4: again", "13 low: after it"}));
}

class TaskDeathTest : public TaskTest {
 protected:
  TaskDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(TaskDeathTest, WaitingWithTheSchedulerLocked) {
  Semaphore semaphore{kernel, "s", 0};
  task("culprit", 1, [&] {
    const SchedulerLock lock{kernel, 5};
    semaphore.acquire();
  });
  EXPECT_DEATH(kernel.run(), "misuse 16 at semaphore of 's' in task 'culprit'");
}

TEST_F(TaskDeathTest, YieldingWithTheSchedulerLocked) {
  task("culprit", 1, [&] {
    const SchedulerLock lock{kernel, 5};
    kernel.yield();
  });
  EXPECT_DEATH(kernel.run(), "misuse 16 at Kernel::yield in task 'culprit'");
}

}  // namespace
}  // namespace tactus::kernel
