#pragma once
// Hdf5Sink: the recording of an experiment as an HDF5 file that others can read while it is written.

#include <memory>
#include <string>

#include "reporter/recording_file.hpp"
#include "reporter/sink.hpp"

namespace tactus {

/// Writes
///
///   /frames/<component>/   beat uint64 [n], time int64 [n] (virtual system time, ns), values float64
///                          [n, signals], status uint8 [n, signals]; a row for each beat on which the
///                          component ran. Components with one schedule share beat and time (hard links)
///   /states/               with checkpoints only: beat, time, values float64 [n, numbers] (attribute
///   `names`)
///                          and check, see check_of(); a row for each checkpoint
///   /events                what happened (swaps, faults, notes, gaps ...)
///   /timing                the machine's clocks about twice a second, so that every sample can be dated
///   /programs              which program ran from which beat on; its text is a part of /specifications
///   /steps, /step_histograms, /worst_beats    how long the steps took; written when a program ends
///
/// and as attributes of the root the format's version, the program's, the machine, the specification, and
/// `complete` (1 once the recording was ended properly) and `drops` (beats and events that were lost).
/// A swap that changes the signals, units, schedules or states begins /epochs/<n>/frames/... and
/// /epochs/<n>/states, n = 1, 2, ...
///
/// While it is written, the four datasets of a component may differ in length: take the rows that all have.
/// What is older than half a second survives a kill of the process (then recover() makes the file readable),
/// and with `sync`, as far as the disk keeps its promises, a power cut.
///
/// /frames, /states, /events, /programs and /specifications depend on the records and events alone, byte for
/// byte.
///
/// Thread: constructed by one, then used by the Reporter's only.
class Hdf5Sink : public Sink {
 public:
  /// Creates the file. std::runtime_error, with its name and the reason, if it exists or can't be created.
  explicit Hdf5Sink(const RecordingOptions& options);
  ~Hdf5Sink() override;

  [[nodiscard]] std::string name() const override;
  void begin(const std::shared_ptr<const ProgramLayout>& layout, const BeatRecord& first) override;
  void beat(const BeatView& view) override;
  void event(const EngineEvent& event) override;
  void flush() override;
  void close() override;

 private:
  class Recording;
  template <class Call>
  void guarded(Call&& call);
  void finish();

  std::unique_ptr<Recording> recording_;
  bool broken_ = false;
  bool closed_ = false;
};

}  // namespace tactus
