#pragma once

#include <cstdint>

namespace tactus::kernel {

/// How a call that may wait came back. This is the one convention for errors that a correct program can meet;
/// those that only a wrong program can meet are in `kernel/assert.hpp`.
enum class Result : std::uint8_t {
  ok,         ///< what was waited for has come
  timed_out,  ///< the limit of the wait came first; at once, for a call that was not to wait
  stopped,    ///< the kernel is stopping: clean up and return from the task
  deleted,    ///< the object was destroyed during the wait: do not touch it again
  deadlock,   ///< the wait would close a circle of tasks that wait for each other: `Kernel::deadlock_cycle`
  full,       ///< nothing more fits: a semaphore stands at its maximum
};

/// The result's own name, such as "timed_out", for texts.
[[nodiscard]] constexpr const char* name_of(Result result) noexcept {
  switch (result) {
    case Result::ok:
      return "ok";
    case Result::timed_out:
      return "timed_out";
    case Result::stopped:
      return "stopped";
    case Result::deleted:
      return "deleted";
    case Result::deadlock:
      return "deadlock";
    case Result::full:
      return "full";
  }
  return "unknown";
}

}  // namespace tactus::kernel
