#pragma once

#include <atomic>
#include <cstdint>

#include "kernel/port.hpp"
#include "kernel/port/context.hpp"
#include "kernel/ready_queue.hpp"
#include "kernel/result.hpp"
#include "kernel/task.hpp"
#include "kernel/time.hpp"
#include "kernel/timeout_queue.hpp"

namespace tactus::kernel {

class Doorbell;

/// Schedules tasks on one thread: the most urgent ready task runs, first come first served among equals.
///
/// On the virtual port a task is pre-empted at the exact instant within `consume`; on the linux port at its
/// calls to the kernel. Nothing is allocated after construction. Functions marked *task* may be called by
/// tasks of this kernel only, with interrupts unmasked; a call from elsewhere is a misuse (see
/// `kernel/assert.hpp`).
class Kernel {
 public:
  /// The port must outlive the kernel, and the kernel its tasks.
  explicit Kernel(Port& port) noexcept : port_(port) {}
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  /// Runs the started tasks on the calling thread until all have ended. Once in the life of a kernel.
  void run();

  /// Asks all tasks to end: every wait, present and future, comes back with Result::stopped. Any thread, any
  /// task, signal handlers. Before `run` it stops the tasks at their first wait.
  void stop() noexcept;

  /// True once `stop` was called. Any thread.
  [[nodiscard]] bool stopping() const noexcept {
    // acquire: whoever sees the stop sees what was written before it, such as its reason.
    return stop_requested_.load(std::memory_order_acquire);
  }

  /// The time since the port's epoch. The kernel's thread.
  [[nodiscard]] Time now() const noexcept { return port_.now(); }

  /// *Task.* Waits until `time`: ok, or stopped. A time that has passed is no wait.
  Result sleep_until(Time time) noexcept;

  /// *Task.* Waits for `duration` from now: ok, or stopped.
  Result sleep_for(Duration duration) noexcept;

  /// *Task.* Lets the other ready tasks of the same priority go first.
  void yield() noexcept;

  /// *Task.* Computes for `duration`, not counting the time in which more urgent tasks pre-empt it: ok, or
  /// stopped when it was cut short. Virtual time moves by it; real time passes. A release at the very end
  /// comes first.
  Result consume(Duration duration) noexcept;

  /// *Task.* Waits until another task resumes this one: ok, or stopped.
  Result suspend() noexcept;

  /// *Task.* Ends the `suspend` that `task` is in; false if it is in none. Pre-empts the caller if more
  /// urgent.
  bool resume(Task& task) noexcept;

  /// *Task.* The caller.
  [[nodiscard]] Task& current() noexcept { return caller("Kernel::current"); }

  [[nodiscard]] Port& port() noexcept { return port_; }

  // The seam for the kernel's own synchronisation objects. All are called with interrupts masked once.

  /// The calling task, checked; `call` names the caller's function in the report.
  Task& caller(const char* call) noexcept;

  /// The calling task waits until `wake`, until `deadline` (forever: none), or until the kernel stops. `what`
  /// says what for, in words, for the reports; it must outlive the wait.
  Result block(Task& self, const char* what, Time deadline) noexcept;

  /// Ends the wait of `task` with `result`. The caller is not pre-empted before `reschedule`.
  void wake(Task& task, Result result) noexcept;

  /// Serves what is due and gives the processor to a more urgent task, if there is one.
  void reschedule() noexcept;

  /// Any thread: puts a bell that is not in the list of those rung into it, and wakes the kernel.
  void list_rung(Doorbell& bell) noexcept;

 private:
  friend class Task;

  enum class Phase : std::uint8_t { created, running, ended };

  void adopt(Task& task) noexcept;
  void forget(Task& task) noexcept;
  void start(Task& task) noexcept;
  void task_begins() noexcept;
  [[noreturn]] void task_ends() noexcept;

  Task& checked(const char* call) noexcept;
  [[gnu::always_inline]] inline void dispatch() noexcept;  // for the switch in it, see context_switch.hpp
  [[gnu::always_inline]] inline Task* pick() noexcept;
  inline void serve() noexcept;
  Task* wait_for_ready() noexcept;
  void expire_timeouts() noexcept;
  void answer_doorbells() noexcept;
  void release_waiting() noexcept;
  void count_switch() noexcept;
  [[noreturn]] void report_waits_forever() noexcept;

  Port& port_;
  Task* running_ = nullptr;
  ReadyQueue ready_;
  TimeoutQueue timeouts_;
  Context main_;             ///< the flow that called `run`
  Task* tasks_ = nullptr;    ///< all tasks, in order of creation
  std::uint64_t alive_ = 0;  ///< started and not ended
  Phase phase_ = Phase::created;
  bool stop_served_ = false;
  std::uint64_t refused_waits_ = 0;
  std::uint64_t switches_ = 0;  ///< since `instant_` was looked at
  Time instant_ = -1;
  std::atomic<bool> stop_requested_{false};
  std::atomic<Doorbell*> rung_{nullptr};  ///< a list, the last one first
};

}  // namespace tactus::kernel
