#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "kernel/port.hpp"
#include "kernel/port/context.hpp"
#include "kernel/ready_queue.hpp"
#include "kernel/result.hpp"
#include "kernel/task.hpp"
#include "kernel/time.hpp"
#include "kernel/timeout_queue.hpp"

namespace tactus::kernel {

class Doorbell;
class Interrupt;
class Tasklet;
class Timer;
class WaitQueue;

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

  /// *Task.* The caller does not run until another task resumes it: ok, or stopped.
  Result suspend() noexcept;

  /// `task` does not run until it is resumed; a wait that it is in goes on meanwhile. False if it is not
  /// alive, if it is suspended already, and while the kernel stops. By tasks and handlers.
  bool suspend(Task& task) noexcept;

  /// Undoes `suspend`; false if `task` is not suspended. Pre-empts the caller if more urgent. By tasks and
  /// handlers.
  bool resume(Task& task) noexcept;

  /// *Task.* The caller.
  [[nodiscard]] Task& current() noexcept { return caller("Kernel::current"); }

  /// How often the processor has gone from one task to another. The kernel's thread.
  [[nodiscard]] std::uint64_t switches() const noexcept { return switches_; }

  /// The tasks of the last Result::deadlock: the first wanted what the second holds, which waits for what the
  /// third holds, and so on; the last waits for what the first holds. At most 32 are named. The kernel's
  /// thread, before the next deadlock.
  [[nodiscard]] std::span<const Task* const> deadlock_cycle() const noexcept {
    return std::span(cycle_).first(cycle_size_);
  }

  [[nodiscard]] Port& port() noexcept { return port_; }

  // The seam for the kernel's own objects. All are called with interrupts masked once.

  /// What a wait is about.
  struct Wait {
    const char* what;            ///< in words, for the reports; it must outlive the wait
    Time deadline = forever;     ///< forever: none
    WaitQueue* queue = nullptr;  ///< where the task waits, if others must find it there
    void* request = nullptr;     ///< see WaitQueue::request_of
    bool stoppable = true;       ///< ends when the kernel stops, and is refused after that
  };

  /// True on the kernel's thread; before and after the run on any.
  [[nodiscard]] bool is_here() const noexcept { return of_thread_ == this || phase_ != Phase::running; }

  /// The calling task, checked; `call` names the caller's function in the report, `object` what it was
  /// called on.
  Task& caller(const char* call, const char* object = "") noexcept {
    if (running_ == nullptr || of_thread_ != this) fail_at(Misuse::outside_task, call, object);
    if (in_handler_) fail_at(Misuse::waits_in_handler, call, object);
    return *running_;
  }

  /// The calling task, checked to be one that may give the processor away.
  Task& checked(const char* call, const char* object = "") noexcept;

  /// The calling task waits until `wake`, until the deadline, or until the kernel stops.
  Result block(Task& self, const Wait& wait) noexcept;

  /// Ends the wait of `task` with `result`. The caller is not pre-empted before `reschedule`.
  void wake(Task& task, Result result) noexcept;

  /// A task that waits in a queue goes on waiting in another.
  void move(Task& task, WaitQueue& queue) noexcept;

  /// A task that waits goes on without a limit, also while the kernel stops, and without its request.
  void wait_in_any_case(Task& task) noexcept;

  /// Serves what is due and gives the processor to a more urgent task, if there is one. Does nothing in a
  /// handler or a critical section, whose end does it.
  void reschedule() noexcept;

  /// Counts a call that was not to wait, in vain: in virtual time a loop of them would never end.
  void count_attempt() noexcept { count_turn(); }

  /// Gives `task` the priority that is due to it, and all who depend on that theirs.
  void update_priority(Task& task) noexcept;

  /// Whether `self` in `queue` would wait for itself; if so, notes the circle.
  bool closes_circle(Task& self, const WaitQueue& queue) noexcept;

  /// Any thread: puts a bell that is not in the list of those rung into it, and wakes the kernel.
  void list_rung(Doorbell& bell) noexcept;

  /// Reports a misuse of an object by the running task.
  [[noreturn]] void fail_at(Misuse number, const char* call, const char* object) const noexcept;

 private:
  friend class Interrupt;
  friend class Tasklet;
  friend class Task;
  friend class Timer;

  enum class Phase : std::uint8_t { created, running, ended };

  void adopt(Task& task) noexcept;
  void forget(Task& task) noexcept;
  void start(Task& task) noexcept;
  void task_begins() noexcept;
  [[noreturn]] void task_ends() noexcept;

  [[gnu::always_inline]] inline void dispatch() noexcept;  // for the switch in it, see context_switch.hpp
  [[gnu::always_inline]] inline Task* pick() noexcept;
  [[gnu::always_inline]] inline void count_quantum(Task& self, Duration computed) noexcept;
  inline void serve() noexcept;
  Task* wait_for_ready() noexcept;
  void expire_timeouts() noexcept;
  void run_interrupts() noexcept;
  void run_tasklets() noexcept;
  void make_ready(Task& task) noexcept;
  void enter(Task& task, WaitQueue& queue) noexcept;
  void set_priority(Task& task, Priority priority) noexcept;
  static Priority due_priority(const Task& task) noexcept;
  void check_scheduler_lock(const Task& self, const char* call, const char* object) const noexcept;
  bool refuses_wait(const Task& self, const char* what) noexcept;
  Result suspend_self() noexcept;
  void answer_doorbells() noexcept;
  void release_waiting() noexcept;
  void count_turn() noexcept;
  [[noreturn]] void report_waits_forever() noexcept;

  static constinit thread_local const Kernel* of_thread_;  ///< the one that runs on this thread

  Port& port_;
  Task* running_ = nullptr;
  ReadyQueue ready_;
  ReadyQueue tasklets_;
  TimeoutQueue timeouts_;
  Context main_;             ///< the flow that called `run`
  Task* tasks_ = nullptr;    ///< all tasks, in order of creation
  std::uint64_t alive_ = 0;  ///< started and not ended
  Phase phase_ = Phase::created;
  bool stop_served_ = false;
  bool in_handler_ = false;
  std::uint64_t refused_waits_ = 0;
  std::uint64_t switches_ = 0;
  std::uint64_t turns_ = 0;  ///< since `instant_` was looked at
  Time instant_ = -1;
  std::atomic<bool> stop_requested_{false};
  std::atomic<Doorbell*> rung_{nullptr};     ///< a list, the last one first
  std::atomic<std::uint64_t> raised_{0};     ///< a bit for each source
  std::array<Interrupt*, 64> interrupts_{};  ///< by source
  std::array<const Task*, 32> cycle_{};
  std::size_t cycle_size_ = 0;
};

}  // namespace tactus::kernel
