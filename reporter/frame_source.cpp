#include "reporter/frame_source.hpp"

#include <algorithm>
#include <unordered_set>

namespace tactus {
namespace {

bool consecutive(const std::vector<std::size_t>& columns) {
  return std::adjacent_find(columns.begin(), columns.end(),
                            [](std::size_t a, std::size_t b) { return b != a + 1; }) == columns.end();
}

std::string full_name(const ComponentLayout& component, const SignalLayout& signal) {
  return component.component + '.' + signal.name;
}

}  // namespace

std::vector<FrameSource> select_frames(const ProgramLayout& layout, const std::vector<std::string>& names) {
  const std::unordered_set<std::string> wanted(names.begin(), names.end());
  std::vector<FrameSource> frames;
  for (const ComponentLayout& component : layout.components) {
    FrameSource frame;
    frame.rate = component.rate;
    frame.description = {.component = component.component,
                         .plugin = component.plugin,
                         .kind = component.kind,
                         .schedule = layout.rates.at(component.rate),
                         .signals = {},
                         .units = {}};
    for (std::size_t i = 0; i < component.signals.size(); ++i) {
      const SignalLayout& signal = component.signals[i];
      if (!wanted.empty() && !wanted.contains(full_name(component, signal))) continue;
      frame.description.signals.push_back(signal.name);
      frame.description.units.push_back(signal.unit);
      frame.columns.push_back(component.first + i);
    }
    frame.contiguous = consecutive(frame.columns);
    if (!frame.columns.empty()) frames.push_back(std::move(frame));
  }
  return frames;
}

std::vector<std::string> unknown_signals(const ProgramLayout& layout, const std::vector<std::string>& names) {
  std::unordered_set<std::string> known;
  for (const ComponentLayout& component : layout.components) {
    for (const SignalLayout& signal : component.signals) known.insert(full_name(component, signal));
  }
  std::vector<std::string> unknown;
  std::copy_if(names.begin(), names.end(), std::back_inserter(unknown),
               [&](const std::string& name) { return !known.contains(name); });
  return unknown;
}

bool same_frames(const std::vector<FrameSource>& a, const std::vector<FrameSource>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const FrameSource& x, const FrameSource& y) {
    return x.description == y.description;
  });
}

}  // namespace tactus
