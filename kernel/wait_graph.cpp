// Who waits for whom: how a circle is found, and what is printed when nobody can go on.
#include <array>
#include <string_view>

#include "kernel/kernel.hpp"
#include "kernel/task.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {
namespace {

/// Whom the task waits for; null when it waits for nobody in particular.
const Task* next_of(const WaitQueue* queue) { return queue == nullptr ? nullptr : queue->holder(); }

/// Text of a bounded length; what does not fit is left out.
class Text {
 public:
  Text& operator<<(std::string_view part) {
    length_ += part.copy(text_.data() + length_, text_.size() - 1 - length_);
    return *this;
  }
  [[nodiscard]] bool empty() const { return length_ == 0; }
  [[nodiscard]] const char* c_str() const { return text_.data(); }

 private:
  std::array<char, 1536> text_{};
  std::size_t length_ = 0;
};

}  // namespace

bool Kernel::closes_circle(Task& self, const WaitQueue& queue) noexcept {
  // Ends: every circle was refused before it was closed, so the way leads to a task that does not wait.
  const Task* task = queue.holder();
  while (task != nullptr && task != &self) task = next_of(task->queue_);
  if (task == nullptr) return false;
  cycle_size_ = 0;
  cycle_[cycle_size_++] = &self;
  for (task = queue.holder(); task != &self && cycle_size_ < cycle_.size(); task = next_of(task->queue_)) {
    cycle_[cycle_size_++] = task;
  }
  return true;
}

void Kernel::report_waits_forever() noexcept {
  Text text;
  for (const Task* task = tasks_; task != nullptr; task = task->next_task_) {
    const bool suspended = task->state_ == TaskState::suspended;
    if (!suspended && task->state_ != TaskState::waiting) continue;
    if (!text.empty()) text << ", ";
    text << "'" << task->name() << "' waits for " << (suspended ? "resume" : task->waits_for_);
    const WaitQueue* const queue = task->queue_;
    if (queue == nullptr) continue;
    text << " '" << queue->name() << "'";
    const Task* const holder = queue->holder();
    if (holder != nullptr && holder->name() != queue->name()) text << " of '" << holder->name() << "'";
  }
  fail(Misuse::waits_forever, "Kernel", "", text.c_str());
}

void Kernel::fail_at(Misuse number, const char* call, const char* object) const noexcept {
  Text text;
  text << call;
  if (*object != '\0') text << " of '" << object << "'";
  const bool by_task = running_ != nullptr && of_thread_ == this && !in_handler_;
  fail(number, text.c_str(), by_task ? running_->name() : "");
}

}  // namespace tactus::kernel
