#pragma once
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "mediator/record_fifo.hpp"
#include "plugins/csv/table.hpp"

namespace tactus::plugins {

/// A file of comma-separated values, written row by row from the beat without holding it up: the rows pass
/// through a RecordFifo to an ordinary thread. Its first column is `time [s]`; a value that is NaN is an
/// empty cell.
class RowWriter {
 public:
  /// Creates the file; throws DeviceError if that fails, or if it exists: measurements are not overwritten.
  /// `wait_when_full`: in virtual time, where waiting harms nobody and no row may be lost. Ordinary domain.
  /// `bytes` of memory for the rows on their way, at least two rows.
  RowWriter(std::string path, const std::vector<Table::Column>& columns, bool wait_when_full,
            std::size_t bytes = std::size_t{1} << 20U);
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;
  ~RowWriter();

  /// Puts out one row; when there is no room it is dropped and counted, or waited for. Real-time.
  void push(std::int64_t time_ns, std::span<const double> values);

  /// Any thread: how many rows were dropped.
  std::uint64_t drops() const { return fifo_.drops(); }

  /// Writes what is left and closes the file. Throws DeviceError if rows are missing in it, whether dropped
  /// or refused by the disk. Ordinary domain.
  void finish();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void run(const std::stop_token& stop);
  void drain();
  void append_gap(std::uint64_t rows);
  void write_out();

  std::string path_;
  bool wait_when_full_;
  RecordFifo fifo_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  // The thread's alone while it runs.
  std::string text_;
  std::uint64_t gaps_ = 0;  ///< rows that the file says are missing
  int error_ = 0;           ///< errno of the first write that failed
  std::jthread thread_;     // last: it uses all of the above
};

}  // namespace tactus::plugins
