#include "reporter/recording_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iomanip>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "reporter/csv_sink.hpp"
#include "reporter/hdf5_sink.hpp"

namespace tactus {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (number_ >= 0) ::close(number_);
    number_ = other.release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

std::string error_text(int error) { return std::generic_category().message(error); }

std::string expand_file_name(const std::string& pattern, std::time_t when) {
  std::tm utc{};
  gmtime_r(&when, &utc);
  std::ostringstream name;
  name.imbue(std::locale::classic());
  name << std::put_time(&utc, pattern.c_str());
  if (name.str().empty()) throw std::runtime_error("recording: '" + pattern + "' does not make a file name");
  return name.str();
}

FileDescriptor create_new_file(const std::string& path) {
  constexpr mode_t for_its_owner = 0644;  // who may read it the umask says; nobody else alters it
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, for_its_owner));
  if (file.number() >= 0) return file;
  if (errno == EEXIST) {
    throw std::runtime_error(path +
                             ": exists, and a recording is never overwritten; remove it, or give a name with "
                             "the time in it, such as name-%Y%m%dT%H%M%SZ.h5");
  }
  throw std::runtime_error(path + ": can't be created: " + error_text(errno));
}

bool claim_for_writing(const FileDescriptor& file) {
  // A lock of the open file description (not of the process, which loses its locks with the first close of
  // any descriptor of the file), on a byte far behind any data, where it meets no lock of the HDF5 library.
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = off_t{1} << 62U;
  lock.l_len = 1;
  if (::fcntl(file.number(), F_OFD_SETLK, &lock) == 0) return true;
  return errno != EAGAIN && errno != EACCES;  // a file system without locks: nobody can tell
}

std::unique_ptr<Sink> make_recording(const RecordingOptions& options) {
  if (options.file.ends_with(".csv")) return std::make_unique<CsvSink>(options);
  if (options.file.ends_with(".h5") || options.file.ends_with(".hdf5")) {
    return std::make_unique<Hdf5Sink>(options);
  }
  throw std::runtime_error("recording: '" + options.file + "' must end in .h5, .hdf5 or .csv");
}

}  // namespace tactus
