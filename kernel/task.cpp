#include "kernel/task.hpp"

#include <algorithm>

#include "kernel/assert.hpp"
#include "kernel/call.hpp"
#include "kernel/kernel.hpp"

namespace tactus::kernel {
namespace {

/// Checks and fills a stack before the context is laid on it.
std::span<std::byte> prepared(std::span<std::byte> stack, std::string_view name) {
  if (stack.size() < minimum_stack) {
    std::array<char, 32> text{};
    name.copy(text.data(), text.size() - 1);
    fail(Misuse::stack_too_small, "Task", text.data());
  }
  fill_stack(stack);
  return stack;
}

}  // namespace

Task::Task(Kernel& kernel, std::string_view name, Priority priority, Entry entry, std::span<std::byte> stack)
    : kernel_(kernel),
      base_priority_(priority),
      entry_(entry),
      stack_(prepared(stack, name)),
      context_(stack_, &Task::run, this),
      timeout_(*this),
      joiners_(kernel, *this) {
  ReadyNode::priority = priority;
  name.copy(name_.data(), name_.size() - 1);
  kernel_.adopt(*this);
}

Task::~Task() { kernel_.forget(*this); }

void Task::start() { kernel_.start(*this); }

Result Task::join(WaitLimit limit) noexcept {
  const Call call(joiners_, "Task::join");
  if (state_ == TaskState::ended) return Result::ok;
  if (!limit.is_at_once() && kernel_.closes_circle(call.task(), joiners_)) return Result::deadlock;
  return call.wait(joiners_, limit);
}

void Task::set_priority(Priority priority) noexcept {
  const Call call(joiners_, "Task::set_priority");
  base_priority_ = priority;
  kernel_.update_priority(*this);
  call.reschedule();
}

void Task::run(void* self) noexcept {
  Task& task = *static_cast<Task*>(self);
  task.kernel_.task_begins();
  try {
    task.entry_();
  } catch (...) {
    fail(Misuse::exception_escaped, "Task", task.name());
  }
  task.kernel_.task_ends();
}

Task::WaitTimeout::WaitTimeout(Task& waiting) noexcept
    : Timeout([](Timeout& timeout) {
        Task& expired = static_cast<WaitTimeout&>(timeout).task;
        expired.kernel_.wake(expired, Result::timed_out);
      }),
      task(waiting) {}

Task::Joiners::Joiners(Kernel& kernel, Task& joined) noexcept
    : WaitQueue(kernel, "the end of", joined.name(), Order::priority) {
  holder_ = &joined;
}

}  // namespace tactus::kernel
