// Each misuse ends the process with its number, the object and the task, and never hangs.
#include "kernel/assert.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/port/virtual/virtual_port.hpp"

namespace tactus::kernel {
namespace {

class MisuseDeathTest : public testing::Test {
 protected:
  MisuseDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  template <class Body>
  void in_task(Body body) {
    Task task{kernel, "culprit", 1, Entry{body}, stack};
    task.start();
    kernel.run();
  }

  VirtualPort port;
  Kernel kernel{port};
  Stack stack, other_stack;
};

TEST_F(MisuseDeathTest, WaitingOutsideATask) {
  EXPECT_DEATH(kernel.sleep_until(10), "misuse 1 at Kernel::sleep_until: ");
}

TEST_F(MisuseDeathTest, WaitingFromAnotherThread) {
  auto body = [&] { std::thread([&] { kernel.yield(); }).join(); };
  EXPECT_DEATH(in_task(body), "misuse 1 at Kernel::yield: ");
}

TEST_F(MisuseDeathTest, WaitingWithInterruptsMasked) {
  auto body = [&] {
    const InterruptMask mask(port);
    kernel.sleep_until(10);
  };
  EXPECT_DEATH(in_task(body), "misuse 2 at Kernel::sleep_until in task 'culprit'");
}

TEST_F(MisuseDeathTest, UnmaskingTooOften) { EXPECT_DEATH(port.unmask(), "misuse 3 at Port::unmask"); }

TEST_F(MisuseDeathTest, AStackTooSmall) {
  auto body = [] {};
  EXPECT_DEATH((Task{kernel, "tiny", 1, Entry{body}, stack.memory().first(100)}),
               "misuse 4 at Task in task 'tiny'.*must hold");
}

TEST_F(MisuseDeathTest, StartingTwice) {
  auto body = [] {};
  Task task{kernel, "culprit", 1, Entry{body}, stack};
  task.start();
  EXPECT_DEATH(task.start(), "misuse 5 at Task::start in task 'culprit'");
}

TEST_F(MisuseDeathTest, DestroyingALivingTask) {
  auto body = [&] {
    auto child_body = [&] { kernel.sleep_until(1000); };
    Task child{kernel, "child", 5, Entry{child_body}, other_stack};
    child.start();
  };
  EXPECT_DEATH(in_task(body), "misuse 6 at Task in task 'child'");
}

TEST_F(MisuseDeathTest, AnEscapedException) {
  auto body = [] { throw std::runtime_error("nobody catches this"); };
  EXPECT_DEATH(in_task(body), "misuse 7 at Task in task 'culprit'");
}

TEST_F(MisuseDeathTest, RunningTwice) {
  kernel.run();
  EXPECT_DEATH(kernel.run(), "misuse 8 at Kernel::run");
}

TEST_F(MisuseDeathTest, WaitingForeverNamesTheTasks) {
  auto suspended = [&] { kernel.suspend(); };
  Task task{kernel, "second", 1, Entry{suspended}, other_stack};
  task.start();
  auto body = [&] { kernel.sleep_until(forever); };
  EXPECT_DEATH(in_task(body),
               "misuse 9 at Kernel.*'second' waits for resume, 'culprit' waits for the end of time");
}

TEST_F(MisuseDeathTest, TimeStandsStill) {
  auto yields = [&] {
    for (;;) kernel.yield();
  };
  EXPECT_DEATH(in_task(yields), "misuse 10 at Kernel in task 'culprit'");
  auto sleeps_to_the_past = [&] {
    for (;;) kernel.sleep_until(0);
  };
  EXPECT_DEATH(in_task(sleeps_to_the_past), "misuse 10 at Kernel in task 'culprit'");
}

TEST_F(MisuseDeathTest, IgnoringTheStop) {
  auto body = [&] {
    kernel.stop();
    for (;;) kernel.sleep_for(1);
  };
  EXPECT_DEATH(in_task(body), "misuse 11 at a time in task 'culprit'");
}

TEST_F(MisuseDeathTest, APeriodOfNothing) {
  EXPECT_DEATH((Periodic{kernel, {.period = {0}}}), "misuse 12 at Periodic");
  EXPECT_DEATH((Periodic{kernel, {.period = {1, 2}}}), "misuse 12 at Periodic");
  EXPECT_DEATH((Periodic{kernel, {.period = {1, -1}}}), "misuse 12 at Periodic");
}

TEST_F(MisuseDeathTest, ANegativeComputation) {
  auto body = [&] { kernel.consume(-1); };
  EXPECT_DEATH(in_task(body), "misuse 13 at Kernel::consume in task 'culprit'");
}

TEST_F(MisuseDeathTest, APortEnteredElsewhere) {
  LinuxPort real{{.priority = 0, .lock_memory = false, .dma_latency = false}};
  real.enter();
  EXPECT_DEATH(std::thread([&] { real.enter(); }).join(), "misuse 14 at LinuxPort::enter");
}

TEST_F(MisuseDeathTest, TheHandlerSeesTheReport) {
  auto handler = [](const MisuseReport& report) {
    _exit(report.number == Misuse::unbalanced_unmask && std::string_view(report.object) == "Port::unmask"
              ? 42
              : 1);
  };
  EXPECT_EXIT(
      {
        set_misuse_handler(handler);
        port.unmask();
      },
      testing::ExitedWithCode(42), "misuse 3");
}

}  // namespace
}  // namespace tactus::kernel
