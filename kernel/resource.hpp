#pragma once

#include "kernel/call.hpp"
#include "kernel/result.hpp"
#include "kernel/task.hpp"
#include "kernel/timeout_queue.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// What keeps a task of middling urgency from delaying a more urgent one that waits for what a less urgent
/// one holds.
enum class Protocol : std::uint8_t {
  /// The holder runs at least at the priority of the most urgent task that waits, through chains of holders.
  inheritance,
  /// The holder runs at least at the ceiling from the moment it gets the resource. Fewest switches.
  ceiling,
  /// Nothing does: priority inversion without bound. For resources of tasks of one priority.
  none,
};

/// A wait queue with a holder: what one task at a time has, and others wait for in order of priority. The
/// part that all such objects share: protocols, handing over, deadlock. The seam for objects, within a
/// `Call`.
class Resource : public WaitQueue {
 public:
  /// `ceiling` counts with Protocol::ceiling only.
  Resource(Kernel& kernel, const char* kind, const char* name, Protocol protocol, Priority ceiling) noexcept;

  /// The holder has it no longer; those who wait see Result::deleted.
  ~Resource();

  /// Whether the ceiling forbids `task` to have it.
  [[nodiscard]] bool is_above_ceiling(const Task& task) const noexcept {
    return protocol_ == Protocol::ceiling && task.base_priority() > ceiling_;
  }

  /// `task` has it from now on; nobody had.
  void hold(Task& task) noexcept;

  /// The holder has it no longer, and nobody gets it.
  void let_go() noexcept;

  /// The holder has it no longer; the first who waits gets it, with Result::ok.
  void hand_over() noexcept;

  /// Waits to get it, from another task; Result::deadlock at once if that could never be.
  Result wait_to_hold(const Call& call, WaitLimit limit) noexcept;

  /// A task that waits elsewhere, without a limit from now on, gets it when its turn comes.
  void transfer(const Call& call, Task& task) noexcept;

  /// The holder gives it to a task that waits elsewhere, before all who wait here.
  void give_to(Task& task) noexcept;

  /// Gets it back, however long that takes, also while the kernel stops: ok, or deleted.
  Result hold_again(const Call& call) noexcept;

 private:
  friend class Kernel;

  /// The priority that it gives to its holder.
  [[nodiscard]] Priority urgency() const noexcept;

  Protocol protocol_;
  Priority ceiling_;
  Resource* next_held_ = nullptr;  ///< the holder's list, the last one first
};

// Inline: the whole of a lock and an unlock that nobody contends.

inline void Resource::hold(Task& task) noexcept {
  holder_ = &task;
  next_held_ = task.held_;
  task.held_ = this;
  if (protocol_ == Protocol::ceiling || !empty()) kernel().update_priority(task);
}

inline void Resource::let_go() noexcept {
  Task& task = *holder_;
  Resource** link = &task.held_;  // mostly the first: what is got last is given back first
  while (*link != this) link = &(*link)->next_held_;
  *link = next_held_;
  holder_ = nullptr;
  if (task.priority() != task.base_priority()) kernel().update_priority(task);
}

}  // namespace tactus::kernel
