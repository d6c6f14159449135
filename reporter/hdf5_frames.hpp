#pragma once
// The recorded frames of all components of a program. Private to the room.

#include <cstdint>
#include <span>
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
  void unload();
  void distribute(std::span<const BeatView> views);

  std::vector<Frame> frames_;
  std::vector<Beats> beats_;
  // Many components mean as many places in memory that a beat is spread over, most of them not in the cache.
  // So some records are gathered first, and each component then takes its rows out of all of them.
  std::vector<std::vector<std::uint64_t>> copies_;  ///< in words, for the alignment
  std::vector<BeatView> gathered_;                  ///< of the copies
};

}  // namespace tactus::hdf5
