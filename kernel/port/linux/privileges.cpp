#include "kernel/port/linux/privileges.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "kernel/port/linux/rights.hpp"

namespace tactus::kernel {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

/// Grows the thread's own stack now; its pages stay, so that no fault happens later.
__attribute__((noinline)) void prefault_stack() {
  std::array<char, 64 * 1024> pages;  // NOLINT: it is filled right below
  explicit_bzero(pages.data(), pages.size());
}

/// Real-time throttling in force: microseconds granted per second, or -1 for no limit or unknown.
long throttled_runtime() {
  long runtime = -1;
  if (std::FILE* const file = std::fopen("/proc/sys/kernel/sched_rt_runtime_us", "re")) {
    if (std::fscanf(file, "%ld", &runtime) != 1)
      runtime = -1;  // NOLINT(cert-err34-c): one number, from the system
    std::fclose(file);
  }
  return runtime;
}

}  // namespace

std::string Privilege::text() const {
  if (granted) return asked + ": granted";
  return asked + ": refused; " + got + "; " + remedy;
}

Privileges::Privileges(const LinuxOptions& options) {
  if (options.lock_memory) lock_memory();
  if (options.core) pin(*options.core);
  if (options.priority > 0) raise_priority(options.priority);
  if (!raised_) lower_timer_slack();
  if (options.dma_latency) hold_dma_latency();
  if (options.spin > 0 && raised_) check_throttling();
  if (options.give_up_rights) give_up_rights();
}

Privileges::~Privileges() {
  if (dma_latency_ >= 0) close(dma_latency_);
  if (old_timer_slack_ >= 0) prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(old_timer_slack_), 0, 0, 0);
  // Who may not take the flag away, which needs a right that may have been given up, keeps it.
  if (raised_ && sched_setscheduler(0, old_policy_, &old_parameters_) != 0)
    sched_setscheduler(0, old_policy_ | SCHED_RESET_ON_FORK, &old_parameters_);
  if (pinned_) sched_setaffinity(0, sizeof old_cores_, &old_cores_);
}

void Privileges::note(std::string asked, bool granted, std::string got, std::string remedy) {
  if (granted) {
    report_.push_back({std::move(asked), true, "", ""});
  } else {
    report_.push_back({std::move(asked), false, std::move(got), std::move(remedy)});
  }
}

void Privileges::lock_memory() {
  // With a limit in force, locking future memory as well would make later allocations fail; lock what there
  // is.
  const rlimit no_limit{RLIM_INFINITY, RLIM_INFINITY};
  const bool unlimited = setrlimit(RLIMIT_MEMLOCK, &no_limit) == 0 || may_lock_without_limit();
  const bool locked = mlockall(unlimited ? MCL_CURRENT | MCL_FUTURE : MCL_CURRENT) == 0;
  const std::string why =
      locked ? "locked what is mapped now, not what will be" : "pages may fault: " + reason(errno);
  prefault_stack();
  note("memory locked", locked && unlimited, why,
       "raise the limit: 'memlock unlimited' for the user in /etc/security/limits.d, then log in again");
}

void Privileges::pin(int core) {
  sched_getaffinity(0, sizeof old_cores_, &old_cores_);
  cpu_set_t wanted;
  CPU_ZERO(&wanted);
  if (core >= 0 && core < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(core), &wanted);
  pinned_ = sched_setaffinity(0, sizeof wanted, &wanted) == 0;
  note("core " + std::to_string(core), pinned_,
       "the thread may run on any core allowed before: " + reason(errno),
       "choose a core below " + std::to_string(sysconf(_SC_NPROCESSORS_CONF)) + " that this process may use");
}

void Privileges::raise_priority(int priority) {
  old_policy_ = sched_getscheduler(0);
  sched_getparam(0, &old_parameters_);
  sched_param parameters{};
  parameters.sched_priority = priority;
  // Threads and processes made by real-time code must not be real-time ones by accident.
  raised_ = sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
  note("SCHED_FIFO priority " + std::to_string(priority), raised_,
       "the thread competes with every other program: " + reason(errno),
       priority > 99 ? "choose a priority of 1 to 99"
                     : "allow it: 'rtprio " + std::to_string(priority) +
                           "' for the user in /etc/security/limits.d, then log in again");
}

void Privileges::lower_timer_slack() {
  // Ordinary threads are woken up to 50 us late on purpose, to save energy. Real-time threads never are.
  old_timer_slack_ = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
  const bool done = prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0) == 0;
  note("timer slack 1 ns", done, "wake-ups are late by the system's slack: " + reason(errno),
       "none is known");
}

void Privileges::hold_dma_latency() {
  // The request holds for as long as the file is open.
  dma_latency_ = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC);
  const std::int32_t microseconds = 0;
  const bool held =
      dma_latency_ >= 0 && write(dma_latency_, &microseconds, sizeof microseconds) == sizeof microseconds;
  note("no deep processor sleep", held, "waking up from deep sleep may add latency: " + reason(errno),
       "give the user write access to /dev/cpu_dma_latency (a udev rule)");
}

void Privileges::check_throttling() {
  const long runtime = throttled_runtime();
  note("no real-time throttling", runtime < 0,
       "a thread that spins without pause is stopped after " + std::to_string(runtime) + " us of each period",
       "sysctl -w kernel.sched_rt_runtime_us=-1");
}

}  // namespace tactus::kernel
