#pragma once
// Reporter: carries frames and events out of the real-time domain, to the sinks and to whoever asks.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "mediator/fifo.hpp"
#include "mediator/record_fifo.hpp"
#include "reporter/sink.hpp"

namespace tactus {

/// A copy of one beat.
struct LatestBeat {
  std::shared_ptr<const ProgramLayout> layout;  ///< names and units of the numbers
  std::uint64_t beat = 0;
  std::int64_t time_ns = 0;
  std::vector<double> values;
  std::vector<Status> statuses;
};

/// What went through the Reporter since it was made, and what was lost before it came there.
struct ReporterCounts {
  std::uint64_t beats = 0;
  std::uint64_t beats_lost = 0;  ///< dropped by the engine because the fifo was full, or without a layout
  std::uint64_t beats_unwritten = 0;  ///< that a sink did not get since it failed
  std::uint64_t events = 0;
  std::uint64_t events_lost = 0;
};

/// An ordinary thread, the only consumer of the engine's two fifos. The real-time side never wakes it, since
/// that would be a system call: the thread looks every millisecond. It keeps no queue of its own; the fifos
/// are the only buffer between the engine and a slow disk, and they count what they drop.
///
/// Order: events reach the sinks in the engine's order, each after the records of earlier beats and before
/// those of later ones, whenever the thread runs. Whether it comes before or after the record of its own beat
/// is open.
///
/// Ordinary domain throughout. add_sink() and start() belong to one thread; all else may be called by any.
class Reporter {
 public:
  /// The fifos must outlive the Reporter.
  Reporter(RecordFifo& records, Fifo<EngineEvent>& events);
  /// For an engine that puts out no records.
  explicit Reporter(Fifo<EngineEvent>& events);
  /// Stops, if that was not done.
  ~Reporter();
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  /// Makes a program known; to be called before the engine gets it. Kept until a later program's record
  /// comes.
  void add_layout(std::shared_ptr<const ProgramLayout> layout);
  /// Before start() only (std::logic_error otherwise).
  void add_sink(std::unique_ptr<Sink> sink);
  /// Starts the thread. Once only (std::logic_error).
  void start();
  /// Drains both fifos, closes the sinks, ends the thread. The engine must have stopped. Does nothing if not
  /// running.
  void stop();

  /// The newest beat that was drained, or while others wait one of the last millisecond; nothing before the
  /// first.
  [[nodiscard]] std::optional<LatestBeat> latest() const;
  /// Waits until a record of `beat` or a later one has gone to the sinks; false if it took longer than
  /// `timeout`.
  bool wait_for_beat(std::uint64_t beat, std::chrono::nanoseconds timeout) const;

  /// The last events, oldest first, at most `events_kept`.
  [[nodiscard]] std::vector<EngineEvent> recent_events() const;
  static constexpr std::size_t events_kept = 1000;
  /// Waits for an event that `wanted` accepts, and returns it; nothing after `timeout`. Looks also at events
  /// already kept, from number `since` on (counted from 0: counts().events is the next one's number).
  /// `wanted` must not call the Reporter.
  std::optional<EngineEvent> wait_for(const std::function<bool(const EngineEvent&)>& wanted,
                                      std::chrono::nanoseconds timeout, std::uint64_t since = 0) const;

  [[nodiscard]] ReporterCounts counts() const;
  /// What went wrong with the sinks, a line each; empty if nothing did.
  [[nodiscard]] std::string failed() const;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase : std::uint8_t { made, running, stopped };

  void run();
  bool step();
  void give_events_until(std::uint64_t beat);
  void give_event(const EngineEvent& event);
  void give_record(RecordFifo& records);
  void tell_gap(const BeatView& view, std::uint32_t lost);
  void tell_lost_events();
  bool begin_program(const BeatRecord& head);
  bool is_newest(RecordFifo& records);
  void publish(const BeatView& view);
  template <class Call>
  void each_sink(Call&& call);
  void fail(const std::string& text);

  RecordFifo* const records_;  // null: none
  Fifo<EngineEvent>& events_;
  Phase phase_ = Phase::made;
  std::thread thread_;

  // The thread's alone once it runs.
  std::vector<std::unique_ptr<Sink>> sinks_;
  std::shared_ptr<const ProgramLayout> layout_;  // of the last record
  std::uint64_t missing_layout_ = 0;             // program for which there was none; 0: none such
  std::uint64_t events_lost_told_ = 0;
  std::uint64_t beats_ = 0;
  std::uint64_t beats_unwritten_ = 0;
  std::size_t failed_sinks_ = 0;
  const std::byte* last_place_ = nullptr;  // of the last record in the ring
  Clock::time_point published_;

  mutable std::mutex mutex_;  // guards all below
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::uint64_t, std::shared_ptr<const ProgramLayout>> layouts_;
  std::optional<LatestBeat> latest_;
  std::deque<EngineEvent> recent_;
  ReporterCounts counts_;
  std::string failed_;
};

}  // namespace tactus
