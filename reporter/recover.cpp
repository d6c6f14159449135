#include "reporter/recover.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <stdexcept>
#include <vector>

#include "reporter/hdf5_file.hpp"
#include "reporter/hdf5_reading.hpp"
#include "reporter/recording_file.hpp"

namespace tactus {
namespace {

using namespace hdf5;

/// What matters here of the beginning of an HDF5 file. The format is fixed by its specification.
struct Superblock {
  std::array<unsigned char, 36> bytes{};

  [[nodiscard]] bool is_hdf5() const {
    constexpr std::array<unsigned char, 8> signature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    return std::equal(signature.begin(), signature.end(), bytes.begin());
  }
  /// Version 3 and later say who has the file open.
  [[nodiscard]] bool is_marked() const { return bytes[8] >= 3 && bytes[11] != 0; }
  /// Where the data end, of such a version.
  [[nodiscard]] off_t end() const {
    std::uint64_t address = 0;
    for (std::size_t i = 0; i < 8; ++i) address |= std::uint64_t{bytes[28 + i]} << (8 * i);
    return static_cast<off_t>(address);
  }
};

Superblock read_superblock(const std::string& path, const FileDescriptor& file) {
  Superblock block;
  const ssize_t count = ::pread(file.number(), block.bytes.data(), block.bytes.size(), 0);
  if (count < 0) throw std::runtime_error(path + ": " + error_text(errno));
  if (count != ssize_t{block.bytes.size()} || !block.is_hdf5()) {
    throw std::runtime_error(path + ": not an HDF5 file");
  }
  return block;
}

/// The file may be shorter than it says, if the end of its last chunks was never written.
void lengthen(const std::string& path, const FileDescriptor& file, off_t end) {
  struct stat about {};
  const bool done =
      ::fstat(file.number(), &about) == 0 && (about.st_size >= end || ::ftruncate(file.number(), end) == 0);
  if (!done) throw std::runtime_error(path + ": " + error_text(errno));
}

FileDescriptor open_file(const std::string& path, int flags) {
  FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC));
  if (file.number() < 0) throw std::runtime_error(path + ": " + error_text(errno));
  return file;
}

/// Opens the file in spite of its marks, which that removes, and sets the end of its data to its true size:
/// what the killed process wrote after the last flush may lie behind the end noted in the file.
Id open_marked(const std::string& path) {
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path);
  check(H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), path);
  check(H5Pset_file_locking(access, false, true), path);
  const hbool_t yes = true;
  // The library has no function for these two; its own tool h5clear sets them in this way.
  check(H5Pset(access, "clear_status_flags", &yes), path);
  check(H5Pset(access, "skip_eof_check", &yes), path);
  Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access), H5Fclose, path + ": can't be recovered");
  check(H5Fincrement_filesize(file, 0), path);
  return file;
}

/// One dataset of a component.
class Column {
 public:
  Column(hid_t file, const std::string& path)
      : id_(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, path) {
    const Id space(H5Dget_space(id_), H5Sclose, path);
    check(H5Sget_simple_extent_dims(space, extent_.data(), nullptr), path);
  }
  [[nodiscard]] hsize_t rows() const { return extent_[0]; }
  [[nodiscard]] std::uint64_t cut(hsize_t rows) {
    const std::uint64_t too_many = extent_[0] - rows;
    extent_[0] = rows;
    if (too_many > 0) check(H5Dset_extent(id_, extent_.data()), "cutting a dataset");
    return too_many;
  }
  /// The last rows of a dataset of one dimension, at most `most`.
  [[nodiscard]] std::vector<std::uint64_t> tail(hsize_t most) const {
    const hsize_t count = std::min(most, extent_[0]);
    std::vector<std::uint64_t> numbers(count);
    if (count == 0) return numbers;
    const hsize_t start = extent_[0] - count;
    const Id from(H5Dget_space(id_), H5Sclose, "reading beats");
    check(H5Sselect_hyperslab(from, H5S_SELECT_SET, &start, nullptr, &count, nullptr), "reading beats");
    const Id to(H5Screate_simple(1, &count, nullptr), H5Sclose, "reading beats");
    check(H5Dread(id_, H5T_NATIVE_UINT64, to, from, H5P_DEFAULT, numbers.data()), "reading beats");
    return numbers;
  }

 private:
  std::array<hsize_t, 2> extent_{0, 0};
  Id id_;
};

/// Rows of `beat` that were really written. Beats only ever rise; a row that is there in name only is zero.
/// That can be so for the rows of one write, which are never more than `most_in_a_write`.
hsize_t written_rows(const Column& beat) {
  constexpr hsize_t most_in_a_write = hsize_t{1} << 17U;
  const std::vector<std::uint64_t> last = beat.tail(2 * most_in_a_write);
  const auto end = std::adjacent_find(last.begin(), last.end(), std::greater_equal<>());
  return end == last.end() ? beat.rows() : beat.rows() - static_cast<hsize_t>(last.end() - end) + 1;
}

/// A group of datasets with a row for each beat, one of which is called `beat`.
std::uint64_t cut_group(hid_t file, const std::string& group) {
  std::vector<Column> all;
  all.emplace_back(file, group + "/beat");
  for (const std::string& name : members(file, group)) {
    if (name != "beat") all.emplace_back(file, std::string(group).append("/").append(name));
  }
  hsize_t rows = written_rows(all.front());
  for (const Column& column : all) rows = std::min(rows, column.rows());
  std::uint64_t cut = 0;
  for (Column& column : all) cut += column.cut(rows);
  return cut;
}

/// The frames and checkpoints of an epoch.
std::uint64_t cut_epoch(hid_t file, const std::string& place) {
  const std::string frames = place + "/frames";
  std::uint64_t all = 0;
  std::uint64_t cut = 0;
  do {  // again, as long as one component's cut has shortened the beats that it shares with others
    cut = 0;
    for (const std::string& component : members(file, frames)) {
      cut += cut_group(file, std::string(frames).append("/").append(component));
    }
    all += cut;
  } while (cut > 0);
  if (exists(file, place + "/states")) all += cut_group(file, place + "/states");
  return all;
}

}  // namespace

bool is_marked_open(const std::string& path) {
  return read_superblock(path, open_file(path, O_RDONLY)).is_marked();
}

Recovery recover(const std::string& path) {
  prepare_library();
  const FileDescriptor descriptor = open_file(path, O_RDWR);
  if (!claim_for_writing(descriptor)) throw std::runtime_error(path + ": a running process writes it");
  const Superblock superblock = read_superblock(path, descriptor);
  if (!superblock.is_marked()) return {};

  lengthen(path, descriptor, superblock.end());
  Recovery recovery{.needed = true};
  Id file = open_marked(path);
  try {
    recovery.rows_cut += cut_epoch(file, "");
    for (const std::string& epoch : members(file, "/epochs")) {
      recovery.rows_cut += cut_epoch(file, "/epochs/" + epoch);
    }
    check(H5Fflush(file, H5F_SCOPE_LOCAL), "writing");
  } catch (const std::runtime_error& error) {
    give_up_writing(file);
    throw std::runtime_error(path + ": can't be recovered: " + error.what());
  }
  file.reset();
  if (::fsync(descriptor.number()) != 0 && errno != EINVAL) {
    throw std::runtime_error(path + ": " + error_text(errno));
  }
  return recovery;
}

}  // namespace tactus
