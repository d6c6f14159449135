#pragma once
// The recorded frames of one component: four datasets that grow together. Private to the room.

#include <string>

#include "reporter/frame_source.hpp"
#include "reporter/hdf5_series.hpp"

namespace tactus::hdf5 {

/// Makes the group and its empty datasets `values`, `status`, `time`, `beat` below `frames`.
void create_frame(hid_t frames, const FrameSource& source, const Period& period, int gzip);

/// Appends rows to what create_frame() made.
class Frame {
 public:
  /// `group`: path of the component's group.
  Frame(hid_t file, const std::string& group, FrameSource source);

  /// A later program with the same frames, which may have them elsewhere in its records.
  void set_source(FrameSource source) { source_ = std::move(source); }
  /// Adds a row if the component ran on that beat.
  void append(const BeatView& view);
  void write();

 private:
  FrameSource source_;
  // `beat` is written last: where it has a row, the others have.
  Series values_;
  Series status_;
  Series time_;
  Series beat_;
};

}  // namespace tactus::hdf5
