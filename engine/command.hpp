#pragma once
#include <cstdint>

namespace tactus {

/// What the ordinary domain may ask of the engine besides a swap. It acts, and is recorded, at the beat it
/// meets.
enum class EngineCommand : std::uint8_t {
  start,
  pause,
  resume,
  stop,
  reset,         ///< leaves Fault
  inhibit,       ///< outputs stay safe, everything else runs
  arm,           ///< ends that
  unsupervised,  ///< the supervisor is gone: a fault
};

constexpr const char* to_string(EngineCommand command) {
  constexpr const char* names[] = {"start", "pause",   "resume", "stop",
                                   "reset", "inhibit", "arm",    "unsupervised"};
  return names[static_cast<std::size_t>(command)];
}

}  // namespace tactus
