// Once a kernel runs, nothing in it takes memory: the global allocation functions of this program count their
// calls.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/port/virtual/virtual_port.hpp"

namespace {
// relaxed throughout: a count on one thread.
std::atomic<int> allocations{0};
}  // namespace

// noinline: the compiler must not look through them and take malloc and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tactus::kernel {
namespace {

/// Every call of the kernel, by three tasks; returns how many allocations they saw.
int allocations_of_a_run(Port& port) {
  Kernel kernel{port};
  const Stack stack_a, stack_b, stack_c;
  int seen = -1;
  auto waiting_body = [&] {
    while (kernel.suspend() == Result::ok) kernel.yield();
  };
  Task waiting{kernel, "waiting", 9, Entry{waiting_body}, stack_a};
  auto made_body = [&] { kernel.sleep_for(microsecond); };
  Task made{kernel, "made", 1, Entry{made_body}, stack_c};
  auto busy_body = [&] {
    const int before = allocations.load(std::memory_order_relaxed);
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
    seen = allocations.load(std::memory_order_relaxed) - before;
  };
  Task busy{kernel, "busy", 5, Entry{busy_body}, stack_b};
  waiting.start();
  busy.start();
  kernel.run();
  return seen;
}

TEST(NoAllocation, TheCounterWorks) {
  const int before = allocations.load(std::memory_order_relaxed);
  void* const memory = ::operator new(1);
  ::operator delete(memory);
  EXPECT_EQ(allocations.load(std::memory_order_relaxed), before + 1);
}

TEST(NoAllocation, VirtualPort) {
  VirtualPort port;
  EXPECT_EQ(allocations_of_a_run(port), 0);
}

TEST(NoAllocation, LinuxPort) {
  kernel::LinuxPort port{
      {.priority = 0, .lock_memory = false, .dma_latency = false, .spin = 10 * microsecond}};
  EXPECT_EQ(allocations_of_a_run(port), 0);
}

}  // namespace
}  // namespace tactus::kernel
