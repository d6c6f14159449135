#include "reporter/csv_sink.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace tactus {
namespace {

constexpr std::size_t write_size = std::size_t{1} << 18U;

/// A field in quotes where its content asks for them.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string field = "\"";
  for (const char letter : text) {
    if (letter == '"') field += '"';
    field += letter;
  }
  return field + '"';
}

/// tanks.csv -> tanks-epoch1.csv
std::string epoch_path(const std::string& first, std::size_t epoch) {
  const std::size_t dot = first.ends_with(".csv") ? first.size() - 4 : first.size();
  return first.substr(0, dot) + "-epoch" + std::to_string(epoch) + first.substr(dot);
}

/// A text on one line.
template <std::size_t n>
std::string one_line(const char (&from)[n]) {
  std::string text(from, strnlen(from, n));
  for (char& letter : text) {
    if (letter == '\n' || letter == '\r') letter = ' ';
  }
  return text;
}

}  // namespace

CsvSink::CsvSink(const RecordingOptions& options)
    : first_path_(expand_file_name(options.file, std::time(nullptr))),
      signals_(options.signals),
      path_(first_path_),
      file_(create_new_file(path_)) {}

void CsvSink::begin(const std::shared_ptr<const ProgramLayout>& layout, const BeatRecord& first) {
  add_events_before(first.beat);
  std::vector<FrameSource> sources = select_frames(*layout, signals_);
  set_columns(sources);
  if (!begun_ || !same_frames(sources_, sources)) {
    if (begun_) {
      write();
      path_ = epoch_path(first_path_, ++epoch_);
      file_ = create_new_file(path_);
    }
    write_header(sources);
    begun_ = true;
  }
  sources_ = std::move(sources);
}

void CsvSink::set_columns(const std::vector<FrameSource>& sources) {
  columns_.clear();
  names_.clear();
  for (const FrameSource& source : sources) {
    columns_.insert(columns_.end(), source.columns.begin(), source.columns.end());
    for (const std::string& signal : source.description.signals) {
      names_.push_back(source.description.component + '.' + signal);
    }
  }
}

void CsvSink::write_header(const std::vector<FrameSource>& sources) {
  buffer_ += "beat,time [ns]";
  for (const FrameSource& source : sources) {
    const FrameDescription& description = source.description;
    for (std::size_t i = 0; i < description.signals.size(); ++i) {
      const std::string& unit = description.units[i];
      buffer_ += ',' + quoted(description.component + '.' + description.signals[i] +
                              (unit.empty() ? "" : " [" + unit + ']'));
    }
  }
  buffer_ += ",status\n";
}

template <class Number>
void CsvSink::add(Number number) {
  std::array<char, 32> text{};  // the longest double takes 24
  buffer_.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void CsvSink::beat(const BeatView& view) {
  add_events_before(view.head().beat);
  add(view.head().beat);
  buffer_ += ',';
  add(view.head().time_ns);
  const auto values = view.values();
  for (const std::size_t column : columns_) {
    buffer_ += ',';
    add(values[column]);
  }
  buffer_ += ',';
  const auto statuses = view.statuses();
  const char* separator = "";
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Status status = statuses[columns_[i]];
    if (status == Status::good) continue;
    buffer_ += separator + names_[i] + '=' + to_string(status);
    separator = " ";
  }
  buffer_ += '\n';
  if (buffer_.size() >= write_size) write();
}

void CsvSink::event(const EngineEvent& event) { held_.push_back(event); }

void CsvSink::add_events_before(std::uint64_t beat) {
  const auto end = std::find_if(held_.begin(), held_.end(),
                                [beat](const EngineEvent& event) { return event.beat >= beat; });
  std::for_each(held_.begin(), end, [this](const EngineEvent& event) { add(event); });
  held_.erase(held_.begin(), end);
}

void CsvSink::add(const EngineEvent& event) {
  buffer_ += std::string("# ") + to_string(event.kind) + ": beat=";
  add(event.beat);
  buffer_ += " time=";
  add(event.time_ns);
  buffer_ += " value=";
  add(event.value);
  if (event.component[0] != '\0') buffer_ += " component=" + one_line(event.component);
  if (event.signal[0] != '\0') buffer_ += " signal=" + one_line(event.signal);
  if (event.text[0] != '\0') buffer_ += ' ' + one_line(event.text);
  buffer_ += '\n';
}

void CsvSink::flush() { write(); }

void CsvSink::close() {
  if (file_.number() < 0) return;
  for (const EngineEvent& event : std::exchange(held_, {})) add(event);
  write();
  // Some file systems tell only here that there was no room.
  if (::close(file_.release()) != 0) throw std::runtime_error("closing: " + error_text(errno));
}

void CsvSink::write() {
  // The buffer is given up in any case: what can't be written now is not tried again at close().
  const std::string text = std::exchange(buffer_, {});
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file_.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) throw std::runtime_error("writing: " + error_text(errno));
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  buffer_.reserve(write_size);
}

}  // namespace tactus
