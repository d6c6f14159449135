#pragma once
// The HDF5 file of one recording and its two ways of being open. Private to the room.

#include <optional>
#include <string>

#include "reporter/disk_sync.hpp"
#include "reporter/hdf5_error.hpp"
#include "reporter/recording_file.hpp"

namespace tactus::hdf5 {

/// A new file. In the plain way objects can be created; in the SWMR way (single writer, multiple readers)
/// others read along and a killed writer leaves a readable file, but nothing can be created. All objects of
/// the file must be released before the way is changed.
///
/// Not thread-safe; one thread at a time.
class File {
 public:
  /// Takes over a file just created and opens it in the plain way. `compressed`: whether a dataset will need
  /// the chunk cache.
  File(const std::string& path, FileDescriptor created, bool compressed, bool sync);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] hid_t id() const { return id_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  void open_plain() { open(H5F_ACC_RDWR); }
  void open_swmr() { open(H5F_ACC_RDWR | H5F_ACC_SWMR_WRITE); }
  /// Hands all to the system, so that readers and a recovery see it, and asks for a sync to the disk.
  void flush();
  /// Closes the file and waits for the disk. It is no longer claimed by this process then.
  void close();
  /// After an error, while objects of the file are still open: see give_up_writing().
  void give_up();
  /// After give_up() and the release of the objects: closes the file.
  void release();

 private:
  void open(unsigned flags);
  void close_id();

  std::string path_;
  FileDescriptor descriptor_;  // claims the file, and takes part in syncs
  std::optional<DiskSync> sync_;
  Id access_;
  Id id_;
};

/// After an error: from here on nothing more reaches the file, whatever the library tries to write, so that
/// it stays as the last writes that succeeded left it. To be followed by the release of all its objects.
void give_up_writing(hid_t file);

/// A new group without time stamps.
Id create_group(hid_t parent, const std::string& name);

}  // namespace tactus::hdf5
