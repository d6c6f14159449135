#pragma once
// Simulated hardware for tests: a card that is a process of its own, and so outlives every process that uses
// it. Programs write into its pipe, where nothing overtakes anything and a write comes whole or not at all;
// the card alone takes from there, stamps each write with its own clock, and keeps what stands at each output
// in a file that others may map. tests/supervisor/rig.py reads it.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tactus::test {

/// One output that is written. A program may send several at once.
struct CardWrite {
  static constexpr std::uint16_t clear = 0xffff;  ///< no channel: forget everything
  static constexpr std::uint16_t sync = 0xfffe;   ///< no channel: show `value` once all before it is done
  std::int32_t process = 0;                       ///< who
  std::uint16_t channel = 0;
  std::uint16_t safe = 0;  ///< 1: by a safe writer
  double value = 0;
};
static_assert(sizeof(CardWrite) == 16);

inline std::string pipe_of(const std::string& memory) { return memory + ".pipe"; }

/// The mapped file.
struct CardMemory {
  static constexpr std::size_t outputs = 4;
  struct Note {
    std::int64_t time_ns;  ///< CLOCK_MONOTONIC, when the card took it
    CardWrite write;
  };
  std::atomic<std::uint64_t> notes;    ///< writes so far
  std::atomic<std::int64_t> refusals;  ///< safe writes that shall still fail
  std::array<std::atomic<double>, outputs> value;
  std::atomic<double> synced;
  std::atomic<std::uint64_t> ready;  ///< 1 once the card takes writes
  Note note[1];                      ///< as many as there is room for

  static std::size_t room(std::size_t bytes) { return (bytes - offsetof(CardMemory, note)) / sizeof(Note); }
};
static_assert(sizeof(CardMemory::Note) == 24 && offsetof(CardMemory, note) == 64);

}  // namespace tactus::test
