#include "reporter/hdf5_sink.hpp"

#include <unistd.h>

#include <ctime>
#include <optional>
#include <stdexcept>
#include <vector>

#include "engine/time_stamp.hpp"
#include "reporter/hdf5_attributes.hpp"
#include "reporter/hdf5_file.hpp"
#include "reporter/hdf5_frames.hpp"
#include "reporter/hdf5_rows.hpp"
#include "reporter/hdf5_states.hpp"
#include "reporter/recover.hpp"
#include "reporter/step_report.hpp"

namespace tactus {
namespace {

using namespace hdf5;

std::int64_t utc_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

/// The tables of the root, which all epochs share.
struct Tables {
  Series events;
  Series timing;
  Series programs;
  Series specifications;
  Series steps;
  Series step_histograms;
  Series worst_beats;

  static void create(hid_t file) {
    constexpr std::size_t rows = 256;
    create_series(file, "events", {.type = event_type(), .chunk_rows = rows});
    create_series(file, "timing", {.type = timing_type(), .chunk_rows = rows});
    create_series(file, "programs", {.type = program_type(), .chunk_rows = rows});
    create_series(file, "specifications", {.type = H5T_NATIVE_UINT8, .chunk_rows = 16 * rows});
    create_series(file, "steps", {.type = step_type(), .chunk_rows = rows});
    create_series(file, "step_histograms", {.type = bucket_type(), .chunk_rows = rows});
    create_series(file, "worst_beats", {.type = worst_beat_type(), .chunk_rows = rows});
  }
  explicit Tables(hid_t file)
      : events(file, "/events"),
        timing(file, "/timing"),
        programs(file, "/programs"),
        specifications(file, "/specifications"),
        steps(file, "/steps"),
        step_histograms(file, "/step_histograms"),
        worst_beats(file, "/worst_beats") {}
  void write() {
    for (Series* series :
         {&events, &timing, &specifications, &programs, &steps, &step_histograms, &worst_beats}) {
      series->write();
    }
  }
};

}  // namespace

/// The open file. Its parts are optional because all are released whenever SWMR has to be left.
class Hdf5Sink::Recording {
 public:
  Recording(const std::string& path, FileDescriptor created, const RecordingOptions& options)
      : options_(options), file_(path, std::move(created), options.gzip > 0, options.sync) {
    put_provenance(file_.id());
    put(file_.id(), "complete", std::uint64_t{0});
    put(file_.id(), "drops", std::uint64_t{0});
    Tables::create(file_.id());
    open_session();
  }

  const std::string& path() const { return file_.path(); }

  void begin(const std::shared_ptr<const ProgramLayout>& layout, const BeatRecord& first) {
    std::vector<FrameSource> sources = select_frames(*layout, options_.signals);
    end_program(layout.get());
    const bool kept = layout_ != nullptr && layout_->period == layout->period &&
                      layout_->states == layout->states && same_frames(sources_, sources);
    if (kept) {
      frames_->set_sources(sources);
    } else {
      begin_epoch(*layout, sources, first);
    }
    sources_ = std::move(sources);
    enter_program(*layout, first);
    layout_ = layout;
  }

  void beat(const BeatView& view) {
    frames_->append(view);
    if (!view.states().empty() && states_) states_->append(view);
    last_ = view.head();
    if (!timed_) enter_timing();
  }

  void event(const EngineEvent& event) {
    const EventRow row = event_row(event);
    tables_->events.append(&row);
    if (event.kind == EventKind::gap) drops_ += static_cast<std::uint64_t>(event.value);
  }

  void flush() {
    if (last_ && timed_ != last_->beat) enter_timing();
    if (frames_) frames_->write();
    if (states_) states_->write();
    tables_->write();
    file_.flush();
  }

  void close() {
    end_program(nullptr);
    flush();
    close_session();
    file_.open_plain();
    change(file_.id(), "complete", 1);
    change(file_.id(), "drops", drops_);
    file_.close();
  }

  /// After an error: lets go of the file and makes readable what was written before.
  void abandon() {
    file_.give_up();
    frames_.reset();
    states_.reset();
    tables_.reset();
    file_.release();
    try {
      recover(path());
    } catch (const std::exception&) {
      throw std::runtime_error(
          "the file stays marked as open; when there is room again, `tactus recover` helps");
    }
  }

 private:
  void begin_epoch(const ProgramLayout& layout, const std::vector<FrameSource>& sources,
                   const BeatRecord& first) {
    close_session();
    file_.open_plain();
    if (layout_ == nullptr) {
      put(file_.id(), "specification", layout.specification);
    } else {
      ++epoch_;
    }
    const std::string place = epoch_ == 0 ? "" : "/epochs/" + std::to_string(epoch_);
    if (epoch_ == 1) create_group(file_.id(), "/epochs");
    if (epoch_ > 0) create_group(file_.id(), place);
    {
      const Id frames = create_group(file_.id(), place + "/frames");
      put(frames, "program", layout.program);
      put(frames, "first_beat", first.beat);
      put(frames, "period_numerator_ns", layout.period.numerator);
      put(frames, "period_denominator", layout.period.denominator);
      create_frames(frames, sources, layout.period, options_.gzip);
    }
    if (!layout.states.empty()) create_states(create_group(file_.id(), place + "/states"), layout.states);
    open_session();
    frames_.emplace(file_.id(), place + "/frames", sources);
    if (!layout.states.empty()) states_.emplace(file_.id(), place + "/states");
  }

  void open_session() {
    file_.open_swmr();
    tables_.emplace(file_.id());
  }

  void close_session() {
    if (frames_) frames_->write();
    frames_.reset();
    if (states_) states_->write();
    states_.reset();
    tables_->write();
    tables_.reset();
  }

  void enter_program(const ProgramLayout& layout, const BeatRecord& first) {
    if (layout.specification != specification_ || layout_ == nullptr) {
      specification_ = layout.specification;
      specification_offset_ = tables_->specifications.rows();
      for (const char& letter : specification_) tables_->specifications.append(&letter);
    }
    const ProgramRow row{.program = layout.program,
                         .beat = first.beat,
                         .time = first.time_ns,
                         .epoch = epoch_,
                         .offset = specification_offset_,
                         .length = specification_.size()};
    tables_->programs.append(&row);
  }

  /// Writes down what was measured of the program that ends.
  void end_program(const ProgramLayout* next) {
    if (layout_ == nullptr) return;
    const StepReport report = report_steps(*layout_, next);
    for (const StepRow& row : report.steps) tables_->steps.append(&row);
    for (const BucketRow& row : report.buckets) tables_->step_histograms.append(&row);
    for (const WorstBeatRow& row : report.worst) tables_->worst_beats.append(&row);
  }

  /// A row of `/timing` for the last beat.
  void enter_timing() {
    const std::int64_t utc = utc_ns();
    const std::int64_t age = last_->monotonic_ns == 0 ? 0 : monotonic_ns() - last_->monotonic_ns;
    const TimingRow row{
        .beat = last_->beat, .time = last_->time_ns, .monotonic = last_->monotonic_ns, .utc = utc - age};
    tables_->timing.append(&row);
    timed_ = last_->beat;
  }

  RecordingOptions options_;
  File file_;
  std::optional<Tables> tables_;
  std::optional<Frames> frames_;
  std::optional<States> states_;
  std::vector<FrameSource> sources_;
  std::shared_ptr<const ProgramLayout> layout_;
  std::uint64_t epoch_ = 0;
  std::uint64_t drops_ = 0;
  std::string specification_;
  std::uint64_t specification_offset_ = 0;
  std::optional<BeatRecord> last_;
  std::optional<std::uint64_t> timed_;  // beat of the last row of `/timing`
};

Hdf5Sink::Hdf5Sink(const RecordingOptions& options) {
  if (options.gzip < 0 || options.gzip > 9) {
    throw std::runtime_error("recording: gzip " + std::to_string(options.gzip) + ", must be 0 to 9");
  }
  prepare_library();
  const std::string path = expand_file_name(options.file, std::time(nullptr));
  FileDescriptor created = create_new_file(path);
  try {
    recording_ = std::make_unique<Recording>(path, std::move(created), options);
  } catch (const std::exception& error) {
    ::unlink(path.c_str());  // there is nothing in it, and it would be in the way of the next try
    throw std::runtime_error(path + ": " + error.what());
  }
}

Hdf5Sink::~Hdf5Sink() {
  try {
    finish();
  } catch (const std::exception&) {
    // Only a sink that nobody closed comes here, and there is nobody to tell.
    return;
  }
}

/// Calls `call` with the recording; after an error the recording is no longer used.
template <class Call>
void Hdf5Sink::guarded(Call&& call) {
  prepare_library();
  try {
    call(*recording_);
  } catch (...) {
    broken_ = true;
    throw;
  }
}

std::string Hdf5Sink::name() const { return recording_->path(); }

void Hdf5Sink::begin(const std::shared_ptr<const ProgramLayout>& layout, const BeatRecord& first) {
  guarded([&](Recording& recording) { recording.begin(layout, first); });
}

void Hdf5Sink::beat(const BeatView& view) {
  guarded([&](Recording& recording) { recording.beat(view); });
}

void Hdf5Sink::event(const EngineEvent& event) {
  guarded([&](Recording& recording) { recording.event(event); });
}

void Hdf5Sink::flush() {
  guarded([](Recording& recording) { recording.flush(); });
}

void Hdf5Sink::close() { finish(); }

void Hdf5Sink::finish() {
  if (closed_) return;
  closed_ = true;
  try {
    if (!broken_) return guarded([](Recording& recording) { recording.close(); });
  } catch (const std::exception&) {
    recording_->abandon();
    throw;
  }
  recording_->abandon();
}

}  // namespace tactus
