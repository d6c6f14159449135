#pragma once

#include <atomic>

#include "kernel/kernel.hpp"
#include "kernel/result.hpp"

namespace tactus::kernel {

/// How the outside calls a task: another kernel, on another core, or an ordinary thread rings, one task of
/// this kernel waits. The kernel's counterpart of an interrupt between processors: rings that come before the
/// first of them is answered are one ring, and no ring is lost. It carries no data; whoever waits sees what
/// was written before the ring.
///
/// | stopped                                   | what the other side sees                                  |
/// |-------------------------------------------|-----------------------------------------------------------|
/// | ringer, before it is in the kernel's list | no ring yet                                               |
/// | ringer, in the list, before `Port::wake`  | the ring, if the kernel looks for another reason; a kernel |
/// |                                           | that sleeps goes on sleeping until the ringer goes on     |
/// | kernel, between taking the list and       | the next ring enters the list anew, so it is answered too |
/// | clearing the bell's mark                  | by this round (it came before the mark was cleared) or    |
/// |                                           | by the next                                               |
class Doorbell {
 public:
  /// `kernel` is the one whose task waits; it must outlive the bell.
  explicit Doorbell(Kernel& kernel) noexcept : kernel_(kernel) {}
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  /// Any thread, any kernel's task, signal handlers. Costs a system call only if the kernel sleeps.
  void ring() noexcept;

  /// *Task*, one at a time. Waits for a ring: ok, or stopped. One that has come already is no wait.
  Result wait() noexcept;

 private:
  friend class Kernel;

  /// Interrupts masked: the kernel has found the bell in its list.
  void answer() noexcept;

  Kernel& kernel_;
  std::atomic<bool> listed_{false};
  Doorbell* next_rung_ = nullptr;  ///< the ringer's until it is in the list, then the kernel's
  bool rung_ = false;              ///< and nobody has waited for it yet
  Task* waiting_ = nullptr;
};

}  // namespace tactus::kernel
