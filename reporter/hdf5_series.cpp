#include "reporter/hdf5_series.hpp"

#include <algorithm>
#include <array>

namespace tactus::hdf5 {

Id create_series(hid_t group, const std::string& name, const SeriesShape& shape) {
  const std::array<hsize_t, 2> empty{0, shape.columns};
  const std::array<hsize_t, 2> most{H5S_UNLIMITED, shape.columns};
  const std::array<hsize_t, 2> chunk{shape.chunk_rows, shape.columns};
  const int rank = shape.columns == 0 ? 1 : 2;
  const Id space(H5Screate_simple(rank, empty.data(), most.data()), H5Sclose, name);

  const Id list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, name);
  check(H5Pset_chunk(list, rank, chunk.data()), name);
  // Every row is written before anybody can see it, so there is nothing to fill.
  check(H5Pset_fill_time(list, H5D_FILL_TIME_NEVER), name);
  check(H5Pset_obj_track_times(list, false), name);
  if (shape.gzip > 0) check(H5Pset_deflate(list, static_cast<unsigned>(shape.gzip)), name);
  return {H5Dcreate2(group, name.c_str(), shape.type, space, H5P_DEFAULT, list, H5P_DEFAULT), H5Dclose,
          "creating " + name};
}

Series::Series(hid_t file, const std::string& path)
    : path_(path),
      dataset_(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, "opening " + path),
      type_(H5Dget_type(dataset_), H5Tclose, path) {
  const Id space(H5Dget_space(dataset_), H5Sclose, path);
  const Id list(H5Dget_create_plist(dataset_), H5Pclose, path);
  std::array<hsize_t, 2> extent{0, 1};
  std::array<hsize_t, 2> chunk{1, 1};
  const int rank = check(H5Sget_simple_extent_dims(space, extent.data(), nullptr), path);
  check(H5Pget_chunk(list, rank, chunk.data()), path);
  columns_ = rank == 2 ? extent[1] : 0;
  chunk_rows_ = chunk[0];
  row_bytes_ = H5Tget_size(type_) * (rank == 2 ? columns_ : 1);
  buffer_.resize(chunk_rows_ * row_bytes_);
  written_ = extent[0];
  room_ = chunk_rows_ - written_ % chunk_rows_;
}

void Series::write() {
  if (pending_ == 0) return;
  const int rank = columns_ == 0 ? 1 : 2;
  const std::array<hsize_t, 2> start{written_, 0};
  const std::array<hsize_t, 2> count{pending_, columns_};
  const std::array<hsize_t, 2> extent{written_ + pending_, columns_};
  const std::string what = "writing " + path_;
  check(H5Dset_extent(dataset_, extent.data()), what);
  const Id target(H5Dget_space(dataset_), H5Sclose, what);
  check(H5Sselect_hyperslab(target, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), what);
  const Id source(H5Screate_simple(rank, count.data(), nullptr), H5Sclose, what);
  check(H5Dwrite(dataset_, type_, source, target, H5P_DEFAULT, buffer_.data()), what);
  written_ += pending_;
  pending_ = 0;
  room_ = chunk_rows_ - written_ % chunk_rows_;
}

}  // namespace tactus::hdf5
