#include "reporter/hdf5_frame.hpp"

#include <algorithm>
#include <bit>

#include "reporter/hdf5_attributes.hpp"
#include "reporter/hdf5_file.hpp"

namespace tactus::hdf5 {
namespace {

/// Rows in a chunk: half a second of beats, so that the file has little empty room at its end, but not fewer
/// than 1,024 unless that makes more than 1 MiB, which is what readers' caches take by default.
std::size_t chunk_rows(const FrameSource& source, const Period& period) {
  constexpr double least = 1024;
  constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;
  const double row_seconds = period.seconds() * static_cast<double>(source.description.schedule.every);
  const std::size_t most = std::max<std::size_t>(1, chunk_bytes / (source.columns.size() * sizeof(double)));
  const double wanted = std::clamp(0.5 / row_seconds, least, static_cast<double>(chunk_bytes));
  return std::bit_floor(std::min(most, static_cast<std::size_t>(wanted)));
}

template <class T>
void gather(std::span<const T> from, const FrameSource& source, Series& to) {
  std::byte* place = to.next();
  if (source.contiguous) {
    std::memcpy(place, from.data() + source.columns.front(), to.row_bytes());
  } else {
    for (const std::size_t column : source.columns) {
      std::memcpy(place, &from[column], sizeof(T));
      place += sizeof(T);
    }
  }
  to.commit();
}

}  // namespace

void create_frame(hid_t frames, const FrameSource& source, const Period& period, int gzip) {
  const FrameDescription& description = source.description;
  const Id group = create_group(frames, description.component);
  put(group, "component", description.component);
  put(group, "plugin", description.plugin);
  put(group, "kind", std::string(to_string(description.kind)));
  put(group, "every", description.schedule.every);
  put(group, "offset", description.schedule.offset);

  const std::size_t rows = chunk_rows(source, period);
  const std::size_t columns = source.columns.size();
  const Id values = create_series(
      group, "values", {.type = H5T_NATIVE_DOUBLE, .columns = columns, .chunk_rows = rows, .gzip = gzip});
  const Id status = create_series(
      group, "status", {.type = H5T_NATIVE_UINT8, .columns = columns, .chunk_rows = rows, .gzip = gzip});
  for (const hid_t dataset : {hid_t{values}, hid_t{status}}) {
    put(dataset, "signals", description.signals);
    put(dataset, "units", description.units);
  }
  put(status, "meaning", std::vector<std::string>{"good", "substituted", "stale", "bad"});
  const Id time = create_series(group, "time", {.type = H5T_NATIVE_INT64, .chunk_rows = rows, .gzip = gzip});
  put(time, "unit", std::string("ns"));
  create_series(group, "beat", {.type = H5T_NATIVE_UINT64, .chunk_rows = rows, .gzip = gzip});
}

Frame::Frame(hid_t file, const std::string& group, FrameSource source)
    : source_(std::move(source)),
      values_(file, group + "/values"),
      status_(file, group + "/status"),
      time_(file, group + "/time"),
      beat_(file, group + "/beat") {}

void Frame::append(const BeatView& view) {
  if (!source_.ran(view)) return;
  gather(view.values(), source_, values_);
  gather(view.statuses(), source_, status_);
  time_.append(&view.head().time_ns);
  beat_.append(&view.head().beat);
}

void Frame::write() {
  values_.write();
  status_.write();
  time_.write();
  beat_.write();
}

}  // namespace tactus::hdf5
