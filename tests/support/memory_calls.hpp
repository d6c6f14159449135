#pragma once
// What a thread takes and gives back of memory, counted where all of it goes through: malloc and its kind, or
// the sanitizer's in their place.

#include <cstdint>
#include <ostream>

namespace tactus::test {

struct MemoryCalls {
  std::uint64_t taken = 0;  ///< by malloc, calloc, realloc, operator new, ...
  std::uint64_t given_back = 0;

  bool operator==(const MemoryCalls&) const = default;
  MemoryCalls operator-(const MemoryCalls& before) const {
    return {taken - before.taken, given_back - before.given_back};
  }
};
/// How a failed test shows it.
inline void PrintTo(const MemoryCalls& calls, std::ostream* stream) {
  *stream << calls.taken << " taken, " << calls.given_back << " given back";
}

inline constexpr MemoryCalls no_memory_calls{};

/// Those of the calling thread so far.
MemoryCalls memory_calls();

/// Those of the calling thread while `work` runs.
template <class Work>
MemoryCalls memory_calls_in(Work&& work) {
  const MemoryCalls before = memory_calls();
  work();
  return memory_calls() - before;
}

}  // namespace tactus::test
