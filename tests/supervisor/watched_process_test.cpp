#include "supervisor/watched_process.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

namespace tactus {
namespace {

constexpr std::chrono::seconds patience{60};

/// A child that does `what`, watched.
template <class What>
WatchedProcess watch_child(const What& what, pid_t& child) {
  child = fork();
  if (child == 0) {
    what();
    _exit(0);
  }
  return {FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, child, 0))), child};
}

void wait_for_ever() {
  while (true) pause();
}

TEST(WatchedProcess, LivesUntilItIsKilled) {
  pid_t child = 0;
  const WatchedProcess process = watch_child(wait_for_ever, child);
  EXPECT_FALSE(process.dead());
  EXPECT_FALSE(process.dying());
  EXPECT_TRUE(process.kill());
  EXPECT_TRUE(process.wait(patience));
  EXPECT_TRUE(process.dead());
  const Death death = process.death();
  EXPECT_EQ(death.kind, Death::Kind::killed);
  EXPECT_EQ(death.number, SIGKILL);
  EXPECT_EQ(death.text(), "killed by SIGKILL (Killed)");
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(process.kill()) << "nothing to complain about";
}

TEST(WatchedProcess, TellsItsStatus) {
  pid_t child = 0;
  const WatchedProcess process = watch_child([] { _exit(7); }, child);
  ASSERT_TRUE(process.wait(patience));
  EXPECT_TRUE(process.dying());
  EXPECT_EQ(process.death().text(), "exited with status 7");
  waitpid(child, nullptr, 0);
}

TEST(WatchedProcess, IsDeadAlsoForOneWhoComesAfterItsParent) {
  pid_t child = 0;
  const WatchedProcess process = watch_child([] { raise(SIGTERM); }, child);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(process.dead());
  const Death death = process.death();
  // Only newer systems tell.
  EXPECT_TRUE(death.kind == Death::Kind::hidden ||
              (death.kind == Death::Kind::killed && death.number == SIGTERM));
}

TEST(WatchedProcess, TellsThatItIsStopped) {
  pid_t child = 0;
  const WatchedProcess process = watch_child([] { raise(SIGSTOP); }, child);
  ASSERT_EQ(waitpid(child, nullptr, WUNTRACED), child);
  EXPECT_EQ(process.state(), 'T');
  EXPECT_FALSE(process.dead());
  process.kill();
  EXPECT_TRUE(process.wait(patience));
  waitpid(child, nullptr, 0);
}

TEST(WatchedProcess, DiesWithThePriorityOfItsKiller) {
  pid_t child = 0;
  const WatchedProcess process = watch_child(
      [] {
        std::thread other(wait_for_ever);
        other.join();
      },
      child);
  const std::filesystem::path threads = "/proc/" + std::to_string(child) + "/task";
  const auto count = [&] { return std::distance(std::filesystem::directory_iterator(threads), {}); };
  while (count() < 2) std::this_thread::yield();
  process.hasten();
  EXPECT_EQ(sched_getscheduler(child), SCHED_OTHER) << "an ordinary killer has nothing to give";
  const sched_param mine{.sched_priority = 3};
  const sched_param ordinary{};
  const bool granted = sched_setscheduler(0, SCHED_FIFO, &mine) == 0;
  if (granted) {
    process.hasten();
    for (const auto& thread : std::filesystem::directory_iterator(threads)) {
      sched_param theirs{};
      const int number = std::stoi(thread.path().filename());
      EXPECT_EQ(sched_getscheduler(number), SCHED_FIFO);
      EXPECT_EQ(sched_getparam(number, &theirs), 0);
      EXPECT_EQ(theirs.sched_priority, 3);
    }
    sched_setscheduler(0, SCHED_OTHER, &ordinary);
  }
  process.kill();
  EXPECT_TRUE(process.wait(patience));
  waitpid(child, nullptr, 0);
  process.hasten();  // nobody there any more
  if (!granted) GTEST_SKIP() << "this machine gives no real-time priorities";
}

}  // namespace
}  // namespace tactus
