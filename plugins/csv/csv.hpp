#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plugins/csv/row_writer.hpp"
#include "plugins/csv/table.hpp"
#include "tactus.hpp"

namespace tactus::plugins {

/// Plays a table of measurements as the inputs of an experiment, a row a beat, and writes its outputs to
/// another.
///
/// Inputs: each column of `file` but the time is a channel, in the unit of its header cell `name [unit]`.
/// Without one the channel's unit is empty: not known, and what the scanner says is taken. Row n belongs to
/// beat n; rows of missed beats are passed over. A cell that is empty or not finite is read with the status
/// bad. After the last row the run ends with success.
///
/// Outputs: the columns named in `outputs` are channels; each beat makes a row of `output`, with the time and
/// the values as written last, an empty cell before the first. In virtual time no row is ever lost; in real
/// time rows that an ordinary thread can't take in time are dropped, counted, marked in the file and reported
/// by `close`.
///
/// The format is that of parse_table; what is written can be played again.
class Csv final : public Device {
 public:
  void configure(Configuration& configuration) override;
  std::vector<Channel> channels() const override;
  bool is_hardware() const override { return false; }
  void open() override;
  void close() override;
  DeviceResult advance(const Beat& beat) override;
  DeviceResult read(const ChannelGroup& group, std::span<double> values, std::span<Status> statuses) override;
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override;
  void state(StateVisitor& visitor) override;

 private:
  void load_inputs(Configuration& configuration);
  void check_times(Configuration& configuration, const std::string& path, std::size_t time_index) const;
  void prepare_outputs(Configuration& configuration);
  void put_out_row();

  Parameter<std::string> file{*this, "file", {.initial = ""}, "table that is played as inputs"};
  Parameter<std::string> time_column{
      *this,
      "time_column",
      {.initial = "time"},
      "its column with the time in s, checked against the period; empty: none"};
  Parameter<std::string> outputs{
      *this, "outputs", {.initial = ""}, "output channels, such as \"pump [V], valve\""};
  Parameter<std::string> output{*this, "output", {.initial = ""}, "file that is written with the outputs"};

  // Made by `configure` on a new instance: like hardware, the tables stay as long as the device is open.
  Table table_;
  std::vector<std::size_t> input_columns_;  ///< of the table, for each input channel
  std::vector<Table::Column> output_columns_;
  std::string output_path_;
  bool virtual_time_ = true;

  std::unique_ptr<RowWriter> writer_;
  std::size_t row_ = 0;
  std::vector<double> output_values_;
  std::vector<std::uint8_t> written_;  ///< in this beat, for each output
  std::size_t unwritten_ = 0;
  std::int64_t output_time_ns_ = 0;
  bool row_begun_ = false;
};

}  // namespace tactus::plugins
