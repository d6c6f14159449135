#pragma once

#include <cstdint>

namespace tactus::kernel {

/// How a call that may wait came back. This is the one convention for errors that a correct program can meet;
/// those that only a wrong program can meet are in `kernel/assert.hpp`.
enum class Result : std::uint8_t {
  ok,         ///< what was waited for has come
  timed_out,  ///< the time-out came first
  stopped,    ///< the kernel is stopping: clean up and return from the task
};

}  // namespace tactus::kernel
