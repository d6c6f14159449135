#pragma once
// The rows of a recording's tables, as they are in memory and in the file. Private to the room.
// All members are naturally aligned without padding, so that a row has no byte that was not set.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/engine_event.hpp"
#include "reporter/hdf5_error.hpp"

namespace tactus::hdf5 {

/// `/events`. Texts end with the first zero byte, or with their field.
struct EventRow {
  std::uint64_t beat;
  std::int64_t time;  ///< virtual system time, ns
  double value;
  char kind[16];
  char component[48];
  char signal[48];
  char text[128];
};

/// `/timing`: the clocks at one beat, so that every sample can be dated.
struct TimingRow {
  std::uint64_t beat;
  std::int64_t time;       ///< virtual system time, ns
  std::int64_t monotonic;  ///< the machine's clock at the beginning of the beat, ns; 0 in virtual time
  std::int64_t utc;        ///< the same moment in ns since 1970; in virtual time: when it was written
};

/// `/programs`: each program that ran. Its specification is `length` bytes of `/specifications` from
/// `offset`.
struct ProgramRow {
  std::uint64_t program;
  std::uint64_t beat;  ///< first beat recorded
  std::int64_t time;
  std::uint64_t epoch;  ///< 0: `/frames`; n: `/epochs/<n>/frames`
  std::uint64_t offset;
  std::uint64_t length;
};

/// `/steps`: how long a component's step took, in ns, exact to 1/8, up to the end of `program`, the last that
/// had it.
struct StepRow {
  std::uint64_t program;
  char component[48];
  std::uint64_t count;
  double p50;
  double p99;
  double p999;
  double max;
};

/// `/step_histograms`: `count` of the step's durations lay from `from` to `to` (ns). Empty buckets are left
/// out.
struct BucketRow {
  std::uint64_t program;
  char component[48];
  double from;
  double to;
  std::uint64_t count;
};

/// `/worst_beats`: the ten longest beats of a program, the worst first. A row without a component is the
/// whole beat; then come the time before its steps, each step that ran, and the time after them.
struct WorstBeatRow {
  std::uint64_t program;
  std::uint64_t beat;
  char component[48];
  double latency;   ///< ns from the scheduled instant to the first step
  double duration;  ///< ns, of the whole beat or of the step
};

Id event_type();
Id timing_type();
Id program_type();
Id step_type();
Id bucket_type();
Id worst_beat_type();

/// Copies a text that may be as long as the field; the rest becomes zero.
template <std::size_t n>
void set_text(char (&to)[n], std::string_view from) {
  std::memset(to, 0, n);
  std::memcpy(to, from.data(), std::min(from.size(), n));
}

/// What of an event is recorded; nothing of what lies behind the ends of its texts.
EventRow event_row(const EngineEvent& event);

}  // namespace tactus::hdf5
