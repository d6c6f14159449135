#pragma once
// What the engine measured of one program, as rows for a recording. Private to the room.

#include <vector>

#include "engine/layout.hpp"
#include "reporter/hdf5_rows.hpp"

namespace tactus::hdf5 {

/// Durations in ns. Components without a timing record, or that never ran, have no rows.
struct StepReport {
  std::vector<StepRow> steps;
  std::vector<BucketRow> buckets;
  std::vector<WorstBeatRow> worst;
};

/// Of the program that ended with the beginning of `next`, null at the end of all. A component that is kept
/// is reported with the last program that has it, over its whole life.
[[nodiscard]] StepReport report_steps(const ProgramLayout& layout, const ProgramLayout* next);

}  // namespace tactus::hdf5
