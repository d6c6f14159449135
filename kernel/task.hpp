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

namespace tactus::kernel {

class Kernel;

enum class TaskState : std::uint8_t { created, ready, running, waiting, ended };

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

  [[nodiscard]] const char* name() const noexcept { return name_.data(); }
  [[nodiscard]] Priority priority() const noexcept { return ReadyNode::priority; }
  [[nodiscard]] TaskState state() const noexcept { return state_; }

  [[nodiscard]] std::size_t stack_size() const noexcept { return stack_.size(); }
  /// The most bytes of the stack that were ever in use. On the kernel's thread, or after the run.
  [[nodiscard]] std::size_t stack_used() const noexcept { return kernel::stack_used(stack_); }

 private:
  friend class Kernel;

  /// The time-out of the wait that the task is in.
  struct WaitTimeout : Timeout {
    explicit WaitTimeout(Task& waiting) noexcept;
    Task& task;
  };

  static void run(void* self) noexcept;

  Kernel& kernel_;
  TaskState state_ = TaskState::created;
  Result result_ = Result::ok;  ///< how the last wait ended
  bool suspended_ = false;
  const char* waits_for_ = "";  ///< what the present wait is for, in words
  Entry entry_;
  std::span<std::byte> stack_;
  Context context_;
  WaitTimeout timeout_;
  Task* next_task_ = nullptr;  ///< the kernel's list of all tasks, in order of creation
  std::array<char, 32> name_{};
};

}  // namespace tactus::kernel
