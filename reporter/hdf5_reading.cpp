#include "reporter/hdf5_reading.hpp"

#include <array>
#include <stdexcept>

namespace tactus::hdf5 {
namespace {

Id open_dataset(hid_t file, const std::string& path) {
  return {H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, path};
}

}  // namespace

Id open_for_reading(const std::string& path) {
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path);
  check(H5Pset_file_locking(access, false, true), path);
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "can't be read"};
}

bool exists(hid_t file, const std::string& path) {
  return check(H5Lexists(file, path.c_str(), H5P_DEFAULT), path) > 0;
}

std::vector<std::string> members(hid_t file, const std::string& group) {
  std::vector<std::string> names;
  if (!exists(file, group)) return names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* to) -> herr_t {
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  check(
      H5Literate_by_name(file, group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names, H5P_DEFAULT),
      group);
  return names;
}

Extent extent(hid_t file, const std::string& path) {
  const Id dataset = open_dataset(file, path);
  const Id space(H5Dget_space(dataset), H5Sclose, path);
  std::array<hsize_t, 2> size{0, 1};
  if (check(H5Sget_simple_extent_ndims(space), path) > 2)
    throw std::runtime_error(path + " has too many dimensions");
  check(H5Sget_simple_extent_dims(space, size.data(), nullptr), path);
  return {size[0], size[1]};
}

void read_rows(hid_t file, const std::string& path, hid_t type, std::uint64_t first, std::uint64_t count,
               void* to) {
  if (count == 0) return;
  const Id dataset = open_dataset(file, path);
  const Id from(H5Dget_space(dataset), H5Sclose, path);
  const int rank = check(H5Sget_simple_extent_ndims(from), path);
  const std::array<hsize_t, 2> start{first, 0};
  const std::array<hsize_t, 2> size{count, extent(file, path).columns};
  check(H5Sselect_hyperslab(from, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), path);
  const Id memory(H5Screate_simple(rank, size.data(), nullptr), H5Sclose, path);
  check(H5Dread(dataset, type, memory, from, H5P_DEFAULT, to), path);
}

std::string read_text(hid_t file, const std::string& path, const std::string& attribute) {
  const std::vector<std::string> texts = read_texts(file, path, attribute);
  return texts.empty() ? std::string() : texts.front();
}

std::vector<std::string> read_texts(hid_t file, const std::string& path, const std::string& attribute) {
  const std::string what = "attribute " + attribute + " of " + path;
  const Id from(H5Aopen_by_name(file, path.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                what);
  const Id type(H5Aget_type(from), H5Tclose, what);
  const Id space(H5Aget_space(from), H5Sclose, what);
  if (check(H5Tis_variable_str(type), what) == 0) throw std::runtime_error(what + " is no text");
  std::vector<char*> read(static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space), what)));
  check(H5Aread(from, type, read.data()), what);
  std::vector<std::string> texts;
  texts.reserve(read.size());
  for (const char* text : read) texts.emplace_back(text != nullptr ? text : "");
  check(H5Dvlen_reclaim(type, space, H5P_DEFAULT, read.data()), what);
  return texts;
}

}  // namespace tactus::hdf5
