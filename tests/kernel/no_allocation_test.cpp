// Once a kernel runs, nothing in it takes memory or gives some back.
#include <gtest/gtest.h>

#include "kernel/barrier.hpp"
#include "kernel/channel.hpp"
#include "kernel/condition.hpp"
#include "kernel/flags.hpp"
#include "kernel/interrupt.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mutex.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
#include "kernel/queue.hpp"
#include "kernel/rw_lock.hpp"
#include "kernel/semaphore.hpp"
#include "kernel/timer.hpp"
#include "tests/support/memory_calls.hpp"

namespace tactus::kernel {
namespace {

using tactus::test::memory_calls;
using tactus::test::MemoryCalls;
using tactus::test::no_memory_calls;

/// Every call of the kernel, by three tasks; returns what they saw of memory calls.
MemoryCalls memory_calls_of_a_run(Port& port) {
  Kernel kernel{port};
  const Stack stack_a, stack_b, stack_c;
  MemoryCalls seen{.taken = 1};  // unless it gets that far
  auto waiting_body = [&] {
    while (kernel.suspend() == Result::ok) kernel.yield();
  };
  Task waiting{kernel, "waiting", 9, Entry{waiting_body}, stack_a};
  auto made_body = [&] { kernel.sleep_for(microsecond); };
  Task made{kernel, "made", 1, Entry{made_body}, stack_c};
  auto busy_body = [&] {
    const MemoryCalls before = memory_calls();
    made.start();
    Periodic periodic{kernel, {.start = kernel.now(), .period = {100 * microsecond, 3}}};
    for (int i = 0; i < 300; ++i) {
      const Release release = periodic.wait();
      kernel.resume(waiting);
      kernel.consume(static_cast<Duration>(release.index % 7) * microsecond);
      kernel.sleep_for(microsecond);
      kernel.yield();
    }
    kernel.stop();
    seen = memory_calls() - before;
  };
  Task busy{kernel, "busy", 5, Entry{busy_body}, stack_b};
  waiting.start();
  busy.start();
  kernel.run();
  return seen;
}

/// Every kind of object, with a limit that comes and without; returns what the tasks saw of memory calls.
MemoryCalls memory_calls_of_the_objects(Port& port) {
  Kernel kernel{port};
  Mutex mutex{kernel, "mutex"}, ceiling{kernel, "ceiling", {.protocol = Protocol::ceiling, .ceiling = 9}};
  Condition condition{kernel, "condition"};
  Semaphore semaphore{kernel, "semaphore", 0};
  Barrier barrier{kernel, "barrier", 2};
  Flags flags{kernel, "flags"};
  RwLock rw_lock{kernel, "rw lock", Preference::arrival};
  Queue<int, 2> queue{kernel, "queue"};
  Channel<int, int> channel{kernel, "channel"};
  Interrupt line{kernel, 0, "line"};
  auto on_timer = [&] {
    semaphore.release();
    line.raise();
  };
  Timer timer{kernel, 1, Entry{on_timer}};
  constexpr int rounds = 200;
  constexpr WaitLimit soon = within(20 * microsecond);
  MemoryCalls seen{.taken = 1};  // unless it gets that far
  auto low_body = [&] {
    const MemoryCalls before = memory_calls();
    int item = 0;
    for (int i = 0; i < rounds; ++i) {
      EXPECT_EQ(semaphore.acquire(soon), Result::timed_out);
      timer.start(kernel.now() + 10 * microsecond);
      EXPECT_EQ(line.await(), Result::ok);
      EXPECT_EQ(semaphore.acquire(), Result::ok);
      {
        const Locked locked{mutex};
        EXPECT_EQ(barrier.wait(), Result::ok);  // the other wants the mutex from now on
        kernel.consume(microsecond);
        EXPECT_EQ(condition.wait(mutex), Result::ok);
      }
      const Locked locked{ceiling};
      flags.set(1);
      EXPECT_EQ(queue.receive(item), Result::ok);
      EXPECT_EQ(channel.send(item, item), Result::ok);
      EXPECT_EQ(item, 2 * i);
    }
    seen = memory_calls() - before;
  };
  auto high_body = [&] {
    Channel<int, int>::Server server{channel};
    Channel<int, int>::Received call;
    for (int i = 0; i < rounds; ++i) {
      EXPECT_EQ(barrier.wait(), Result::ok);
      {
        const Locked locked{mutex};
        condition.signal();
      }
      EXPECT_EQ(flags.wait(1, Flags::Match::all, Flags::OnExit::clear), Result::ok);
      EXPECT_EQ(rw_lock.lock_write(), Result::ok);
      EXPECT_EQ(rw_lock.lock_read(at_once), Result::timed_out);
      rw_lock.unlock_write();
      EXPECT_EQ(queue.send(i), Result::ok);
      EXPECT_EQ(server.receive(call), Result::ok);
      EXPECT_TRUE(server.reply(call.client, 2 * call.request));
    }
  };
  const Stack stack_low, stack_high;
  Task low{kernel, "low", 1, Entry{low_body}, stack_low};
  Task high{kernel, "high", 8, Entry{high_body}, stack_high};
  low.start();
  high.start();
  kernel.run();
  return seen;
}

TEST(NoAllocation, ObjectsOnTheVirtualPort) {
  VirtualPort port;
  EXPECT_EQ(memory_calls_of_the_objects(port), no_memory_calls);
}

TEST(NoAllocation, ObjectsOnTheLinuxPort) {
  LinuxPort port{{.priority = 0, .lock_memory = false, .dma_latency = false}};
  EXPECT_EQ(memory_calls_of_the_objects(port), no_memory_calls);
}

TEST(NoAllocation, VirtualPort) {
  VirtualPort port;
  EXPECT_EQ(memory_calls_of_a_run(port), no_memory_calls);
}

TEST(NoAllocation, LinuxPort) {
  kernel::LinuxPort port{
      {.priority = 0, .lock_memory = false, .dma_latency = false, .spin = 10 * microsecond}};
  EXPECT_EQ(memory_calls_of_a_run(port), no_memory_calls);
}

}  // namespace
}  // namespace tactus::kernel
