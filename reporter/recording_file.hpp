#pragma once
// The file of a recording: its name, and the promise that nothing is ever overwritten.

#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "reporter/sink.hpp"

namespace tactus {

/// What the user says under `report:`.
struct RecordingOptions {
  std::string file;                    ///< with strftime placeholders, filled in with UTC
  std::vector<std::string> signals{};  ///< `<component>.<signal>`; empty: all
  int gzip = 0;                        ///< HDF5 only: 0 (no compression) to 9
  bool sync = true;  ///< HDF5 only: see to it that data reach the disk itself twice a second
};

/// A descriptor of a file that this object closes.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  [[nodiscard]] int number() const { return number_; }
  int release() {
    const int number = number_;
    number_ = -1;
    return number;
  }

 private:
  int number_;
};

/// `pattern` with its strftime placeholders filled in with `when` in UTC: `tanks-%Y%m%dT%H%M%SZ.h5`.
/// std::runtime_error if nothing remains.
[[nodiscard]] std::string expand_file_name(const std::string& pattern, std::time_t when);

/// Creates a file that does not exist yet (a link counts as existing), for reading and writing; whatever the
/// umask, only its owner may write it. std::runtime_error, with the name, the reason and what to do, if it
/// exists or can't be created.
[[nodiscard]] FileDescriptor create_new_file(const std::string& path);

/// Makes this process known as the one that writes the file. The kernel takes that back when the descriptor
/// is closed or the process dies. False if another one writes it. Advisory: only this function asks.
[[nodiscard]] bool claim_for_writing(const FileDescriptor& file);

/// The sink that fits the file's name: `.h5`, `.hdf5` or `.csv`; anything else is a std::runtime_error.
[[nodiscard]] std::unique_ptr<Sink> make_recording(const RecordingOptions& options);

/// The text of an errno value.
[[nodiscard]] std::string error_text(int error);

}  // namespace tactus
