#include "plugins/csv/csv.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <system_error>

#include "plugins/number_text.hpp"

namespace tactus::plugins {
namespace {

constexpr double tolerance = 0.01;  // of a beat: measurements are often written with few digits

std::string names(const std::vector<Table::Column>& columns) {
  std::string list;
  for (const Table::Column& column : columns) list += (list.empty() ? "" : ", ") + column.name;
  return list;
}

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw std::system_error(errno, std::generic_category());
  return text;
}

}  // namespace

void Csv::configure(Configuration& configuration) {
  virtual_time_ = configuration.virtual_time();
  if (file->empty() && outputs->empty()) {
    configuration.refuse("file", "is missing: give file (inputs), or outputs and output, or all three");
  }
  if (!file->empty()) load_inputs(configuration);
  prepare_outputs(configuration);
}

void Csv::load_inputs(Configuration& configuration) {
  const std::string path = configuration.path(file());
  try {
    table_ = parse_table(read_file(path));
  } catch (const TableError& error) {
    return configuration.refuse("file", path + ":" + error.what());
  } catch (const std::system_error& error) {
    return configuration.refuse("file", path + " can't be read: " + error.code().message());
  }
  if (table_.rows() == 0) return configuration.refuse("file", path + " has a header but no rows");

  const std::size_t columns = table_.columns.size();
  const std::size_t time_index = time_column->empty() ? columns : table_.find(time_column());
  if (!time_column->empty()) check_times(configuration, path, time_index);
  for (std::size_t i = 0; i < columns; ++i)
    if (i != time_index) input_columns_.push_back(i);
}

void Csv::check_times(Configuration& configuration, const std::string& path, std::size_t time_index) const {
  if (time_index == table_.columns.size()) {
    return configuration.refuse("time_column", path + " has no column " + time_column() + ", only " +
                                                   names(table_.columns) + "; \"\" if there is no time");
  }
  const std::string& unit = table_.columns[time_index].unit;
  if (!unit.empty() && unit != "s") {
    return configuration.refuse("time_column",
                                path + " has " + time_column() + " in " + unit + ", it must be in s");
  }
  const double dt = configuration.dt();
  for (std::size_t row = 0; row < table_.rows(); ++row) {
    const double time = table_.at(row, time_index);
    const double expected = table_.at(0, time_index) + static_cast<double>(row) * dt;
    if (std::abs(time - expected) <= tolerance * dt) continue;
    return configuration.refuse("file", path + ":" + std::to_string(table_.lines[row]) + ": row " +
                                            std::to_string(row) + " has the time " + number_text(time) +
                                            " s, expected " + number_text(expected) +
                                            " s: rows must be one beat, " + number_text(dt) + " s, apart");
  }
}

void Csv::prepare_outputs(Configuration& configuration) {
  if (outputs->empty() != output->empty()) {
    return configuration.refuse(
        outputs->empty() ? "outputs" : "output",
        "is missing: outputs names the channels, output the file they are written to");
  }
  if (outputs->empty()) return;
  try {
    output_columns_ = parse_header(outputs());
  } catch (const TableError& error) {
    return configuration.refuse("outputs", error.what());
  }
  for (const Table::Column& column : output_columns_) {
    if (table_.find(column.name) < table_.columns.size()) {
      configuration.refuse("outputs",
                           column.name + " is a column of file, too; give the output another name");
    }
  }
  output_path_ = configuration.path(output());
  output_values_.assign(output_columns_.size(), std::numeric_limits<double>::quiet_NaN());
  written_.assign(output_columns_.size(), 0);
  unwritten_ = written_.size();
}

std::vector<Channel> Csv::channels() const {
  std::vector<Channel> all;
  for (const std::size_t column : input_columns_)
    all.push_back({.name = table_.columns[column].name, .unit = table_.columns[column].unit});
  for (const Table::Column& column : output_columns_)
    all.push_back({.name = column.name, .direction = Direction::output, .unit = column.unit});
  return all;
}

void Csv::open() {
  if (!output_columns_.empty())
    writer_ = std::make_unique<RowWriter>(output_path_, output_columns_, virtual_time_);
}

void Csv::close() {
  if (!writer_) return;
  put_out_row();
  const auto writer = std::move(writer_);
  writer->finish();
}

DeviceResult Csv::advance(const Beat& beat) {
  put_out_row();
  if (!input_columns_.empty()) {
    if (beat.number >= table_.rows()) return DeviceResult::end("csv: the table is played to its end");
    row_ = static_cast<std::size_t>(beat.number);
  }
  output_time_ns_ = beat.time_ns;
  std::fill(written_.begin(), written_.end(), std::uint8_t{0});
  unwritten_ = written_.size();
  row_begun_ = true;
  return DeviceResult::ok();
}

/// A row is complete when each of its values was written, so that the safe values of the end do not alter the
/// last one; or else when the next beat begins.
void Csv::put_out_row() {
  if (writer_ && row_begun_) writer_->push(output_time_ns_, output_values_);
  row_begun_ = false;
}

DeviceResult Csv::read(const ChannelGroup& group, std::span<double> values, std::span<Status> statuses) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = table_.at(row_, input_columns_[group.channels()[i]]);
    statuses[i] = std::isfinite(values[i]) ? Status::good : Status::bad;
  }
  return DeviceResult::ok();
}

DeviceResult Csv::write(const ChannelGroup& group, std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t column = group.channels()[i] - input_columns_.size();
    output_values_[column] = values[i];
    if (written_[column] == 0) --unwritten_;
    written_[column] = 1;
  }
  if (unwritten_ == 0) put_out_row();
  return DeviceResult::ok();
}

void Csv::state(StateVisitor& visitor) {
  if (!output_values_.empty()) visitor.visit("outputs", output_values_.data(), output_values_.size());
}

TACTUS_PLUGIN(Csv, "csv", "plays a table of measurements as inputs and writes outputs to another")

}  // namespace tactus::plugins
