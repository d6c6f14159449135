#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>

#include "kernel/kernel.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
#include "kernel/stack.hpp"
#include "kernel/task.hpp"
#include "tests/kernel/trace.hpp"

namespace tactus::kernel::test {

/// A kernel in virtual time, and tasks made of lambdas.
class Scene {
 public:
  /// Makes and starts a task.
  Task& task(const std::string& name, Priority priority, std::function<void()> body) {
    Actor& actor = actors_.emplace_back(kernel, name, priority, std::move(body));
    actor.task.start();
    return actor.task;
  }

  VirtualPort port;
  Kernel kernel{port};
  Trace trace{kernel};

 private:
  struct Actor {
    Actor(Kernel& kernel, const std::string& name, Priority priority, std::function<void()> function)
        : body(std::move(function)), task(kernel, name, priority, Entry{body}, stack) {}
    std::function<void()> body;
    Stack stack{std::size_t{64} * 1024};
    Task task;
  };

  std::deque<Actor> actors_;
};

}  // namespace tactus::kernel::test
