// The priority that is due to a task, and how a change of it goes on along those who depend on it.
#include <algorithm>

#include "kernel/kernel.hpp"
#include "kernel/resource.hpp"
#include "kernel/task.hpp"

namespace tactus::kernel {

void Kernel::update_priority(Task& task) noexcept {
  // Ends: the wait graph has no circles. Where nothing changes, nothing further on does.
  for (Task* changed = &task; changed != nullptr;) {
    const Priority due = due_priority(*changed);
    if (due == changed->priority()) return;
    set_priority(*changed, due);
    const WaitQueue* const queue = changed->queue_;
    changed = queue != nullptr && queue->inherits_ ? queue->holder_ : nullptr;
  }
}

Priority Kernel::due_priority(const Task& task) noexcept {
  Priority due = std::max(task.base_priority_, task.lock_ceiling_);
  for (const Resource* held = task.held_; held != nullptr; held = held->next_held_) {
    due = std::max(due, held->urgency());
  }
  return due;
}

/// A task that is raised goes behind those of its new priority; one that is lowered, before them: it must not
/// lose its turn by having been raised for a while.
void Kernel::set_priority(Task& task, Priority priority) noexcept {
  Priority& present = static_cast<ReadyNode&>(task).priority;
  if (task.state_ == TaskState::ready) {
    const bool raised = priority > present;
    ready_.remove(task);
    present = priority;
    if (raised) {
      ready_.push_back(task);
    } else {
      ready_.push_front(task);
    }
    return;
  }
  timeouts_.set_priority(task.timeout_, priority);
  WaitQueue* const queue = task.queue_;
  if (queue == nullptr || queue->order_ == Order::fifo) {
    present = priority;
    return;
  }
  queue->unlink(task);
  present = priority;
  queue->insert(task);
}

}  // namespace tactus::kernel
