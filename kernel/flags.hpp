#pragma once

#include <cstdint>

#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// 64 bits that tasks wait for: any of some, or all of them.
class Flags {
 public:
  enum class Match : std::uint8_t { any, all };
  enum class OnExit : std::uint8_t {
    keep,   ///< the bits stay set
    clear,  ///< a wait that succeeds clears the bits it asked for
  };

  /// `name` must outlive it. No bit is set.
  Flags(Kernel& kernel, const char* name) noexcept : waiting_(kernel, "flags", name, Order::priority) {}

  /// Sets bits and wakes all whom that satisfies. All of them see the bits before any is cleared. Tasks and
  /// handlers, and before the run. A step for each task that waits here.
  void set(std::uint64_t bits) noexcept;

  void clear(std::uint64_t bits) noexcept;

  /// *Task.* Waits for `bits`, at least one: ok, timed_out, stopped or deleted. `seen`, if given, receives
  /// all the bits that were set when the wait succeeded. By handlers with `at_once`.
  Result wait(std::uint64_t bits, Match match, OnExit on_exit, WaitLimit limit = {},
              std::uint64_t* seen = nullptr) noexcept;

  /// The bits that are set. The kernel's thread.
  [[nodiscard]] std::uint64_t bits() const noexcept { return bits_; }

 private:
  struct Request;

  WaitQueue waiting_;
  std::uint64_t bits_ = 0;
};

}  // namespace tactus::kernel
