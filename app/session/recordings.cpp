#include "app/session/recordings.hpp"

#include <algorithm>

#include "reporter/csv_sink.hpp"
#include "reporter/recording_file.hpp"

namespace tactus {
namespace {

/// A word names a signal, or a component with all its signals.
std::vector<std::string> signal_names(const ReportSpecification& report, const ProgramLayout& layout) {
  std::vector<std::string> names;
  if (report.all) return names;
  for (const Word& word : report.signals) {
    const auto component = std::ranges::find(layout.components, word.text, &ComponentLayout::component);
    if (component == layout.components.end()) {
      names.push_back(word.text);
      continue;
    }
    for (const SignalLayout& signal : component->signals) names.push_back(word.text + "." + signal.name);
  }
  return names;
}

}  // namespace

std::vector<std::unique_ptr<Sink>> make_recordings(const Specification& specification,
                                                   const ProgramLayout& layout) {
  std::vector<std::unique_ptr<Sink>> sinks;
  if (!specification.report) return sinks;
  const ReportSpecification& report = *specification.report;
  RecordingOptions options;
  options.signals = signal_names(report, layout);
  if (report.file) {
    options.file = report.file->text;
    sinks.push_back(make_recording(options));
  }
  if (report.csv) {
    options.file = report.csv->text;
    sinks.push_back(std::make_unique<CsvSink>(options));
  }
  return sinks;
}

bool same_recordings(const Specification& a, const Specification& b) {
  const auto text = [](const std::optional<Word>& word) { return word ? word->text : std::string(); };
  const ReportSpecification first = a.report.value_or(ReportSpecification{});
  const ReportSpecification second = b.report.value_or(ReportSpecification{});
  return first.all == second.all && text(first.file) == text(second.file) &&
         text(first.csv) == text(second.csv) &&
         std::ranges::equal(first.signals, second.signals, {}, &Word::text, &Word::text);
}

}  // namespace tactus
