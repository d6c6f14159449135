#pragma once
// The recorded frames of all components of a program. Private to the room.

#include <string>
#include <vector>

#include "reporter/frame_source.hpp"
#include "reporter/hdf5_series.hpp"

namespace tactus::hdf5 {

/// Makes a group for each component below `frames`, with empty datasets `values`, `status`, `time`, `beat`.
/// Components with one schedule have their rows on the same beats: they share `time` and `beat`, which are
/// hard links to one dataset each.
void create_frames(hid_t frames, const std::vector<FrameSource>& sources, const Period& period, int gzip);

/// Appends rows to what create_frames() made.
class Frames {
 public:
  /// `path`: of the group of all components.
  Frames(hid_t file, const std::string& path, std::vector<FrameSource> sources);

  /// A later program with the same frames, which may have them elsewhere in its records.
  void set_sources(std::vector<FrameSource> sources);
  /// Adds a row for each component that ran on that beat.
  void append(const BeatView& view);
  void write();

 private:
  struct Frame {
    FrameSource source;
    Series values;
    Series status;
  };
  /// The beats of all components with one schedule.
  struct Beats {
    std::size_t rate;
    std::size_t first_source;  ///< the component that has the datasets
    Series time;
    Series beat;
  };
  std::vector<Frame> frames_;
  std::vector<Beats> beats_;
};

}  // namespace tactus::hdf5
