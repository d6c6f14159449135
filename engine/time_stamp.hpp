#pragma once
// Time stamps that cost a few nanoseconds: the processor's own counter where it is constant, else the clock.
// They go into timing records only; no algorithm ever sees them.

#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace tactus {

/// CLOCK_MONOTONIC in ns.
inline std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

/// A reading of the counter, in ticks.
inline std::uint64_t ticks_now() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<std::uint64_t>(monotonic_ns());
#endif
}

/// Nanoseconds in a tick, measured once against CLOCK_MONOTONIC when first asked for. Ordinary domain.
double ns_per_tick();

}  // namespace tactus
