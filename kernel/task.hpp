#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "kernel/entry.hpp"
#include "kernel/port/context.hpp"
#include "kernel/ready_queue.hpp"
#include "kernel/result.hpp"
#include "kernel/stack.hpp"
#include "kernel/timeout_queue.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

class Kernel;
class Resource;

enum class TaskState : std::uint8_t {
  created,    ///< not started
  ready,      ///< could run
  running,    ///< runs
  waiting,    ///< in a call that waits
  suspended,  ///< could run, but for `Kernel::suspend`
  ended,      ///< returned from its entry
};

/// A flow of control with a priority, scheduled by one kernel: the most urgent ready task runs, and among
/// equals the one that has been ready for longest. A task ends by returning from its entry, in no other way.
/// Its memory is the caller's: the object itself, the stack, and what the entry refers to must outlive the
/// run.
class Task : private ReadyNode {
 public:
  /// Makes a task that does not run until `start`. `name` is copied, up to 31 characters; `priority` 0 to
  /// 255, higher is more urgent; `stack` holds at least `minimum_stack` bytes (see `Stack`). Fills the stack
  /// with a pattern. Before `run`, by any one thread; afterwards by tasks of the kernel.
  Task(Kernel& kernel, std::string_view name, Priority priority, Entry entry, std::span<std::byte> stack);
  ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// Makes the task ready; once. A running task that starts a more urgent one is pre-empted by it at once.
  void start();

  /// *Task.* Waits until this task has ended: ok, timed_out, stopped, or deadlock if it waits for the caller.
  Result join(WaitLimit limit = {}) noexcept;

  /// Changes the task's own priority; what it inherits, and its locks' ceilings, hold on. Raised, it goes
  /// behind those of its new priority; lowered, before them. Before the run, by tasks and by handlers.
  void set_priority(Priority priority) noexcept;

  /// Lets the other ready tasks of its priority go first whenever this one has computed for so long (in
  /// `Kernel::consume`) without waiting; 0 for never. Before `start`, or by tasks.
  void set_quantum(Duration quantum) noexcept { quantum_ = quantum_left_ = quantum; }

  [[nodiscard]] const char* name() const noexcept { return name_.data(); }
  /// How urgent it is now, with what it inherits.
  [[nodiscard]] Priority priority() const noexcept { return ReadyNode::priority; }
  /// How urgent it is by itself.
  [[nodiscard]] Priority base_priority() const noexcept { return base_priority_; }
  [[nodiscard]] TaskState state() const noexcept { return state_; }

  [[nodiscard]] std::size_t stack_size() const noexcept { return stack_.size(); }
  /// The most bytes of the stack that were ever in use. On the kernel's thread, or after the run.
  [[nodiscard]] std::size_t stack_used() const noexcept { return kernel::stack_used(stack_); }

 private:
  friend class Kernel;
  friend class Resource;
  friend class SchedulerLock;
  friend class WaitQueue;

  /// The time-out of the wait that the task is in.
  struct WaitTimeout : Timeout {
    explicit WaitTimeout(Task& waiting) noexcept;
    Task& task;
  };

  /// Those who wait for the end of the task.
  struct Joiners : WaitQueue {
    Joiners(Kernel& kernel, Task& joined) noexcept;
  };

  static void run(void* self) noexcept;

  Kernel& kernel_;
  TaskState state_ = TaskState::created;
  Result result_ = Result::ok;  ///< how the last wait ended
  bool suspended_ = false;
  bool stoppable_ = true;  ///< the present wait ends when the kernel stops
  Priority base_priority_;
  Priority lock_ceiling_ = 0;  ///< of the innermost scheduler lock
  int scheduler_locks_ = 0;
  Resource* held_ = nullptr;  ///< what it holds, the last first
  Duration quantum_ = 0;
  Duration quantum_left_ = 0;
  const char* waits_for_ = "";  ///< what the present wait is for, in words
  WaitQueue* queue_ = nullptr;  ///< that it waits in
  Task* queue_next_ = nullptr;
  Task* queue_previous_ = nullptr;
  void* request_ = nullptr;  ///< see WaitQueue::request_of
  Entry entry_;
  std::span<std::byte> stack_;
  Context context_;
  WaitTimeout timeout_;
  Task* next_task_ = nullptr;  ///< the kernel's list of all tasks, in order of creation
  std::array<char, 32> name_{};
  Joiners joiners_;
};

}  // namespace tactus::kernel
