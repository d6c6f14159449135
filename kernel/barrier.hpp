#pragma once

#include <cstddef>

#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// Where a number of tasks wait until all of them are there; then all go on, and it can be used again at
/// once: none can come round a second time in one round. With two tasks it is a rendezvous.
class Barrier {
 public:
  /// `parties`, at least 1, is how many tasks meet. `name` must outlive it.
  Barrier(Kernel& kernel, const char* name, std::size_t parties) noexcept;

  /// *Task.* Waits for the others: ok, timed_out, stopped or deleted. A task whose wait ends early is not
  /// there any more; the round goes on without it.
  Result wait(WaitLimit limit = {}) noexcept;

  /// How many wait now. The kernel's thread.
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  WaitQueue waiting_;
  std::size_t parties_;
};

}  // namespace tactus::kernel
