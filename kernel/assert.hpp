#pragma once

#include <cstdint>

namespace tactus::kernel {

/// What only a wrong program does. Each is numbered for good: the number is what a user reports and looks up.
enum class Misuse : std::uint16_t {
  outside_task = 1,   ///< a call that may wait, made from outside a task of this kernel
  blocks_masked = 2,  ///< a task waits, yields or computes while it masks interrupts: nothing could wake it
  unbalanced_unmask = 3,   ///< interrupts unmasked more often than masked
  stack_too_small = 4,     ///< the stack given is smaller than `minimum_stack`
  started_twice = 5,       ///< `start` on a task that was started before
  destroyed_alive = 6,     ///< a task destroyed while its context still lives; a task ends only by returning
  exception_escaped = 7,   ///< an exception left the task's entry function
  run_twice = 8,           ///< `run` called again; a kernel runs once
  waits_forever = 9,       ///< virtual time: every task waits and no timer is left
  time_stands_still = 10,  ///< virtual time: a million switches at one instant
  waits_after_stop = 11,   ///< a million waits refused since `stop`: some task ignores Result::stopped
  period_not_positive = 12,      ///< a period below one nanosecond
  negative_duration = 13,        ///< a computation of negative length
  wrong_thread = 14,             ///< the port was entered by one thread and used by another
  waits_in_handler = 15,         ///< a call for tasks, or one that may wait, made by a handler
  waits_in_scheduler_lock = 16,  ///< a task waits or yields while it holds the scheduler lock
  not_the_holder = 17,           ///< a task gives back what it does not hold
  ends_holding = 18,             ///< a task returns from its entry while it holds something
  above_ceiling = 19,            ///< a task more urgent than the ceiling takes what has one
  never_held_again = 20,  ///< the task that has a condition's mutex waits for the one that must have it back
  source_taken = 21,      ///< a second handler attached to a source of interrupts
  out_of_range = 22,      ///< an argument outside of its documented range
};

/// One misuse. The strings live during the handler's call only.
struct MisuseReport {
  Misuse number;
  const char* rule;    ///< what should have been done
  const char* object;  ///< the object it happened at: a task, a call, a port
  const char* task;    ///< the running task, or "" outside tasks
  const char* detail;  ///< more, or ""
};

/// Called once, before the process aborts, in the context of the culprit; the text is on standard error by
/// then. It must not return to the kernel's objects; returning from it leads to `abort`.
using MisuseHandler = void (*)(const MisuseReport&);

/// Sets the handler for the whole process and returns the one before; null for none. Any thread.
MisuseHandler set_misuse_handler(MisuseHandler handler) noexcept;

/// Reports a misuse and aborts. Never a hang, never undefined behaviour.
[[noreturn]] void fail(Misuse number, const char* object, const char* task, const char* detail = "") noexcept;

}  // namespace tactus::kernel
