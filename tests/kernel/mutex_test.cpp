#include "kernel/mutex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "kernel/semaphore.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

class MutexTest : public testing::Test, protected Scene {};

TEST_F(MutexTest, OneTaskAtATimeAndTheMostUrgentNext) {
  Mutex mutex{kernel, "m"};
  auto body = [&](Time begin) {
    return [&, begin] {
      kernel.sleep_until(begin);
      EXPECT_EQ(mutex.lock(), Result::ok);
      trace("has it");
      kernel.consume(10);
      mutex.unlock();
      trace("gave it back");
    };
  };
  task("low", 1, body(0));
  task("middle", 2, body(1));
  task("high", 3, body(2));
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 low: has it", "10 high: has it", "20 high: gave it back",
                                "20 middle: has it", "30 middle: gave it back", "30 low: gave it back"}));
}

TEST_F(MutexTest, TheOwnerInheritsWhileSomebodyWaitsAndNoLonger) {
  Mutex mutex{kernel, "m"};
  Task& low = task("low", 1, [&] {
    const Locked locked{mutex};
    kernel.consume(10);
    trace("priority " + std::to_string(kernel.current().priority()));
    kernel.consume(10);
    trace("priority " + std::to_string(kernel.current().priority()));
  });
  task("middle", 5, [&] {
    kernel.sleep_until(4);
    trace("runs");
    kernel.consume(2);
  });
  task("high", 9, [&] {
    kernel.sleep_until(5);
    EXPECT_EQ(mutex.lock(within(10)), Result::timed_out);
    EXPECT_EQ(low.priority(), 1);
    trace("gives up");
  });
  kernel.run();
  // middle computes from 4 to 5 and, when nobody inherits any more, its last unit from 15 on.
  EXPECT_EQ(trace.lines,
            (Lines{"4 middle: runs", "11 low: priority 9", "15 high: gives up", "22 low: priority 1"}));
}

TEST_F(MutexTest, InheritancePassesThroughAChainAndIsGivenBackStepByStep) {
  Mutex a{kernel, "a"}, b{kernel, "b"}, c{kernel, "c"};
  std::array<Task*, 4> tasks{};
  auto priorities = [&] {
    std::string text;
    for (const Task* each : tasks) text += std::to_string(each->priority()) + " ";
    trace(text);
  };
  tasks[0] = &task("t1", 1, [&] {
    const Locked holds_a{a};
    kernel.consume(10);
    priorities();
  });
  tasks[1] = &task("t2", 2, [&] {
    kernel.sleep_until(1);
    const Locked holds_b{b};
    const Locked holds_a{a};
    priorities();
  });
  tasks[2] = &task("t3", 3, [&] {
    kernel.sleep_until(2);
    const Locked holds_c{c};
    const Locked holds_b{b};
    priorities();
  });
  tasks[3] = &task("t4", 4, [&] {
    kernel.sleep_until(3);
    const Locked holds_c{c};
    priorities();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 t1: 4 4 4 4 ", "10 t2: 1 4 4 4 ", "10 t3: 1 2 4 4 ", "10 t4: 1 2 3 4 "}));
}

TEST_F(MutexTest, AChangeOfPriorityReachesTheOwnersAlongTheChain) {
  Mutex a{kernel, "a"}, b{kernel, "b"};
  Task& first = task("first", 1, [&] {
    const Locked locked{a};
    kernel.consume(100);
  });
  Task& second = task("second", 2, [&] {
    kernel.sleep_until(1);
    const Locked holds_b{b};
    const Locked holds_a{a};
  });
  Task& third = task("third", 3, [&] {
    kernel.sleep_until(2);
    const Locked locked{b};
  });
  task("boss", 200, [&] {
    kernel.sleep_until(3);
    EXPECT_EQ(first.priority(), 3);
    third.set_priority(50);
    EXPECT_EQ(second.priority(), 50);
    EXPECT_EQ(first.priority(), 50);
    EXPECT_EQ(first.base_priority(), 1);
    third.set_priority(0);
    EXPECT_EQ(first.priority(), 2);
    first.set_priority(7);
    EXPECT_EQ(first.priority(), 7);
  });
  kernel.run();
}

TEST_F(MutexTest, TheMostUrgentOfTwoMutexesCounts) {
  Mutex a{kernel, "a"}, b{kernel, "b"};
  Task& owner = task("owner", 1, [&] {
    a.lock();
    b.lock();
    kernel.consume(10);
    EXPECT_EQ(kernel.current().priority(), 9);
    a.unlock();  // in the order of taking, not the reverse
    EXPECT_EQ(kernel.current().priority(), 5);
    b.unlock();
    EXPECT_EQ(kernel.current().priority(), 1);
    trace("done");
  });
  task("five", 5, [&] {
    kernel.sleep_until(1);
    const Locked locked{b};
    trace("has b");
  });
  task("nine", 9, [&] {
    kernel.sleep_until(2);
    EXPECT_EQ(owner.priority(), 5);
    const Locked locked{a};
    trace("has a");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 nine: has a", "10 five: has b", "10 owner: done"}));
}

TEST_F(MutexTest, TheCeilingHoldsFromTheLockOn) {
  Mutex mutex{kernel, "m", {.protocol = Protocol::ceiling, .ceiling = 6}};
  task("low", 1, [&] {
    mutex.lock();
    EXPECT_EQ(kernel.current().priority(), 6);
    kernel.consume(10);
    trace("unlocks");
    mutex.unlock();
    EXPECT_EQ(kernel.current().priority(), 1);
  });
  for (const Priority priority : {Priority{5}, Priority{6}, Priority{7}}) {
    task("p" + std::to_string(priority), priority, [&] {
      kernel.sleep_until(5);
      trace("runs");
    });
  }
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"5 p7: runs", "10 low: unlocks", "10 p6: runs", "10 p5: runs"}));
}

TEST_F(MutexTest, AWaiterGetsTheCeilingWithTheMutex) {
  Mutex mutex{kernel, "m", {.protocol = Protocol::ceiling, .ceiling = 6}};
  task("sleeper", 1, [&] {
    const Locked locked{mutex};
    kernel.sleep_until(10);
  });
  task("waiter", 2, [&] {
    kernel.sleep_until(1);
    const Locked locked{mutex};
    trace("priority " + std::to_string(kernel.current().priority()));
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 waiter: priority 6"}));
}

TEST_F(MutexTest, WithoutAProtocolPriorityIsInverted) {
  Mutex mutex{kernel, "m", {.protocol = Protocol::none}};
  task("low", 1, [&] {
    const Locked locked{mutex};
    kernel.consume(10);
  });
  task("middle", 5, [&] {
    kernel.sleep_until(2);
    kernel.consume(1000);
  });
  task("high", 9, [&] {
    kernel.sleep_until(3);
    const Locked locked{mutex};
    trace("has it");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"1010 high: has it"}));
}

TEST_F(MutexTest, ARecursiveOneIsFreeAfterAsManyUnlocks) {
  Mutex mutex{kernel, "m", {.recursive = true}};
  task("a", 2, [&] {
    EXPECT_EQ(mutex.lock(), Result::ok);
    EXPECT_EQ(mutex.lock(at_once), Result::ok);
    mutex.unlock();
    kernel.sleep_until(10);
    mutex.unlock();
  });
  task("b", 1, [&] {
    EXPECT_EQ(mutex.lock(at_once), Result::timed_out);
    EXPECT_EQ(mutex.lock(), Result::ok);
    trace("has it");
    mutex.unlock();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 b: has it"}));
  EXPECT_EQ(mutex.owner(), nullptr);
}

TEST_F(MutexTest, ADeadlockIsRefusedAndItsCircleNamed) {
  Mutex a{kernel, "a"}, b{kernel, "b"}, c{kernel, "c"};
  auto body = [&](Mutex& mine, Mutex& next) {
    return [&] {
      const Locked first{mine};
      kernel.sleep_until(10);
      const Locked second{next};
      if (second.result() != Result::deadlock) return;
      std::string names;
      for (const Task* each : kernel.deadlock_cycle()) names += each->name();
      trace(name_of(second.result()) + (" " + names));
    };
  };
  task("x", 3, body(a, b));
  task("y", 2, body(b, c));
  task("z", 1, body(c, a));
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 z: deadlock zxy"}));
}

TEST_F(MutexTest, LockingTwiceIsADeadlockOfOne) {
  Mutex mutex{kernel, "m"};
  Task& self = task("self", 1, [&] {
    const Locked locked{mutex};
    EXPECT_EQ(mutex.lock(), Result::deadlock);
    EXPECT_EQ(mutex.lock(at_once), Result::timed_out);
  });
  kernel.run();
  EXPECT_THAT(kernel.deadlock_cycle(), testing::ElementsAre(&self));
}

TEST_F(MutexTest, DeletionEndsTheWaitAndTheInheritance) {
  auto mutex = std::make_unique<Mutex>(kernel, "m");
  task("owner", 1, [&] {
    mutex->lock();
    kernel.consume(10);
    EXPECT_EQ(kernel.current().priority(), 5);
    mutex.reset();
    EXPECT_EQ(kernel.current().priority(), 1);
  });
  task("waiter", 5, [&] {
    kernel.sleep_until(1);
    trace(name_of(mutex->lock()));
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 waiter: deleted"}));
}

TEST_F(MutexTest, DeletionEndsTheCeilingAtOnce) {
  auto mutex =
      std::make_unique<Mutex>(kernel, "m", MutexOptions{.protocol = Protocol::ceiling, .ceiling = 6});
  task("owner", 1, [&] {
    mutex->lock();
    kernel.consume(10);
    mutex.reset();
    trace("goes on");
  });
  task("other", 5, [&] {
    kernel.sleep_until(3);
    trace("runs");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 other: runs", "10 owner: goes on"}));
}

TEST_F(MutexTest, AStopEndsTheWaitAndTheOwnerCanStillUnlock) {
  Mutex mutex{kernel, "m"};
  task("owner", 1, [&] {
    mutex.lock();
    kernel.sleep_until(forever);
    mutex.unlock();
    EXPECT_EQ(mutex.lock(), Result::ok) << "a free mutex is no wait";
    mutex.unlock();
  });
  task("waiter", 5, [&] {
    kernel.sleep_until(1);
    trace(name_of(mutex.lock()));
  });
  task("stopper", 9, [&] {
    kernel.sleep_until(2);
    kernel.stop();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"2 waiter: stopped"}));
}

TEST_F(MutexTest, LimitsOfEveryKind) {
  Mutex mutex{kernel, "m"};
  task("owner", 1, [&] {
    const Locked locked{mutex};
    kernel.sleep_until(1000);
  });
  task("waiter", 0, [&] {
    for (const WaitLimit limit : {at_once, within(0), within(5), until(100), until(50), until(-1)}) {
      trace(name_of(mutex.lock(limit)));
    }
    trace(name_of(mutex.lock(within(forever))));
    mutex.unlock();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 waiter: timed_out", "0 waiter: timed_out", "5 waiter: timed_out",
                                "100 waiter: timed_out", "100 waiter: timed_out", "100 waiter: timed_out",
                                "1000 waiter: ok"}));
}

class MutexDeathTest : public MutexTest {
 protected:
  MutexDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  Mutex mutex{kernel, "line", {.protocol = Protocol::ceiling, .ceiling = 6}};
};

TEST_F(MutexDeathTest, UnlockingWhatIsNotHeld) {
  task("culprit", 1, [&] { mutex.unlock(); });
  EXPECT_DEATH(kernel.run(), "misuse 17 at Mutex::unlock of 'line' in task 'culprit'");
}

TEST_F(MutexDeathTest, EndingWithIt) {
  task("culprit", 1, [&] { mutex.lock(); });
  EXPECT_DEATH(kernel.run(), "misuse 18 at return from the task of 'line' in task 'culprit'");
}

TEST_F(MutexDeathTest, LockingAboveTheCeiling) {
  task("culprit", 7, [&] { mutex.lock(); });
  EXPECT_DEATH(kernel.run(), "misuse 19 at Mutex::lock of 'line' in task 'culprit'");
}

TEST_F(MutexDeathTest, LockingOutsideOfATask) {
  EXPECT_DEATH(mutex.lock(), "misuse 1 at Mutex::lock of 'line': ");
}

TEST_F(MutexDeathTest, TheWaitGraphIsPrintedWhenNobodyCanGoOn) {
  Semaphore semaphore{kernel, "never", 0};
  task("owner", 1, [&] {
    mutex.lock();
    semaphore.acquire();
  });
  task("waiter", 0, [&] { mutex.lock(); });
  EXPECT_DEATH(kernel.run(),
               "misuse 9 at Kernel.*'owner' waits for semaphore 'never', 'waiter' waits for mutex 'line' of "
               "'owner'");
}

}  // namespace
}  // namespace tactus::kernel
