#include "reporter/step_report.hpp"

#include <algorithm>
#include <string>

#include "engine/time_stamp.hpp"

namespace tactus::hdf5 {
namespace {

double to_ns(double ticks) { return ticks * ns_per_tick(); }
double to_ns(std::uint64_t ticks) { return to_ns(static_cast<double>(ticks)); }

void report_component(const ComponentLayout& component, std::uint64_t program, StepReport& report) {
  const HistogramCounts counts = component.timing->counts();
  StepRow step{.program = program,
               .component = {},
               .count = counts.total(),
               .p50 = to_ns(counts.percentile(0.5)),
               .p99 = to_ns(counts.percentile(0.99)),
               .p999 = to_ns(counts.percentile(0.999)),
               .max = to_ns(counts.percentile(1))};
  if (step.count == 0) return;
  set_text(step.component, component.component);
  report.steps.push_back(step);
  for (std::size_t i = 0; i + 1 < Buckets::count; ++i) {
    if (counts.count(i) == 0) continue;
    BucketRow bucket{.program = program,
                     .component = {},
                     .from = to_ns(Buckets::lower_bound(i)),
                     .to = to_ns(Buckets::lower_bound(i + 1)),
                     .count = counts.count(i)};
    set_text(bucket.component, component.component);
    report.buckets.push_back(bucket);
  }
}

/// The stretches of a beat are the time before the steps, each component's step, and the time after them.
std::string stretch_name(const ProgramLayout& layout, std::size_t stretch) {
  if (stretch == 0) return "(before)";
  return stretch <= layout.beat_components ? layout.components[stretch - 1].component : "(after)";
}

void report_worst(const ProgramLayout& layout, StepReport& report) {
  for (const WorstBeats::Entry& entry : layout.worst->snapshot()) {
    WorstBeatRow row{.program = layout.program,
                     .beat = entry.beat,
                     .component = {},
                     .latency = to_ns(entry.latency),
                     .duration = to_ns(entry.duration)};
    report.worst.push_back(row);
    for (std::size_t i = 0; i < entry.steps.size(); ++i) {
      if (entry.steps[i] == 0) continue;
      row.duration = to_ns(entry.steps[i]);
      set_text(row.component, stretch_name(layout, i));
      report.worst.push_back(row);
    }
  }
}

bool goes_on(const StepTiming& timing, const ProgramLayout* next) {
  return next != nullptr &&
         std::any_of(next->components.begin(), next->components.end(), [&](const ComponentLayout& other) {
           return other.timing != nullptr && other.timing->same_instance(timing);
         });
}

}  // namespace

StepReport report_steps(const ProgramLayout& layout, const ProgramLayout* next) {
  StepReport report;
  for (const ComponentLayout& component : layout.components) {
    if (component.timing == nullptr || goes_on(*component.timing, next)) continue;
    report_component(component, layout.program, report);
  }
  if (layout.worst != nullptr) report_worst(layout, report);
  return report;
}

}  // namespace tactus::hdf5
