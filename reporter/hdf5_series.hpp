#pragma once
// Series: one dataset that grows at its end, written in large pieces. Private to the room.

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "reporter/hdf5_error.hpp"

namespace tactus::hdf5 {

/// How a series is made.
struct SeriesShape {
  hid_t type = -1;             ///< of an element; the same in memory and in the file
  std::size_t columns = 0;     ///< elements in a row; 0: the dataset has one dimension
  std::size_t chunk_rows = 1;  ///< rows in one piece of the file
  int gzip = 0;                ///< 0 to 9
};

/// Makes an empty dataset and returns it, for attributes to be put on it.
Id create_series(hid_t group, const std::string& name, const SeriesShape& shape);

/// Appends rows to an existing dataset. Rows gather in memory until they fill the chunk that the file is at;
/// so chunks are written whole, and once, unless write() is called between.
class Series {
 public:
  Series(hid_t file, const std::string& path);

  /// The place for the next row, of row_bytes(); filled in and then committed.
  [[nodiscard]] std::byte* next() { return buffer_.data() + pending_ * row_bytes_; }
  void commit() {
    if (++pending_ == room_) write();
  }
  void append(const void* row) {
    std::memcpy(next(), row, row_bytes_);
    commit();
  }
  [[nodiscard]] std::size_t row_bytes() const { return row_bytes_; }
  [[nodiscard]] std::size_t rows() const { return written_ + pending_; }

  /// Hands all rows to the library, which hands them to the system.
  void write();

 private:
  std::string path_;
  Id dataset_;
  Id type_;
  std::size_t columns_ = 0;
  std::size_t chunk_rows_ = 1;
  std::size_t row_bytes_ = 0;
  std::vector<std::byte> buffer_;
  std::size_t written_ = 0;
  std::size_t pending_ = 0;
  std::size_t room_ = 1;  ///< rows to the end of the chunk
};

}  // namespace tactus::hdf5
