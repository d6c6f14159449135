// Once a kernel runs, nothing in it takes memory or gives some back.
#include <gtest/gtest.h>

#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
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
