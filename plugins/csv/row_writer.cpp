#include "plugins/csv/row_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <system_error>

#include "device/device.hpp"

namespace tactus::plugins {
namespace {

constexpr auto pause = std::chrono::milliseconds(5);

/// Exact: a double would not hold every nanosecond of a long run.
void append_seconds(std::string& text, std::int64_t time_ns) {
  constexpr std::int64_t second = 1'000'000'000;
  std::string digits = std::to_string(time_ns % second);
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  text += std::to_string(time_ns / second);
  if (!digits.empty()) text += "." + digits;
}

void append_value(std::string& text, double value) {
  if (std::isnan(value)) return;
  char buffer[32];
  text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

RowWriter::RowWriter(std::string path, const std::vector<Table::Column>& columns, bool wait_when_full,
                     std::size_t bytes)
    : path_(std::move(path)),
      wait_when_full_(wait_when_full),
      fifo_(std::max(bytes, 4 * (columns.size() + 2) * sizeof(double))) {
  file_.reset(std::fopen(path_.c_str(), "wxe"));  // x: never over an old one
  if (!file_) throw DeviceError("csv: can't create " + path_ + ": " + reason(errno));
  text_ = "time [s]";
  for (const Table::Column& column : columns) {
    text_ += "," + column.name;
    if (!column.unit.empty()) text_ += " [" + column.unit + "]";
  }
  text_ += '\n';
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

RowWriter::~RowWriter() = default;

void RowWriter::push(std::int64_t time_ns, std::span<const double> values) {
  const std::size_t bytes = sizeof time_ns + values.size_bytes();
  std::byte* place = fifo_.reserve(bytes);
  while (place == nullptr && wait_when_full_) {
    std::this_thread::yield();
    place = fifo_.reserve(bytes);
  }
  if (place == nullptr) {
    fifo_.count_drop();
    return;
  }
  std::memcpy(place, &time_ns, sizeof time_ns);
  std::memcpy(place + sizeof time_ns, values.data(), values.size_bytes());
  fifo_.commit();
}

void RowWriter::run(const std::stop_token& stop) {
  for (;;) {
    const bool last = stop.stop_requested();  // asked first, so that what was pushed before is still taken
    drain();
    if (last) return;
    std::this_thread::sleep_for(pause);
  }
}

void RowWriter::drain() {
  constexpr std::size_t piece = 1U << 16U;
  for (auto record = fifo_.front(); record.data() != nullptr; record = fifo_.front()) {
    append_gap(fifo_.dropped_before());
    std::int64_t time_ns = 0;
    std::memcpy(&time_ns, record.data(), sizeof time_ns);
    append_seconds(text_, time_ns);
    for (auto rest = record.subspan(sizeof time_ns); !rest.empty(); rest = rest.subspan(sizeof(double))) {
      double value = 0;
      std::memcpy(&value, rest.data(), sizeof value);
      text_ += ',';
      append_value(text_, value);
    }
    text_ += '\n';
    fifo_.pop();
    if (text_.size() > piece) write_out();
  }
  write_out();
}

void RowWriter::append_gap(std::uint64_t rows) {
  if (rows == 0) return;
  gaps_ += rows;
  text_ += "# " + std::to_string(rows) + " rows are missing here\n";
}

/// After a failure it goes on taking rows, so that a beat that waits does not wait for ever.
void RowWriter::write_out() {
  if (text_.empty()) return;
  const bool written = std::fwrite(text_.data(), 1, text_.size(), file_.get()) == text_.size();
  if (!(written && std::fflush(file_.get()) == 0) && error_ == 0) error_ = errno;
  text_.clear();
}

void RowWriter::finish() {
  if (!file_) return;
  thread_.request_stop();
  thread_.join();
  const std::uint64_t drops = fifo_.drops();
  append_gap(drops - gaps_);
  write_out();
  if (std::fclose(file_.release()) != 0 && error_ == 0) error_ = errno;
  if (error_ != 0) throw DeviceError("csv: rows are missing in " + path_ + ": " + reason(error_));
  if (drops > 0) {
    throw DeviceError("csv: " + std::to_string(drops) + " rows are missing in " + path_ +
                      ": the disk was slower than the beat");
  }
}

}  // namespace tactus::plugins
