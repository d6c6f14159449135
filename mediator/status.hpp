// How far the value of a signal can be trusted. A status travels beside its value, from the scanner to the
// recording: one open thermocouple does not spoil the other seven.
#pragma once

#include <cstdint>

namespace tactus {

/// Status of one signal on one beat, in order of falling trust: a larger number is worse.
/// The numbers are part of the recording format (one byte per signal) and never change.
enum class Status : std::uint8_t {
  good = 0,         ///< measured or computed on its proper beat
  substituted = 1,  ///< a value that a policy put in the place of a bad one (`on_bad`)
  stale = 2,        ///< an old value that is held: its component does not run, or its frame did not arrive
  bad = 3,          ///< no use can be made of the value, or none was ever written
};

/// The worse of two statuses: what a result is worth that was made from both. Any thread, any domain.
[[nodiscard]] constexpr Status worst(Status a, Status b) noexcept { return a < b ? b : a; }

/// The name of a status as it is written in files and on screens; "unknown" for a byte that is none.
[[nodiscard]] constexpr const char* to_string(Status status) noexcept {
  switch (status) {
    case Status::good:
      return "good";
    case Status::substituted:
      return "substituted";
    case Status::stale:
      return "stale";
    case Status::bad:
      return "bad";
  }
  return "unknown";
}

}  // namespace tactus
