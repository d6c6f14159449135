#pragma once
#include <array>
#include <cstdint>
#include <string_view>

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
  user,          ///< a command that conditions of modes ask for; it has a name
  mode,          ///< into the mode of this name, `region.mode`
};

constexpr const char* to_string(EngineCommand command) {
  constexpr const char* names[] = {"start", "pause", "resume", "stop",         "reset",   "inhibit",
                                   "arm",   "trip",  "ack",    "unsupervised", "command", "mode"};
  return names[static_cast<std::size_t>(command)];
}

/// A command on its way to the engine.
struct EngineRequest {
  static constexpr std::size_t longest = 63;
  EngineCommand command{};
  std::array<char, longest + 1> name{};  ///< of what has one

  EngineRequest() = default;
  /// The name is cut off after so many characters.
  explicit EngineRequest(EngineCommand what, std::string_view its_name = {}) : command(what) {
    its_name.copy(name.data(), longest);
  }
};

}  // namespace tactus
