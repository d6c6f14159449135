#pragma once
// Makes the recording of a killed process readable.

#include <cstdint>
#include <string>

namespace tactus {

/// What a recovery did.
struct Recovery {
  bool needed = false;         ///< false: the file had been closed properly, and was left as it is
  std::uint64_t rows_cut = 0;  ///< rows at the ends of datasets that were not there whole
};

/// Whether an HDF5 file still carries the marks of a writer: it is being written, or its writer was killed.
/// std::runtime_error if it can't be read or is not such a file.
[[nodiscard]] bool is_marked_open(const std::string& path);

/// Clears the marks, after which h5py, h5dump and others read the file as it is, and cuts the datasets of
/// each component to the rows that all of them have. Data are only ever taken away where they were not whole.
/// std::runtime_error, with the file's name and the reason, if a running process writes it, or if it is
/// damaged beyond that.
Recovery recover(const std::string& path);

}  // namespace tactus
