#pragma once
// CsvSink: the recording of an experiment as one wide table of text.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reporter/frame_source.hpp"
#include "reporter/recording_file.hpp"
#include "reporter/sink.hpp"

namespace tactus {

/// Writes a line for each beat:
///
///   beat,time [ns],sensor.level [V],loop.output [V],status
///   0,0,3.25,0.1,
///   1,4000000000,3.5,0.1,sensor.level=stale
///
/// `time` is virtual system time. Numbers are in their shortest form that reads back to the same bits. A slow
/// component's values stand in every line until its next run. `status` names what is not good, separated by
/// spaces; empty if all is. An event is a line of its own after that of its beat:
///
///   # fault: beat=17 time=68000000000 value=0 component=loop signal=output not finite
///   # gap: beat=23 time=92000000000 value=5 beats not recorded: the reporter was too slow
///
/// The file depends on the records and events alone, byte for byte.
///
/// A swap that changes the signals goes on in a further file, <name>-epoch1.csv. For hundreds of signals at
/// kilohertz rates use HDF5: text takes about 100 ns a number.
///
/// Thread: constructed by one, then used by the Reporter's only.
class CsvSink : public Sink {
 public:
  /// Creates the file. std::runtime_error, with its name and the reason, if it exists or can't be created.
  explicit CsvSink(const RecordingOptions& options);

  [[nodiscard]] std::string name() const override { return path_; }
  void begin(const std::shared_ptr<const ProgramLayout>& layout, const BeatRecord& first) override;
  void beat(const BeatView& view) override;
  void event(const EngineEvent& event) override;
  void flush() override;
  void close() override;

 private:
  void set_columns(const std::vector<FrameSource>& sources);
  void write_header(const std::vector<FrameSource>& sources);
  template <class Number>
  void add(Number number);
  void add(const EngineEvent& event);
  void add_events_before(std::uint64_t beat);
  void write();

  const std::string first_path_;
  const std::vector<std::string> signals_;
  std::string path_;
  FileDescriptor file_;
  std::string buffer_;
  std::vector<FrameSource> sources_;
  std::vector<std::size_t> columns_;  ///< indices into BeatView::values(), in the order of the table
  std::vector<std::string> names_;    ///< one for each column
  std::vector<EngineEvent> held_;     ///< until the line of their beat is there
  std::size_t epoch_ = 0;
  bool begun_ = false;
};

}  // namespace tactus
