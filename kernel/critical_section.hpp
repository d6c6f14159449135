#pragma once

#include "kernel/kernel.hpp"
#include "kernel/port.hpp"

namespace tactus::kernel {

/// Runs alone, for a scope: no interrupt is served and no other task of the kernel runs. Nests. The cheapest
/// exclusion, and the one that delays everything, so keep it to a few instructions; waiting, yielding and
/// computing (`Kernel::consume`) in it are misuses. What it makes ready runs at its end, the outermost's.
class CriticalSection {
 public:
  /// On the kernel's thread, by tasks and handlers.
  explicit CriticalSection(Kernel& kernel) noexcept : kernel_(kernel) {
    if (!kernel_.is_here()) kernel_.fail_at(Misuse::outside_task, "CriticalSection", "");
    kernel_.port().mask();
  }
  ~CriticalSection() {
    kernel_.reschedule();
    kernel_.port().unmask();
  }
  CriticalSection(const CriticalSection&) = delete;
  CriticalSection& operator=(const CriticalSection&) = delete;

 private:
  Kernel& kernel_;
};

}  // namespace tactus::kernel
