#pragma once

#include "kernel/port.hpp"

namespace tactus::kernel {

/// Virtual time: one host thread, no waiting. Time stands still while tasks run and jumps to the next
/// time-out when every task waits, so a program runs as fast as the processor allows and always in the same
/// way. The epoch is the construction: time begins at 0.
class VirtualPort final : public Port {
 public:
  Time now() noexcept override { return now_; }
  void wait_until(Time time) noexcept override;
  void work_until(Time time) noexcept override;
  void wake() noexcept override {}  // never asleep: the kernel looks at its stop flag before each wait
  [[nodiscard]] bool is_virtual() const noexcept override { return true; }

 private:
  Time now_ = 0;
};

}  // namespace tactus::kernel
