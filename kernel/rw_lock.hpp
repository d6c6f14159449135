#pragma once

#include <cstdint>

#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// Who goes first at a read/write lock when both wait.
enum class Preference : std::uint8_t {
  arrival,  ///< who came first; nobody starves
  readers,  ///< readers go on joining those who read: a stream of them starves the writers
  writers,  ///< no reader begins while a writer waits: a stream of writers starves the readers
};

/// Many read, or one writes. Among readers or writers the order is that of arrival with Preference::arrival,
/// of priority otherwise. It does not inherit priorities, because there may be many holders: give all who use
/// it about the same priority, or use a `Mutex`.
class RwLock : private WaitQueue {
 public:
  /// `name` must outlive it.
  RwLock(Kernel& kernel, const char* name, Preference preference) noexcept;

  /// *Task.* ok, timed_out, stopped, deleted; deadlock if it waits for a writer that waits for the caller.
  Result lock_read(WaitLimit limit = {}) noexcept;
  Result lock_write(WaitLimit limit = {}) noexcept;

  /// *Task.* A step for each that waits here.
  void unlock_read() noexcept;
  /// *Task*, the one that writes. A step for each that waits here.
  void unlock_write() noexcept;

  /// How many read now. The kernel's thread.
  [[nodiscard]] std::size_t readers() const noexcept { return readers_; }

 private:
  enum class Role : std::uint8_t { reader, writer };

  Result lock(const char* function, Role role, WaitLimit limit) noexcept;
  [[nodiscard]] bool admits(Role role) const noexcept;
  [[nodiscard]] Task* first_of(Role role) const noexcept;
  [[nodiscard]] Task* next_in_turn() const noexcept;
  void take(Role role, Task& task) noexcept;
  void serve() noexcept;

  std::size_t readers_ = 0;
  Preference preference_;
};

}  // namespace tactus::kernel
