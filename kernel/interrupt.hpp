#pragma once

#include <optional>

#include "kernel/entry.hpp"
#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// A source of interrupts, 0 to 63: at one instant, the lower goes first. It may have a handler (an ISR),
/// which the kernel calls with interrupts masked, and tasks may wait for it. Raised again before it is
/// served, it is one interrupt.
///
/// The handler should do the least (take the data, schedule a `Tasklet`) and must not wait. A task that does
/// nothing but wait for an interrupt and tell a server of it is a notifier.
class Interrupt {
 public:
  /// Attaches to `source`, on which nothing else may be. `name` must outlive it.
  Interrupt(Kernel& kernel, unsigned source, const char* name) noexcept;
  /// With a handler, which must outlive it.
  Interrupt(Kernel& kernel, unsigned source, const char* name, Entry handler) noexcept;
  /// Detaches; those who wait see Result::deleted.
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Interrupts the kernel: served at the latest when its running task waits or, in virtual time, computes.
  /// Any thread, tasks, handlers, signal handlers; a system call only if the kernel sleeps.
  void raise() noexcept;

  /// *Task.* Waits for the next interrupt, after its handler; one that came while no task waited is
  /// remembered. All who wait are woken.
  Result await(WaitLimit limit = {}) noexcept;

 private:
  friend class Kernel;

  void serve() noexcept;

  WaitQueue waiting_;
  unsigned source_;
  std::optional<Entry> handler_;
  bool remembered_ = false;
};

}  // namespace tactus::kernel
