#include "kernel/assert.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace tactus::kernel {
namespace {

std::atomic<MisuseHandler> misuse_handler{nullptr};

const char* rule_of(Misuse number) {
  switch (number) {
    case Misuse::outside_task:
      return "this call may wait, so only a task of this kernel may make it";
    case Misuse::blocks_masked:
      return "a task must unmask interrupts before it waits, yields or computes";
    case Misuse::unbalanced_unmask:
      return "each unmask needs a mask before it";
    case Misuse::stack_too_small:
      return "a stack must hold at least kernel::minimum_stack bytes";
    case Misuse::started_twice:
      return "a task is started once";
    case Misuse::destroyed_alive:
      return "a task ends only by returning; destroy it after that";
    case Misuse::exception_escaped:
      return "a task must catch what it throws";
    case Misuse::run_twice:
      return "a kernel runs once; make a new one";
    case Misuse::waits_forever:
      return "every task waits and no timer is left to end it";
    case Misuse::time_stands_still:
      return "a million switches happened at one instant of virtual time";
    case Misuse::waits_after_stop:
      return "a task must return after Result::stopped instead of waiting again";
    case Misuse::period_not_positive:
      return "a period must be at least one nanosecond";
    case Misuse::negative_duration:
      return "a duration must not be negative";
    case Misuse::wrong_thread:
      return "a port serves the thread that entered it";
    case Misuse::waits_in_handler:
      return "a handler is no task and must not wait; let it wake a task, or call with at_once";
    case Misuse::waits_in_scheduler_lock:
      return "a task must end its scheduler locks before it waits or yields; a mutex allows it";
    case Misuse::not_the_holder:
      return "only the task that holds it may give it back, once for each time it took it";
    case Misuse::ends_holding:
      return "a task must give back what it holds before it returns";
    case Misuse::above_ceiling:
      return "a ceiling must be at least the priority of each task that takes it";
    case Misuse::never_held_again:
      return "its holder waits for this task, which cannot go on without it; hold nothing else while waiting";
    case Misuse::source_taken:
      return "a source of interrupts has one handler";
    case Misuse::out_of_range:
      return "an argument is outside of the range that the header documents";
  }
  return "unknown";
}

}  // namespace

MisuseHandler set_misuse_handler(MisuseHandler handler) noexcept {
  // acq_rel: what the caller prepared for its handler is visible to the thread that will call it.
  return misuse_handler.exchange(handler, std::memory_order_acq_rel);
}

void fail(Misuse number, const char* object, const char* task, const char* detail) noexcept {
  const MisuseReport report{number, rule_of(number), object, task, detail};
  std::array<char, 2048> text{};
  const int length = std::snprintf(text.data(), text.size(), "tactus kernel: misuse %d at %s%s%s%s: %s%s%s\n",
                                   static_cast<int>(number), object, *task ? " in task '" : "", task,
                                   *task ? "'" : "", report.rule, *detail ? "; " : "", detail);
  const auto size = std::min(static_cast<std::size_t>(std::max(length, 0)), text.size() - 1);
  // Nothing can be done when standard error is closed: the abort below says the rest.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), size);
  // acquire: pairs with the exchange above.
  if (const MisuseHandler handler = misuse_handler.load(std::memory_order_acquire)) handler(report);
  std::abort();
}

}  // namespace tactus::kernel
