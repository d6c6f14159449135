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
  trip,          ///< into Fault, outputs safe
  acknowledge,   ///< interlocks that are latched are released if their cause is gone
  unsupervised,  ///< the supervisor is gone: a fault
};

constexpr const char* to_string(EngineCommand command) {
  constexpr const char* names[] = {"start",   "pause", "resume", "stop", "reset",
                                   "inhibit", "arm",   "trip",   "ack",  "unsupervised"};
  return names[static_cast<std::size_t>(command)];
}

}  // namespace tactus
