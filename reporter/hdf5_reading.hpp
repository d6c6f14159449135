#pragma once
// What others than the sink want to know of a recording. Private to the room.

#include <cstdint>
#include <string>
#include <vector>

#include "reporter/hdf5_error.hpp"

namespace tactus::hdf5 {

/// Opens a file for reading; std::runtime_error if it is damaged or still marked as open.
Id open_for_reading(const std::string& path);

/// Whether there is an object of that name; its parent must be there.
bool exists(hid_t file, const std::string& path);

/// Names of the objects in a group, sorted; none if there is no such group.
std::vector<std::string> members(hid_t file, const std::string& group);

/// Rows `first` to `first + count` of a dataset, into memory for them.
void read_rows(hid_t file, const std::string& path, hid_t type, std::uint64_t first, std::uint64_t count,
               void* to);

/// Rows and, of a dataset of two dimensions, columns (else 1).
struct Extent {
  std::uint64_t rows = 0;
  std::uint64_t columns = 1;
};
Extent extent(hid_t file, const std::string& path);

/// Attributes of the object at `path`.
std::string read_text(hid_t file, const std::string& path, const std::string& attribute);
std::vector<std::string> read_texts(hid_t file, const std::string& path, const std::string& attribute);

/// All of a dataset of one dimension.
template <class T>
std::vector<T> read_all(hid_t file, const std::string& path, hid_t type) {
  std::vector<T> rows(extent(file, path).rows);
  read_rows(file, path, type, 0, rows.size(), rows.data());
  return rows;
}

}  // namespace tactus::hdf5
