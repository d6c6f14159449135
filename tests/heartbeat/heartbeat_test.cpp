#include <gtest/gtest.h>

#include <vector>

#include "event/subscription.hpp"
#include "heartbeat/heartbeat.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
#include "kernel/stack.hpp"
#include "kernel/task.hpp"

namespace tactus::test {
namespace {

/// Keeps the ticks and ends after some.
struct Listener {
  HeartBeat& heartbeat;
  std::size_t wanted;
  std::vector<Tick> ticks{};
  void hear(const Event<Tick>::Firing& firing) noexcept {
    ticks.push_back(firing.payload);
    if (ticks.size() == wanted) heartbeat.finish();
  }
};

std::vector<Tick> ticks_of(kernel::Port& port, Period period, std::size_t wanted) {
  kernel::Kernel kernel(port);
  HeartBeat heartbeat(kernel, period, kernel::Late::skip);
  Listener listener{heartbeat, wanted};
  const Subscription subscription(heartbeat.ticked(), method<&Listener::hear>(listener));
  kernel::Stack stack;
  kernel::Task task(kernel, "heartbeat", 1, kernel::Entry::member<&HeartBeat::run>(heartbeat), stack);
  task.start();
  kernel.run();
  return listener.ticks;
}

TEST(HeartBeat, TicksKeepTheirPhase) {
  kernel::VirtualPort port;
  const auto ticks = ticks_of(port, Period::hertz(3'000), 4);
  ASSERT_EQ(ticks.size(), 4U);
  EXPECT_EQ(ticks[0].scheduled, 0);
  EXPECT_EQ(ticks[1].scheduled, 333'333);
  EXPECT_EQ(ticks[2].scheduled, 666'666);
  EXPECT_EQ(ticks[3].scheduled, 1'000'000);
}

// Were the first tick a release that has already passed, this would take an hour.
TEST(HeartBeat, FirstTickInRealTimeIsAtOnceAndNotLate) {
  kernel::LinuxPort port;
  const auto ticks = ticks_of(port, Period::ns(3'600'000'000'000), 1);
  ASSERT_EQ(ticks.size(), 1U);
  EXPECT_EQ(ticks[0].missed, 0U);
  EXPECT_EQ(ticks[0].woken, ticks[0].scheduled);
}

TEST(HeartBeat, StoppedKernelTicksNever) {
  kernel::VirtualPort port;
  kernel::Kernel kernel(port);
  HeartBeat heartbeat(kernel, Period::ns(1'000), kernel::Late::skip);
  Listener listener{heartbeat, 1};
  const Subscription subscription(heartbeat.ticked(), method<&Listener::hear>(listener));
  kernel::Stack stack;
  kernel::Task task(kernel, "heartbeat", 1, kernel::Entry::member<&HeartBeat::run>(heartbeat), stack);
  task.start();
  kernel.stop();
  kernel.run();
  EXPECT_TRUE(listener.ticks.empty());
}

/// Stops the kernel on its first tick, and goes on all the same.
struct Ending {
  explicit Ending(kernel::Port& port, Period period)
      : kernel(port), heartbeat(kernel, period, kernel::Late::skip) {}
  void hear(const Event<Tick>::Firing& firing) noexcept {
    ticks.push_back(firing.payload);
    kernel.stop();
    if (ticks.size() == 3) heartbeat.finish();
  }
  void work() {
    heartbeat.run();
    heartbeat.run_out();
  }
  kernel::Kernel kernel;
  HeartBeat heartbeat;
  std::vector<Tick> ticks{};
};

TEST(HeartBeat, RunsOutAfterTheKernelHasStopped) {
  kernel::VirtualPort virtual_port;
  kernel::LinuxPort linux_port;
  for (kernel::Port* port :
       {static_cast<kernel::Port*>(&virtual_port), static_cast<kernel::Port*>(&linux_port)}) {
    for (const auto& [period, step] : {std::pair(Period::ns(1'000'000), 1'000'000),
                                       std::pair(Period::ns(3'600'000'000'000), 10'000'000)}) {
      Ending ending(*port, period);
      const Subscription subscription(ending.heartbeat.ticked(), method<&Ending::hear>(ending));
      kernel::Stack stack;
      kernel::Task task(ending.kernel, "ending", 1, kernel::Entry::member<&Ending::work>(ending), stack);
      task.start();
      ending.kernel.run();
      ASSERT_EQ(ending.ticks.size(), 3U);
      EXPECT_EQ(ending.ticks[0].elapsed, period.seconds());
      EXPECT_EQ(ending.ticks[1].elapsed, step * 1e-9);
      EXPECT_GE(ending.ticks[2].woken, ending.ticks[1].woken + step);
    }
  }
}

}  // namespace
}  // namespace tactus::test
