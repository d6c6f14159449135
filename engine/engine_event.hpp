#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tactus {

/// What happened, as it is recorded under `/events` and told to the user.
enum class EventKind : std::uint8_t {
  state,      ///< the engine's state machine moved; text: the new state
  swap,       ///< a program took effect; value: its number
  fault,      ///< text: the reason; component, signal and value where known
  overrun,    ///< value: beats missed before this one; of the chain `component`: turns missed
  gap,        ///< value: records dropped before this beat, or events that were lost; text: which
  command,    ///< from outside; text: what; signal: its name, if it has one
  note,       ///< the user's
  interlock,  ///< text: it tripped (value 1) or was released (0); component: its name
  mode,  ///< a region entered a mode; component: its name; text: the mode, with the cause; value: its number
};

constexpr const char* to_string(EventKind kind) {
  constexpr const char* names[] = {"state",   "swap", "fault",     "overrun", "gap",
                                   "command", "note", "interlock", "mode"};
  return names[static_cast<std::size_t>(kind)];
}

/// One event: whole in itself, since the names in it may outlive the program they come from.
struct EngineEvent {
  EventKind kind = EventKind::note;
  std::uint64_t beat = 0;
  std::int64_t time_ns = 0;  ///< virtual system time
  double value = 0;
  char component[48] = {};
  char signal[48] = {};
  char text[128] = {};

  /// Copies as much as there is room for, with the terminating zero. Real-time.
  template <std::size_t n>
  static void copy(char (&to)[n], std::string_view from) {
    const std::size_t length = std::min(from.size(), n - 1);
    std::memcpy(to, from.data(), length);
    to[length] = '\0';
  }
};

}  // namespace tactus
