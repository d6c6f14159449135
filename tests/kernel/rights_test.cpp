#include "kernel/port/linux/rights.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "kernel/port/linux/privileges.hpp"

namespace tactus::kernel {
namespace {

/// Whether the calling thread has a capability in any of its three sets.
bool has(unsigned capability) {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> words{};
  EXPECT_EQ(syscall(SYS_capget, &head, words.data()), 0);
  const __user_cap_data_struct& word = words[capability / 32];
  return ((word.effective | word.permitted | word.inheritable) >> (capability % 32) & 1U) != 0;
}

bool gains_none() { return prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL) == 1; }

bool memory_is_limited() {
  rlimit limit{};
  return getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

/// On a thread of its own, since rights that are gone do not come back.
template <class F>
void elsewhere(F body) {
  std::thread(body).join();
}

TEST(Rights, AreGivenUpByOneThreadAndThoseItMakes) {
  const bool had = has(CAP_SYS_NICE);
  const bool could_lock = may_lock_without_limit();
  elsewhere([&] {
    give_up_rights();
    EXPECT_FALSE(has(CAP_SYS_NICE));
    EXPECT_EQ(may_lock_without_limit(), could_lock && memory_is_limited())
        << "kept where memory still to come would meet the limit";
    EXPECT_TRUE(gains_none());
    elsewhere([] {
      EXPECT_FALSE(has(CAP_SYS_NICE));
      EXPECT_TRUE(gains_none());
    });
  });
  EXPECT_EQ(has(CAP_SYS_NICE), had) << "nothing is taken from other threads";
  EXPECT_FALSE(gains_none());
}

TEST(Rights, PrioritiesTakenBeforeStayAndAreGivenBack) {
  elsewhere([] {
    const Privileges first(
        {.priority = 20, .lock_memory = false, .dma_latency = false, .give_up_rights = true});
    if (!first.report().front().granted) GTEST_SKIP() << "this machine grants no priority";
    EXPECT_EQ(sched_getscheduler(0), SCHED_FIFO | SCHED_RESET_ON_FORK);
    EXPECT_FALSE(has(CAP_SYS_NICE));
    rlimit limit{};
    getrlimit(RLIMIT_RTPRIO, &limit);
    if (limit.rlim_cur == 0) {
      const sched_param higher{30};
      EXPECT_NE(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &higher), 0) << "no more can be had";
    }
  });
  elsewhere([] {
    {
      const Privileges all(
          {.priority = 20, .lock_memory = false, .dma_latency = false, .give_up_rights = true});
      if (!all.report().front().granted) GTEST_SKIP() << "this machine grants no priority";
    }
    EXPECT_EQ(sched_getscheduler(0) & ~SCHED_RESET_ON_FORK, SCHED_OTHER) << "without the right to raise it";
  });
}

TEST(Rights, ThreadsThatComeLaterStillGetTheirPriority) {
  const auto take = [](int priority) {
    bool granted = false;
    elsewhere([&] {
      const Privileges taken(
          {.priority = priority, .lock_memory = false, .dma_latency = false, .give_up_rights = true});
      granted = taken.report().front().granted;
    });
    return granted;
  };
  EXPECT_EQ(take(20), take(21)) << "the second one asks after the first one has given up";
}

}  // namespace
}  // namespace tactus::kernel
