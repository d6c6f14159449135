#include "kernel/port/linux/linux_port.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace tactus::kernel {
namespace {

std::int64_t monotonic() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * second + time.tv_nsec;
}

/// Sleeps while `word` holds `value`, until the absolute monotonic time (null: for ever). One system call
/// that both sleeps to a time, as exactly as clock_nanosleep does, and can be ended by another thread.
int futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t value, const timespec* until) noexcept {
  static_assert(sizeof word == 4 && std::atomic<std::uint32_t>::is_always_lock_free);
  return syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, value, until, nullptr,
                 FUTEX_BITSET_MATCH_ANY) == 0
             ? 0
             : errno;
}

void futex_wake(std::atomic<std::uint32_t>& word) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
}

}  // namespace

LinuxPort::LinuxPort(const LinuxOptions& options)
    : options_(options), epoch_(options.epoch.value_or(monotonic())) {}

LinuxPort::~LinuxPort() { leave(); }

void LinuxPort::enter() {
  const pid_t self = gettid();
  if (thread_ != 0 && thread_ != self) fail(Misuse::wrong_thread, "LinuxPort::enter", "");
  if (thread_ != 0) return;
  thread_ = self;
  privileges_.emplace(options_);
  report_ = privileges_->report();
}

void LinuxPort::leave() noexcept {
  if (thread_ != 0 && thread_ != gettid()) fail(Misuse::wrong_thread, "LinuxPort::leave", "");
  privileges_.reset();
  thread_ = 0;
}

bool LinuxPort::all_granted() const noexcept {
  return std::all_of(report_.begin(), report_.end(),
                     [](const Privilege& privilege) { return privilege.granted; });
}

Time LinuxPort::now() noexcept { return monotonic() - epoch_; }

void LinuxPort::wait_until(Time time) noexcept {
  const Duration spin = options_.spin;
  if (spin == 0 || time == forever) {
    sleep_until(time);
    take_wake();
    return;
  }
  if (now() < time - spin) sleep_until(time - spin);
  work_until(time);
  take_wake();
}

void LinuxPort::work_until(Time time) noexcept {
  // relaxed: only a hint to look; `take_wake` or the kernel's own flag orders what was written before the
  // wake.
  while (now() < time && state_.load(std::memory_order_relaxed) != woken) {
  }
}

/// Leaves `woken` in place for the caller to see.
void LinuxPort::sleep_until(Time time) noexcept {
  std::uint32_t expected = awake;
  // relaxed: publishes nothing; a wake that came before makes it fail, and the caller takes that one.
  if (!state_.compare_exchange_strong(expected, asleep, std::memory_order_relaxed)) return;
  const int saved_errno = errno;  // the wait runs inside a task's call, which must not change its errno
  const bool endless = time >= forever - std::max<std::int64_t>(epoch_, 0);
  timespec until{};
  if (!endless) {
    const std::int64_t absolute = std::max<std::int64_t>(time + epoch_, 0);
    until = {.tv_sec = absolute / second, .tv_nsec = absolute % second};
  }
  int error = EINTR;
  // A signal ends the system call only; whoever wants an early end changes the word, and the loop ends by
  // EAGAIN.
  while (error == EINTR) error = futex_wait(state_, asleep, endless ? nullptr : &until);
  errno = saved_errno;
  expected = asleep;
  // relaxed: as above.
  state_.compare_exchange_strong(expected, awake, std::memory_order_relaxed);
}

/// Uses up a wake that has come; true if there was one.
bool LinuxPort::take_wake() noexcept {
  // acquire: what the waker wrote before `wake`, such as the kernel's stop flag, is seen after this.
  return state_.exchange(awake, std::memory_order_acquire) == woken;
}

void LinuxPort::wake() noexcept {
  // release: pairs with `take_wake`. Only a sleeping thread needs the system call.
  if (state_.exchange(woken, std::memory_order_release) != asleep) return;
  const int saved_errno = errno;  // may be a signal handler
  futex_wake(state_);
  errno = saved_errno;
}

}  // namespace tactus::kernel
