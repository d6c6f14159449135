#pragma once
// The guards of a process, as those see them who ask what they found. They live in a library of their own,
// libtactus_guard.so, that has to be loaded before the C library; see preload.hpp.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/watch.hpp"

namespace tactus::guard {

/// What must not happen on the beat.
enum class Kind : std::uint8_t {
  allocation,   ///< memory taken or given back
  lock,         ///< a wait for another thread, or the risk of one
  system_call,  ///< none but those of devices
  page_fault,   ///< memory touched that was not there
};

constexpr const char* to_string(Kind kind) {
  constexpr const char* names[] = {"allocation", "lock", "system call", "page fault"};
  return names[static_cast<std::size_t>(kind)];
}

/// What was found at one place, as it was noted in the real-time domain. Zero throughout until then.
struct Trace {
  Kind kind;
  const char* what;     ///< the C library's function, or the kind of page fault; null for a system call
  long number;          ///< of the system call
  char component[48];   ///< or device, or "the engine"
  std::uint64_t beat;   ///< of the first time
  std::uint64_t count;  ///< how many times
  std::array<const void*, 16> frames;  ///< return addresses, the innermost first; null: no more
};

/// The guards of this process, as a watch that the engine takes.
class Guards : public Watch {
 public:
  /// Keeps all memory resident, present and future, if the machine grants it; page faults then count from the
  /// first beat on, and else from the 17th run on of whatever it is. Ordinary domain, before the run.
  virtual void lock_memory() = 0;

  // Any thread of the ordinary domain.

  virtual bool memory_is_locked() const = 0;
  virtual std::vector<Trace> traces() const = 0;
  /// How many findings there was no room for.
  virtual std::uint64_t untold() const = 0;
  /// What cannot be watched on this machine, a sentence each.
  virtual std::vector<std::string> missing() const = 0;

 protected:
  ~Guards() = default;
};

/// How much of the above a library and a program have to agree on.
inline constexpr int interface_version = 1;

}  // namespace tactus::guard

/// The only function of the library that has a name: its guards, null if `version` is not its own.
extern "C" tactus::guard::Guards* tactus_guards(int version);
