#include "reporter/hdf5_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace tactus::hdf5 {
namespace {

Id access_list(bool compressed) {
  Id list(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file access");
  // Only the newest format knows SWMR.
  check(H5Pset_libver_bounds(list, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), "file access");
  // Without a cache the library writes our rows where they belong, straight from our buffers. With
  // compression it has to keep the chunk that is being filled.
  constexpr std::size_t slots = 521;
  constexpr std::size_t cache_bytes = std::size_t{4} << 20U;
  check(H5Pset_cache(list, 0, slots, compressed ? cache_bytes : 0, 1.0), "file access");
  // The library would lock the file whenever it opens it, and fail if a reader happens to open it too. The
  // status flags in the file and claim_for_writing() keep other writers away.
  check(H5Pset_file_locking(list, false, true), "file access");
  return list;
}

}  // namespace

File::File(const std::string& path, FileDescriptor created, bool compressed, bool sync)
    : path_(path), descriptor_(std::move(created)), access_(access_list(compressed)) {
  if (!claim_for_writing(descriptor_)) throw std::runtime_error("another process writes it");
  const Id creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "file creation");
  check(H5Pset_obj_track_times(creation, false), "file creation");
  // The file is ours and empty, so that truncating it overwrites nothing.
  id_ = Id(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access_), H5Fclose, "creating the file");
  if (sync) sync_.emplace(descriptor_.number());
}

File::~File() = default;

void File::open(unsigned flags) {
  close_id();
  id_ = Id(H5Fopen(path_.c_str(), flags, access_), H5Fclose, "opening the file");
}

void File::flush() {
  check(H5Fflush(id_, H5F_SCOPE_LOCAL), "writing the file");
  if (sync_) sync_->request();
}

void File::close() {
  close_id();
  if (sync_) {
    sync_->request();
    sync_->finish();
  }
  descriptor_ = FileDescriptor();
}

void File::give_up() {
  sync_.reset();
  if (id_ >= 0) give_up_writing(id_);
}

void File::release() {
  id_.reset();
  descriptor_ = FileDescriptor();
}

void File::close_id() {
  if (id_ < 0) return;
  check(H5Fflush(id_, H5F_SCOPE_LOCAL), "writing the file");
  id_.reset();
}

void give_up_writing(hid_t file) {
  // A file whose last writes fail can't be closed, and would stay in the library for ever. So its descriptor
  // is made that of a file in memory, which takes everything.
  void* handle = nullptr;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0) return;
  const FileDescriptor elsewhere(::memfd_create("unwritten", MFD_CLOEXEC));
  ::dup3(elsewhere.number(), *static_cast<int*>(handle), O_CLOEXEC);
}

Id create_group(hid_t parent, const std::string& name) {
  const Id list(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, name);
  check(H5Pset_obj_track_times(list, false), name);
  return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, list, H5P_DEFAULT), H5Gclose, "creating " + name};
}

}  // namespace tactus::hdf5
