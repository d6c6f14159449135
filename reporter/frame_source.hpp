#pragma once
// Which signals of a program are recorded, and where they are in its records. What every file sink shares.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/layout.hpp"
#include "engine/record.hpp"

namespace tactus {

/// What a recording says about the frames of one component.
struct FrameDescription {
  std::string component;
  std::string plugin;
  PluginKind kind = PluginKind::generator;
  Schedule schedule;
  std::vector<std::string> signals;  ///< names without the component's
  std::vector<std::string> units;    ///< one for each signal
  bool operator==(const FrameDescription&) const = default;
};

/// The recorded part of one component's frame.
struct FrameSource {
  FrameDescription description;
  std::size_t rate = 0;              ///< index into BeatView::rate_beats()
  std::vector<std::size_t> columns;  ///< indices into BeatView::values(), one for each signal
  bool contiguous = true;            ///< columns are consecutive

  /// Whether the component ran on the beat of this record, so that it has a new row.
  [[nodiscard]] bool ran(const BeatView& view) const { return view.rate_beats()[rate] == view.head().beat; }
};

/// Takes the signals named `<component>.<signal>` from a layout, or all if `names` is empty. Components of
/// which nothing is wanted are left out. Names that the program does not have are ignored: a later program
/// may.
[[nodiscard]] std::vector<FrameSource> select_frames(const ProgramLayout& layout,
                                                     const std::vector<std::string>& names);

/// The names that the program does not have, for the one who checks the user's specification.
[[nodiscard]] std::vector<std::string> unknown_signals(const ProgramLayout& layout,
                                                       const std::vector<std::string>& names);

/// Whether two programs' frames can go into the same datasets: same components, signals, units, schedules.
[[nodiscard]] bool same_frames(const std::vector<FrameSource>& a, const std::vector<FrameSource>& b);

}  // namespace tactus
