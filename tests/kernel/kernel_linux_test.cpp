// The same kernel in real time. Real machines are late, so these tests compare order and bounds, never
// durations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "tests/kernel/sanitizers.hpp"

namespace tactus::kernel {
namespace {

constexpr LinuxOptions unprivileged{.priority = 0, .lock_memory = false, .dma_latency = false};

class KernelLinux : public testing::Test {
 protected:
  LinuxPort port{unprivileged};
  Kernel kernel{port};
  Stack stack_a, stack_b;
};

TEST_F(KernelLinux, TheClockIsMonotonicTimeSinceTheEpoch) {
  timespec before{};
  clock_gettime(CLOCK_MONOTONIC, &before);
  const Time now = port.now();
  EXPECT_GE(now + port.epoch(), before.tv_sec * second + before.tv_nsec);
  EXPECT_GE(port.now(), now);
  LinuxPort twin{{.priority = 0, .lock_memory = false, .dma_latency = false, .epoch = port.epoch()}};
  EXPECT_GE(twin.now(), now) << "kernels that share an epoch share the time";
}

TEST_F(KernelLinux, PeriodicReleasesAreNeverEarlyAndNoneIsLost) {
  auto body = [&] {
    Periodic periodic{kernel, {.start = kernel.now() + millisecond, .period = {2 * millisecond, 3}}};
    std::uint64_t expected = 0;
    while (expected < 300) {
      const Release release = periodic.wait();
      ASSERT_TRUE(release);
      EXPECT_GE(release.woken, release.scheduled);
      EXPECT_EQ(release.scheduled, periodic.release_time(release.index));
      EXPECT_EQ(release.index, expected + release.missed);
      expected = release.index + 1;
    }
  };
  Task task{kernel, "periodic", 1, Entry{body}, stack_a};
  task.start();
  kernel.run();
  EXPECT_EQ(task.state(), TaskState::ended);
}

TEST_F(KernelLinux, SpinningIsNeverEarlyEither) {
  LinuxPort spinning{{.priority = 0, .lock_memory = false, .dma_latency = false, .spin = 50 * microsecond}};
  Kernel spinning_kernel{spinning};
  auto body = [&] {
    Periodic periodic{spinning_kernel, {.start = spinning_kernel.now(), .period = {300 * microsecond}}};
    for (int i = 0; i < 200; ++i) {
      const Release release = periodic.wait();
      ASSERT_TRUE(release);
      EXPECT_GE(release.woken, release.scheduled);
    }
  };
  Task task{spinning_kernel, "spinning", 1, Entry{body}, stack_a};
  task.start();
  spinning_kernel.run();
}

TEST_F(KernelLinux, SleepersWakeInOrderOfTimeThenPriority) {
  std::vector<std::string> order;
  const Time start = kernel.now() + 5 * millisecond;
  struct Sleeper {
    Kernel& kernel;
    std::vector<std::string>& order;
    Time until;
    void run() {
      EXPECT_EQ(kernel.sleep_until(until), Result::ok);
      EXPECT_GE(kernel.now(), until);
      order.emplace_back(kernel.current().name());
    }
  };
  Sleeper early{kernel, order, start};
  Sleeper late{kernel, order, start + 20 * millisecond};
  Stack stack_c;
  // The least urgent: on a busy machine all three may become ready at once, and the order has to hold then,
  // too.
  Task a{kernel, "late", 1, Entry::member<&Sleeper::run>(late), stack_a};
  Task b{kernel, "early, less urgent", 3, Entry::member<&Sleeper::run>(early), stack_b};
  Task c{kernel, "early, more urgent", 5, Entry::member<&Sleeper::run>(early), stack_c};
  for (Task* task : {&a, &b, &c}) task->start();
  kernel.run();
  EXPECT_THAT(order, testing::ElementsAre("early, more urgent", "early, less urgent", "late"));
}

TEST_F(KernelLinux, AComputationIsPreemptedAndMadeUpFor) {
  Time urgent_at = 0;
  Time low_done = 0;
  const Time release = kernel.now() + 2 * millisecond;
  auto urgent = [&] {
    kernel.sleep_until(release);
    urgent_at = kernel.now();
    kernel.consume(3 * millisecond);
  };
  auto low = [&] {
    const Time begin = kernel.now();
    kernel.consume(10 * millisecond);
    low_done = kernel.now();
    EXPECT_GE(low_done - begin, 10 * millisecond);
  };
  Task a{kernel, "urgent", 9, Entry{urgent}, stack_a};
  Task b{kernel, "low", 1, Entry{low}, stack_b};
  a.start();
  b.start();
  kernel.run();
  EXPECT_GE(urgent_at, release);
  EXPECT_GE(low_done, urgent_at + 3 * millisecond) << "the urgent task ran within the computation";
}

/// Runs a kernel whose only task waits for an hour, and returns when it does wait.
class HourLongWait {
 public:
  explicit HourLongWait(Duration spin = 0)
      : port{{.priority = 0, .lock_memory = false, .dma_latency = false, .spin = spin}} {
    task_.start();
    thread_ = std::thread([this] { kernel.run(); });
    while (!about_to_wait_.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  /// The result of the wait; only comes back if the wait ends.
  Result join() {
    thread_.join();
    return result_;
  }

  LinuxPort port;
  Kernel kernel{port};

  pthread_t thread() { return thread_.native_handle(); }

 private:
  void run() {
    about_to_wait_.store(true, std::memory_order_release);
    result_ = kernel.sleep_for(3600 * second);
  }

  std::atomic<bool> about_to_wait_{false};
  Result result_ = Result::ok;
  Stack stack_;
  Task task_{kernel, "patient", 1, Entry::member<&HourLongWait::run>(*this), stack_};
  std::thread thread_;
};

// Many rounds, so that the stop falls before, into and after the moment in which the thread goes to sleep.
TEST(KernelLinuxStop, AnotherThreadEndsAnHourLongWaitAtOnce) {
  for (int round = 0; round < 300; ++round) {
    HourLongWait waiting{round % 2 == 0 ? 0 : 50 * microsecond};
    for (int i = 0; i < round; ++i) std::this_thread::yield();
    waiting.kernel.stop();
    EXPECT_EQ(waiting.join(), Result::stopped);
    EXPECT_LT(waiting.port.now(), 3600 * second);
  }
}

Kernel* signalled_kernel = nullptr;

TEST(KernelLinuxStop, ASignalHandlerEndsAnHourLongWaitAtOnce) {
  if (test::thread_sanitizer) GTEST_SKIP() << "it holds signals back while a thread is in a futex";
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) { signalled_kernel->stop(); };
  sigaction(SIGUSR1, &action, &before);
  for (int round = 0; round < 100; ++round) {
    HourLongWait waiting;
    signalled_kernel = &waiting.kernel;
    pthread_kill(waiting.thread(), SIGUSR1);
    EXPECT_EQ(waiting.join(), Result::stopped);
  }
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(KernelLinuxStop, OtherSignalsDoNotEndTheWait) {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  sigaction(SIGUSR1, &action, &before);
  LinuxPort port{unprivileged};
  Kernel kernel{port};
  Stack stack;
  std::atomic<bool> done{false};
  auto body = [&] {
    const Time until = kernel.now() + 20 * millisecond;
    EXPECT_EQ(kernel.sleep_until(until), Result::ok);
    EXPECT_GE(kernel.now(), until);
    done.store(true, std::memory_order_release);
  };
  Task task{kernel, "task", 1, Entry{body}, stack};
  task.start();
  const pthread_t self = pthread_self();
  std::thread disturber([&] {
    while (!done.load(std::memory_order_acquire)) pthread_kill(self, SIGUSR1);
  });
  kernel.run();
  disturber.join();
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(KernelLinuxStop, AComputationIsCutShort) {
  LinuxPort port{unprivileged};
  Kernel kernel{port};
  Stack stack;
  std::atomic<bool> computing{false};
  auto body = [&] {
    computing.store(true, std::memory_order_release);
    EXPECT_EQ(kernel.consume(3600 * second), Result::stopped);
  };
  Task task{kernel, "task", 1, Entry{body}, stack};
  task.start();
  std::thread stopper([&] {
    while (!computing.load(std::memory_order_acquire)) std::this_thread::yield();
    kernel.stop();
  });
  kernel.run();
  stopper.join();
  EXPECT_LT(port.now(), 3600 * second);
}

// -- Privileges

const Privilege* find(const LinuxPort& port, const std::string& asked) {
  for (const Privilege& privilege : port.report()) {
    if (privilege.asked == asked) return &privilege;
  }
  return nullptr;
}

TEST(LinuxPrivileges, AnImpossibleCoreIsReportedAndTheKernelRunsAllTheSame) {
  LinuxPort port{{.core = 100'000, .priority = 0, .lock_memory = false, .dma_latency = false}};
  Kernel kernel{port};
  Stack stack;
  bool ran = false;
  auto body = [&] { ran = kernel.sleep_for(microsecond) == Result::ok; };
  Task task{kernel, "task", 1, Entry{body}, stack};
  task.start();
  kernel.run();
  EXPECT_TRUE(ran);
  EXPECT_FALSE(port.all_granted());
  const Privilege* const core = find(port, "core 100000");
  ASSERT_NE(core, nullptr);
  EXPECT_FALSE(core->granted);
  EXPECT_THAT(core->text(),
              testing::MatchesRegex("core 100000: refused; .*Invalid argument; choose a core below .*"));
}

TEST(LinuxPrivileges, AnImpossiblePriorityIsReported) {
  LinuxPort port{{.priority = 1000, .lock_memory = false, .dma_latency = false}};
  port.enter();
  const Privilege* const priority = find(port, "SCHED_FIFO priority 1000");
  ASSERT_NE(priority, nullptr);
  EXPECT_FALSE(priority->granted);
  EXPECT_THAT(priority->remedy, testing::HasSubstr("1 to 99"));
  const Privilege* const slack = find(port, "timer slack 1 ns");
  ASSERT_NE(slack, nullptr) << "an ordinary thread needs it";
  EXPECT_TRUE(slack->granted);
}

TEST(LinuxPrivileges, TheThreadIsGivenBackAsItWas) {
  cpu_set_t before;
  sched_getaffinity(0, sizeof before, &before);
  const int policy = sched_getscheduler(0);
  int core = 0;
  while (!CPU_ISSET(static_cast<std::size_t>(core), &before)) ++core;
  LinuxPort port{{.core = core, .priority = 10, .lock_memory = false, .dma_latency = false}};
  port.enter();
  port.enter();  // again is no harm
  ASSERT_NE(find(port, "core " + std::to_string(core)), nullptr);
  EXPECT_TRUE(find(port, "core " + std::to_string(core))->granted);
  cpu_set_t during;
  sched_getaffinity(0, sizeof during, &during);
  EXPECT_EQ(CPU_COUNT(&during), 1);
  const bool raised = find(port, "SCHED_FIFO priority 10")->granted;
  EXPECT_EQ(sched_getscheduler(0) & ~SCHED_RESET_ON_FORK, raised ? SCHED_FIFO : policy);
  port.leave();
  cpu_set_t after;
  sched_getaffinity(0, sizeof after, &after);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
  EXPECT_EQ(sched_getscheduler(0) & ~SCHED_RESET_ON_FORK, policy);
  EXPECT_FALSE(port.report().empty()) << "the report stays";
}

// In a process of its own: privileges once dropped do not come back.
TEST(LinuxPrivilegesDeathTest, WithoutPrivilegesEverythingIsReportedWithItsRemedy) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  auto unprivileged_process = [] {
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_RTPRIO, &none) != 0 || setrlimit(RLIMIT_MEMLOCK, &none) != 0) _exit(2);
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(3);
    LinuxPort port{{.priority = 50}};
    port.enter();
    for (const Privilege& privilege : port.report()) std::fprintf(stderr, "%s\n", privilege.text().c_str());
    _exit(port.all_granted() ? 4 : 0);
  };
  // The regular expressions of death tests know no groups: the order of the lines is that of the report.
  EXPECT_EXIT(unprivileged_process(), testing::ExitedWithCode(0),
              "SCHED_FIFO priority 50: refused; .*Operation not permitted; allow it: 'rtprio 50'");
  if (!test::address_sanitizer && !test::thread_sanitizer) {  // they make mlockall do nothing
    EXPECT_EXIT(unprivileged_process(), testing::ExitedWithCode(0),
                "memory locked: refused; .*'memlock unlimited'");
  }
  EXPECT_EXIT(unprivileged_process(), testing::ExitedWithCode(0), "timer slack 1 ns: granted");
}

// Two kernels, each on its thread, know nothing of each other.
TEST(KernelLinuxPair, TwoKernelsRunSideBySide) {
  struct Side {
    LinuxPort port{unprivileged};
    Kernel kernel{port};
    Stack stack;
    std::uint64_t served = 0;
    void body() {
      Periodic periodic{kernel, {.start = kernel.now(), .period = {200 * microsecond}}};
      while (served < 100 && periodic.wait()) ++served;
    }
    Task task{kernel, "side", 1, Entry::member<&Side::body>(*this), stack};
  };
  Side left, right;
  left.task.start();
  right.task.start();
  std::thread other([&] { left.kernel.run(); });
  right.kernel.run();
  other.join();
  EXPECT_EQ(left.served, 100U);
  EXPECT_EQ(right.served, 100U);
}

}  // namespace
}  // namespace tactus::kernel
