#include "kernel/task.hpp"

#include <algorithm>

#include "kernel/assert.hpp"
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
      entry_(entry),
      stack_(prepared(stack, name)),
      context_(stack_, &Task::run, this),
      timeout_(*this) {
  ReadyNode::priority = priority;
  name.copy(name_.data(), name_.size() - 1);
  kernel_.adopt(*this);
}

Task::~Task() { kernel_.forget(*this); }

void Task::start() { kernel_.start(*this); }

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

}  // namespace tactus::kernel
