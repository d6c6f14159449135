// Barriers, flags, conditions, read/write locks and queues, each by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "kernel/barrier.hpp"
#include "kernel/condition.hpp"
#include "kernel/flags.hpp"
#include "kernel/queue.hpp"
#include "kernel/rw_lock.hpp"
#include "kernel/timer.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

class Synchronisation : public testing::Test, protected Scene {};

// -- Barrier

TEST_F(Synchronisation, ABarrierOpensForAllWhenTheLastComes) {
  Barrier barrier{kernel, "b", 3};
  for (int i = 1; i <= 3; ++i) {
    task("t" + std::to_string(i), static_cast<Priority>(i), [&, i] {
      kernel.sleep_until(10 * i);
      trace(name_of(barrier.wait()));
    });
  }
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"30 t3: ok", "30 t2: ok", "30 t1: ok"}));
}

TEST_F(Synchronisation, WhoLeavesABarrierIsNotCounted) {
  Barrier barrier{kernel, "b", 2};
  task("hasty", 1, [&] { EXPECT_EQ(barrier.wait(within(5)), Result::timed_out); });
  task("late", 1, [&] {
    kernel.sleep_until(10);
    EXPECT_EQ(barrier.wait(at_once), Result::timed_out);
    EXPECT_EQ(barrier.waiting(), 0U);
    EXPECT_EQ(barrier.wait(within(5)), Result::timed_out);
  });
  kernel.run();
}

// Rendezvous of all, again and again, with tasks of every speed: none comes round a second time in one round.
TEST_F(Synchronisation, NoTaskLapsAnotherInAThousandRoundsOf64) {
  constexpr std::size_t many = 64;
  constexpr int rounds = 1000;
  Barrier barrier{kernel, "b", many};
  std::array<int, many> round{};
  int widest = 0;
  for (std::size_t i = 0; i < many; ++i) {
    task("t", static_cast<Priority>(i % 7), [&, i] {
      for (int r = 0; r < rounds; ++r) {
        kernel.consume(static_cast<Duration>((i * 7 + static_cast<std::size_t>(r)) % 5));
        ++round[i];
        ASSERT_EQ(barrier.wait(), Result::ok);
        const auto [least, most] = std::minmax_element(round.begin(), round.end());
        widest = std::max(widest, *most - *least);
        ASSERT_GE(*least, r + 1) << "all have come to this round";
      }
    });
  }
  kernel.run();
  EXPECT_EQ(widest, 1);
  EXPECT_THAT(round, testing::Each(rounds));
}

// -- Flags

TEST_F(Synchronisation, FlagsWakeAllWhoAreSatisfiedBeforeAnyIsCleared) {
  Flags flags{kernel, "f"};
  auto waiter = [&](std::uint64_t bits, Flags::Match match, Flags::OnExit on_exit) {
    return [&, bits, match, on_exit] {
      std::uint64_t seen = 0;
      const Result result = flags.wait(bits, match, on_exit, within(100), &seen);
      trace(name_of(result) + (" " + std::to_string(seen)));
    };
  };
  task("any", 4, waiter(0b011, Flags::Match::any, Flags::OnExit::clear));
  task("all", 3, waiter(0b011, Flags::Match::all, Flags::OnExit::keep));
  task("same", 2, waiter(0b010, Flags::Match::any, Flags::OnExit::keep));
  task("other", 1, waiter(std::uint64_t{1} << 63, Flags::Match::any, Flags::OnExit::keep));
  task("setter", 0, [&] {
    kernel.sleep_until(1);
    flags.set(0b010);
    EXPECT_EQ(flags.bits(), 0U) << "cleared by the one that asked for it";
    kernel.sleep_until(2);
    flags.set(0b011);
    EXPECT_EQ(flags.bits(), 0b011U);
    flags.clear(0b001);
    EXPECT_EQ(flags.wait(0b011, Flags::Match::all, Flags::OnExit::keep, at_once), Result::timed_out);
    EXPECT_EQ(flags.wait(0b011, Flags::Match::any, Flags::OnExit::clear, at_once), Result::ok);
    EXPECT_EQ(flags.bits(), 0U);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"1 any: ok 2", "1 same: ok 2", "2 all: ok 3", "100 other: timed_out 0"}));
}

// -- Condition

TEST_F(Synchronisation, ASignalledTaskWaitsForTheMutexWithoutWakingUp) {
  Mutex mutex{kernel, "m"};
  Condition condition{kernel, "c"};
  task("waiter", 9, [&] {
    const Locked locked{mutex};
    EXPECT_EQ(condition.wait(mutex), Result::ok);
    trace("has it again");
  });
  task("signaller", 1, [&] {
    const Locked locked{mutex};
    const std::uint64_t before = kernel.switches();
    condition.signal();
    kernel.consume(5);
    EXPECT_EQ(kernel.switches(), before);
    EXPECT_EQ(kernel.current().priority(), 9) << "the waiter is at the mutex";
    trace("goes on");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"5 signaller: goes on", "5 waiter: has it again"}));
}

TEST_F(Synchronisation, SignalAndWaitLetsTheOtherRunAtOnce) {
  Mutex mutex{kernel, "m"};
  Condition condition{kernel, "c"};
  task("waiter", 1, [&] {
    const Locked locked{mutex};
    EXPECT_EQ(condition.wait(mutex), Result::ok);
    trace("priority " + std::to_string(kernel.current().priority()));
  });
  task("signaller", 5, [&] {
    kernel.sleep_until(1);
    const Locked locked{mutex};
    EXPECT_EQ(condition.signal_and_wait(mutex), Result::ok);
    trace("goes on");
    EXPECT_EQ(condition.signal_and_wait(mutex), Result::ok) << "nobody waits";
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"1 waiter: priority 5", "1 signaller: goes on"}));
}

TEST_F(Synchronisation, ABroadcastWakesAllOneAfterTheOther) {
  Mutex mutex{kernel, "m"};
  Condition condition{kernel, "c"};
  for (const Priority priority : {Priority{1}, Priority{3}, Priority{2}}) {
    task("p" + std::to_string(priority), priority, [&] {
      const Locked locked{mutex};
      EXPECT_EQ(condition.wait(mutex), Result::ok);
      trace("has it");
      kernel.consume(10);
    });
  }
  task("caller", 0, [&] { condition.broadcast(); });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 p3: has it", "10 p2: has it", "20 p1: has it"}));
}

TEST_F(Synchronisation, TheMutexIsHadAgainWhateverEndsTheWait) {
  Mutex mutex{kernel, "m", {.recursive = true}};
  auto condition = std::make_unique<Condition>(kernel, "c");
  Condition other{kernel, "other"};
  task("a", 5, [&] {
    const Locked locked{mutex};
    const Locked twice{mutex};
    EXPECT_EQ(condition->wait(mutex, at_once), Result::timed_out);
    EXPECT_EQ(condition->wait(mutex, within(5)), Result::timed_out);
    trace("after the limit");  // not before b gives the mutex back
    EXPECT_EQ(mutex.owner(), &kernel.current());
    EXPECT_EQ(condition->wait(mutex), Result::deleted);
    EXPECT_EQ(mutex.owner(), &kernel.current());
    EXPECT_EQ(other.wait(mutex), Result::stopped);
    EXPECT_EQ(mutex.owner(), &kernel.current());
    trace("stopped");
  });
  task("b", 1, [&] {
    {
      const Locked locked{mutex};
      kernel.consume(20);
    }
    condition.reset();
    const Locked locked{mutex};
    kernel.stop();
    kernel.consume(10);
    trace("stops");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"20 a: after the limit", "20 b: stops", "20 a: stopped"}));
}

TEST_F(Synchronisation, AStopDoesNotTakeTheMutexFromASignalledTask) {
  Mutex mutex{kernel, "m"};
  Condition condition{kernel, "c"};
  task("waiter", 5, [&] {
    const Locked locked{mutex};
    trace(name_of(condition.wait(mutex)));
    EXPECT_EQ(mutex.owner(), &kernel.current());
  });
  task("signaller", 1, [&] {
    const Locked locked{mutex};
    condition.signal();
    kernel.stop();
    kernel.yield();
    trace("still has it");
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 signaller: still has it", "0 waiter: ok"}));
}

TEST_F(Synchronisation, AConditionWhoseMutexIsDeletedMeanwhile) {
  auto mutex = std::make_unique<Mutex>(kernel, "m");
  Condition condition{kernel, "c"};
  task("waiter", 5, [&] {
    mutex->lock();
    trace(name_of(condition.wait(*mutex)));
  });
  task("owner", 1, [&] {
    mutex->lock();
    condition.signal();
    mutex.reset();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"0 waiter: deleted"}));
}

// -- Read/write lock

TEST_F(Synchronisation, AWriterThatGivesUpLetsTheReadersBehindItGoOn) {
  RwLock lock{kernel, "l", Preference::arrival};
  task("reader", 1, [&] {
    lock.lock_read();
    kernel.sleep_until(100);
    lock.unlock_read();
  });
  task("writer", 1, [&] {
    kernel.sleep_until(1);
    EXPECT_EQ(lock.lock_write(until(10)), Result::timed_out);
  });
  task("second", 9, [&] {
    kernel.sleep_until(2);
    EXPECT_EQ(lock.lock_read(at_once), Result::timed_out) << "the writer was first";
    EXPECT_EQ(lock.lock_read(), Result::ok);
    trace("reads");
    EXPECT_EQ(lock.readers(), 2U);
    lock.unlock_read();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 second: reads"}));
}

TEST_F(Synchronisation, AReaderThatWantsToWriteAsWell) {
  RwLock lock{kernel, "l", Preference::writers};
  task("a", 1, [&] {
    EXPECT_EQ(lock.lock_write(), Result::ok);
    EXPECT_EQ(lock.lock_read(), Result::deadlock);
    EXPECT_EQ(lock.lock_read(at_once), Result::timed_out);
    lock.unlock_write();
  });
  kernel.run();
}

// -- Queue

TEST_F(Synchronisation, AQueueKeepsTheOrderOfSendingAndMakesBothEndsWait) {
  Queue<int, 2> queue{kernel, "q"};
  task("sender", 2, [&] {
    for (int i = 1; i <= 5; ++i) {
      EXPECT_EQ(queue.send(i), Result::ok);
      trace("sent " + std::to_string(i));
    }
  });
  task("receiver", 1, [&] {
    int item = 0;
    for (int i = 1; i <= 5; ++i) {
      EXPECT_EQ(queue.receive(item), Result::ok);
      EXPECT_EQ(item, i);
      trace("got " + std::to_string(item));
    }
    EXPECT_EQ(queue.receive(item, within(7)), Result::timed_out);
  });
  kernel.run();
  EXPECT_EQ(trace.lines,
            (Lines{"0 sender: sent 1", "0 sender: sent 2", "0 sender: sent 3", "0 receiver: got 1",
                   "0 sender: sent 4", "0 receiver: got 2", "0 sender: sent 5", "0 receiver: got 3",
                   "0 receiver: got 4", "0 receiver: got 5"}));
}

TEST_F(Synchronisation, AnItemGoesToTheMostUrgentWhoWaitsAndTheFullQueueRefuses) {
  Queue<std::array<double, 2>, 1> queue{kernel, "q"};
  for (const Priority priority : {Priority{1}, Priority{2}}) {
    task("p" + std::to_string(priority), priority, [&] {
      std::array<double, 2> item{};
      EXPECT_EQ(queue.receive(item), Result::ok);
      trace(std::to_string(item[1]));
    });
  }
  auto body = [&] {
    EXPECT_EQ(queue.send({0, 1.5}, at_once), Result::ok);
    EXPECT_EQ(queue.send({0, 2.5}, at_once), Result::ok);
    EXPECT_EQ(queue.send({0, 3.5}, at_once), Result::ok) << "it has room for one";
    EXPECT_EQ(queue.send({0, 4.5}, at_once), Result::timed_out);
    EXPECT_EQ(queue.size(), 1U);
  };
  Timer timer{kernel, 1, Entry{body}};
  timer.start(3);
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"3 p2: 1.500000", "3 p1: 2.500000"}));
}

TEST_F(Synchronisation, AQueueWithoutRoomHandsFromTaskToTask) {
  Queue<int, 0> queue{kernel, "q"};
  task("sender", 2, [&] {
    EXPECT_EQ(queue.send(1, within(5)), Result::timed_out);
    EXPECT_EQ(queue.send(2), Result::ok);
    trace("sent");
    EXPECT_EQ(queue.send(3), Result::ok) << "to one that waits already";
  });
  task("receiver", 1, [&] {
    kernel.sleep_until(10);
    int item = 0;
    EXPECT_EQ(queue.receive(item), Result::ok);
    EXPECT_EQ(item, 2);
    EXPECT_EQ(queue.receive(item), Result::ok);
    EXPECT_EQ(item, 3);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 sender: sent"}));
}

class SynchronisationDeathTest : public Synchronisation {
 protected:
  SynchronisationDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(SynchronisationDeathTest, AConditionWithoutItsMutex) {
  Mutex mutex{kernel, "m"};
  Condition condition{kernel, "c"};
  task("culprit", 1, [&] { condition.wait(mutex); });
  EXPECT_DEATH(kernel.run(), "misuse 17 at Condition::wait of 'c' in task 'culprit'");
}

TEST_F(SynchronisationDeathTest, AMutexThatCannotBeHadAgain) {
  Mutex mutex{kernel, "m"}, other{kernel, "other"};
  Condition condition{kernel, "c"};
  task("culprit", 5, [&] {
    other.lock();
    mutex.lock();
    condition.wait(mutex, within(10));
  });
  task("owner", 1, [&] {
    mutex.lock();
    other.lock();  // which the culprit holds while it waits
  });
  EXPECT_DEATH(kernel.run(), "misuse 20 at Condition::wait of 'c' in task 'culprit'");
}

TEST_F(SynchronisationDeathTest, UnlockingWhatOneDoesNotReadOrWrite) {
  RwLock lock{kernel, "l", Preference::readers};
  task("culprit", 1, [&] {
    lock.lock_read();
    lock.unlock_write();
  });
  EXPECT_DEATH(kernel.run(), "misuse 17 at RwLock::unlock_write of 'l' in task 'culprit'");
}

TEST_F(SynchronisationDeathTest, WaitingForNoFlagsOrWithNobody) {
  EXPECT_DEATH((Barrier{kernel, "b", 0}), "misuse 22 at Barrier of 'b'");
  Flags flags{kernel, "f"};
  task("culprit", 1, [&] { flags.wait(0, Flags::Match::any, Flags::OnExit::keep); });
  EXPECT_DEATH(kernel.run(), "misuse 22 at Flags::wait of 'f' in task 'culprit'");
}

}  // namespace
}  // namespace tactus::kernel
