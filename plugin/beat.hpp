#pragma once
#include <cstdint>

namespace tactus {

/// What a component is told of the moment. Virtual system time only: algorithms never see the wall clock.
struct Beat {
  std::uint64_t number = 0;  ///< of the beat, from 0
  std::int64_t time_ns = 0;  ///< virtual system time: number x period, in ns
  double dt = 0;             ///< the component's sampling period, in s
  double elapsed = 0;        ///< s since its last update: dt, or more after missed beats
  bool resumed = false;      ///< its first update after a mode in which it was not active

  /// Virtual system time in seconds.
  double time() const { return static_cast<double>(time_ns) * 1e-9; }
};

}  // namespace tactus
