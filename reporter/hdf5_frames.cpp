#include "reporter/hdf5_frames.hpp"

#include <algorithm>
#include <bit>

#include "reporter/hdf5_attributes.hpp"
#include "reporter/hdf5_file.hpp"

namespace tactus::hdf5 {
namespace {

/// Rows in a chunk: half a second of beats, so that the file has little empty room at its end, but not fewer
/// than 1,024 unless that makes more than 1 MiB, which is what readers' caches take by default.
std::size_t chunk_rows(const Schedule& schedule, const Period& period, std::size_t row_bytes) {
  constexpr double least = 1024;
  constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;
  const double row_seconds = period.seconds() * static_cast<double>(schedule.every);
  const std::size_t most = std::max<std::size_t>(1, chunk_bytes / row_bytes);
  const double wanted = std::clamp(0.5 / row_seconds, least, static_cast<double>(chunk_bytes));
  return std::bit_floor(std::min(most, static_cast<std::size_t>(wanted)));
}

/// The place of the first source with the same rate.
std::size_t first_of_rate(const std::vector<FrameSource>& sources, std::size_t rate) {
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [rate](const FrameSource& source) { return source.rate == rate; });
  return static_cast<std::size_t>(found - sources.begin());
}

void create_values(hid_t group, const FrameSource& source, const Period& period, int gzip) {
  const FrameDescription& description = source.description;
  const std::size_t columns = source.columns.size();
  const std::size_t rows = chunk_rows(description.schedule, period, columns * sizeof(double));
  const Id values = create_series(
      group, "values", {.type = H5T_NATIVE_DOUBLE, .columns = columns, .chunk_rows = rows, .gzip = gzip});
  const Id status = create_series(
      group, "status", {.type = H5T_NATIVE_UINT8, .columns = columns, .chunk_rows = rows, .gzip = gzip});
  for (const hid_t dataset : {hid_t{values}, hid_t{status}}) {
    put(dataset, "signals", description.signals);
    put(dataset, "units", description.units);
  }
  put(status, "meaning", std::vector<std::string>{"good", "substituted", "stale", "bad"});
}

void create_beats(hid_t group, const FrameSource& source, const Period& period, int gzip) {
  const std::size_t rows = chunk_rows(source.description.schedule, period, sizeof(std::uint64_t));
  const Id time = create_series(group, "time", {.type = H5T_NATIVE_INT64, .chunk_rows = rows, .gzip = gzip});
  put(time, "unit", std::string("ns"));
  create_series(group, "beat", {.type = H5T_NATIVE_UINT64, .chunk_rows = rows, .gzip = gzip});
}

void link_beats(hid_t frames, const std::string& owner, hid_t group) {
  for (const char* name : {"time", "beat"}) {
    const std::string existing = owner + '/' + name;
    check(H5Lcreate_hard(frames, existing.c_str(), group, name, H5P_DEFAULT, H5P_DEFAULT), existing);
  }
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

void create_frames(hid_t frames, const std::vector<FrameSource>& sources, const Period& period, int gzip) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const FrameDescription& description = sources[i].description;
    const Id group = create_group(frames, description.component);
    put(group, "component", description.component);
    put(group, "plugin", description.plugin);
    put(group, "kind", std::string(to_string(description.kind)));
    put(group, "every", description.schedule.every);
    put(group, "offset", description.schedule.offset);
    create_values(group, sources[i], period, gzip);
    const std::size_t owner = first_of_rate(sources, sources[i].rate);
    if (owner == i) {
      create_beats(group, sources[i], period, gzip);
    } else {
      link_beats(frames, sources[owner].description.component, group);
    }
  }
}

Frames::Frames(hid_t file, const std::string& path, std::vector<FrameSource> sources) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string group = path + '/' + sources[i].description.component;
    const std::size_t rate = sources[i].rate;
    if (first_of_rate(sources, rate) == i) {
      beats_.push_back({rate, i, Series(file, group + "/time"), Series(file, group + "/beat")});
    }
    frames_.push_back({sources[i], Series(file, group + "/values"), Series(file, group + "/status")});
  }
  constexpr std::size_t few = 8;
  constexpr std::size_t records = 32;
  if (frames_.size() > few) copies_.resize(records);
}

void Frames::set_sources(std::vector<FrameSource> sources) {
  unload();
  for (Beats& beats : beats_) beats.rate = sources[beats.first_source].rate;
  for (std::size_t i = 0; i < frames_.size(); ++i) frames_[i].source = std::move(sources[i]);
}

void Frames::append(const BeatView& view) {
  if (copies_.empty()) return distribute(std::span(&view, 1));
  std::vector<std::uint64_t>& copy = copies_[gathered_.size()];
  copy.resize(view.bytes().size() / sizeof(std::uint64_t) + 1);
  std::memcpy(copy.data(), view.bytes().data(), view.bytes().size());
  gathered_.emplace_back(std::as_bytes(std::span(copy)));
  if (gathered_.size() == copies_.size()) unload();
}

void Frames::unload() {
  distribute(gathered_);
  gathered_.clear();
}

void Frames::distribute(std::span<const BeatView> views) {
  for (Frame& frame : frames_) {
    for (const BeatView& view : views) {
      if (!frame.source.ran(view)) continue;
      gather(view.values(), frame.source, frame.values);
      gather(view.statuses(), frame.source, frame.status);
    }
  }
  for (Beats& beats : beats_) {
    for (const BeatView& view : views) {
      if (view.rate_beats()[beats.rate] != view.head().beat) continue;
      beats.time.append(&view.head().time_ns);
      beats.beat.append(&view.head().beat);
    }
  }
}

void Frames::write() {
  unload();
  for (Frame& frame : frames_) {
    frame.values.write();
    frame.status.write();
  }
  for (Beats& beats : beats_) {
    beats.time.write();
    beats.beat.write();
  }
}

}  // namespace tactus::hdf5
