#pragma once

#include "kernel/entry.hpp"
#include "kernel/kernel.hpp"
#include "kernel/ready_queue.hpp"

namespace tactus::kernel {

/// The deferred half of an interrupt's service (a DSR): a function that the kernel calls, on whatever stack
/// is at hand, after all interrupts and time-outs of the instant and before any task; of several, the most
/// urgent first. It is a handler: short, without waiting; it may wake tasks, and call what is tried
/// `at_once`.
class Tasklet : private ReadyNode {
 public:
  /// `body` must outlive the tasklet.
  Tasklet(Kernel& kernel, Priority urgency, Entry body) noexcept
      : ReadyNode{.priority = urgency}, kernel_(kernel), body_(body) {}
  ~Tasklet();
  Tasklet(const Tasklet&) = delete;
  Tasklet& operator=(const Tasklet&) = delete;

  /// Lets the kernel call it, once; it may be scheduled again in its own body. By handlers, and by tasks,
  /// which it interrupts at once. Does nothing when it is scheduled already.
  void schedule() noexcept;

  /// Takes it back; false if it was not scheduled.
  bool cancel() noexcept;

 private:
  friend class Kernel;

  Kernel& kernel_;
  Entry body_;
  bool scheduled_ = false;
};

}  // namespace tactus::kernel
