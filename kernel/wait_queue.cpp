#include "kernel/wait_queue.hpp"

#include "kernel/call.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task.hpp"

namespace tactus::kernel {

WaitQueue::~WaitQueue() {
  if (empty()) return;
  const Call call(*this, "destructor");
  while (head_ != nullptr) kernel_.wake(*head_, Result::deleted);
  call.reschedule();
}

Task* WaitQueue::after(const Task& task) const noexcept {
  return task.queue_next_ == head_ ? nullptr : task.queue_next_;
}

void* WaitQueue::request_of(const Task& task) noexcept { return task.request_; }

void WaitQueue::wake(Task& task) noexcept { kernel_.wake(task, Result::ok); }

bool WaitQueue::wake_first() noexcept {
  if (empty()) return false;
  wake(*head_);
  return true;
}

void WaitQueue::wake_all() noexcept {
  while (!empty()) wake(*head_);
}

/// Puts a task behind those that are at least as urgent, or behind all.
void WaitQueue::insert(Task& task) noexcept {
  task.queue_ = this;
  ++size_;
  if (head_ == nullptr) {
    head_ = task.queue_next_ = task.queue_previous_ = &task;
    return;
  }
  Task* before = head_->queue_previous_;  // the last
  bool first = false;
  if (order_ == Order::priority) {
    while (!first && before->priority() < task.priority()) {
      first = before == head_;
      before = before->queue_previous_;
    }
  }
  task.queue_previous_ = before;
  task.queue_next_ = before->queue_next_;
  before->queue_next_->queue_previous_ = &task;
  before->queue_next_ = &task;
  if (first) head_ = &task;
}

void WaitQueue::unlink(Task& task) noexcept {
  task.queue_ = nullptr;
  --size_;
  if (task.queue_next_ == &task) {
    head_ = nullptr;
    return;
  }
  task.queue_previous_->queue_next_ = task.queue_next_;
  task.queue_next_->queue_previous_ = task.queue_previous_;
  if (head_ == &task) head_ = task.queue_next_;
}

}  // namespace tactus::kernel
