#pragma once

#include "kernel/assert.hpp"
#include "kernel/time.hpp"

namespace tactus::kernel {

/// The narrow seam between the kernel's policy and the machine it runs on: clock, wait, interrupt mask.
/// (The fourth part, the context switch, is the same on every host: `kernel/port/context.hpp`.)
///
/// All functions but `wake` and `is_virtual` belong to the thread that runs the kernel.
class Port {
 public:
  Port() = default;
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  virtual ~Port() = default;

  /// Makes the calling thread the one that runs the kernel. Ordinary domain: may allocate and make system
  /// calls. Calling it again on the same thread does nothing.
  virtual void enter() {}

  /// Gives the thread back as `enter` found it.
  virtual void leave() noexcept {}

  /// The time now; never runs backwards.
  virtual Time now() noexcept = 0;

  /// Nothing is ready: comes back when `time` has come, when an interrupt has been served, or after `wake`,
  /// whichever is first; the caller looks again at everything. Called with interrupts masked, like the
  /// wait-for-interrupt instruction of a processor: one that arrives between the kernel's look at its queues
  /// and the wait ends the wait, and its handler has run when this returns.
  virtual void wait_until(Time time) noexcept = 0;

  /// The running task computes until `time`; comes back then, or after `wake`. Called with interrupts
  /// unmasked.
  virtual void work_until(Time time) noexcept = 0;

  /// Ends the present or, if there is none, the next `wait_until` at once. Any thread, and signal handlers.
  virtual void wake() noexcept = 0;

  /// True when time moves only in `wait_until` and `work_until`.
  [[nodiscard]] virtual bool is_virtual() const noexcept = 0;

  /// Holds interrupts off; nests. Costs no system call.
  void mask() noexcept { ++mask_depth_; }

  /// Undoes one `mask`; the outermost lets interrupts in again.
  void unmask() noexcept {
    if (mask_depth_ == 0) fail(Misuse::unbalanced_unmask, "Port::unmask", "");
    --mask_depth_;
  }

  /// How many masks hold interrupts off now.
  [[nodiscard]] int mask_depth() const noexcept { return mask_depth_; }

 private:
  int mask_depth_ = 0;
};

/// Masks interrupts for the length of a scope.
class InterruptMask {
 public:
  explicit InterruptMask(Port& port) noexcept : port_(port) { port_.mask(); }
  ~InterruptMask() { port_.unmask(); }
  InterruptMask(const InterruptMask&) = delete;
  InterruptMask& operator=(const InterruptMask&) = delete;

 private:
  Port& port_;
};

}  // namespace tactus::kernel
