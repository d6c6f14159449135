#include "reporter/checkpoint.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "reporter/hdf5_reading.hpp"
#include "reporter/hdf5_rows.hpp"
#include "reporter/hdf5_states.hpp"

namespace tactus {
namespace {

using namespace hdf5;

/// The groups that hold frames and states: the first epoch's is the root.
std::vector<std::string> epochs(hid_t file) {
  std::vector<std::string> places{""};
  const std::size_t later = members(file, "/epochs").size();
  for (std::size_t n = 1; n <= later; ++n) places.push_back("/epochs/" + std::to_string(n));
  return places;
}

std::optional<Checkpoint> last_of(hid_t file, const std::string& states) {
  if (!exists(file, states)) return std::nullopt;
  Checkpoint found;
  found.names = read_texts(file, states + "/values", "names");
  found.numbers.resize(extent(file, states + "/values").columns);
  if (found.names.size() != found.numbers.size()) return std::nullopt;
  std::uint64_t rows = extent(file, states + "/values").rows;
  for (const char* other : {"/beat", "/time", "/check"})
    rows = std::min(rows, extent(file, states + other).rows);
  while (rows > 0) {
    --rows;
    std::uint64_t check = 0;
    read_rows(file, states + "/beat", H5T_NATIVE_UINT64, rows, 1, &found.beat);
    read_rows(file, states + "/time", H5T_NATIVE_INT64, rows, 1, &found.time_ns);
    read_rows(file, states + "/values", H5T_NATIVE_DOUBLE, rows, 1, found.numbers.data());
    read_rows(file, states + "/check", H5T_NATIVE_UINT64, rows, 1, &check);
    if (check == check_of(found.beat, found.time_ns, found.numbers)) return found;
  }
  return std::nullopt;
}

std::uint64_t last_beat_of(hid_t file, const std::string& frames) {
  std::uint64_t last = 0;
  for (const std::string& component : members(file, frames)) {
    const std::string path = std::string(frames).append("/").append(component).append("/beat");
    const std::uint64_t rows = extent(file, path).rows;
    std::uint64_t beat = 0;
    if (rows > 0) read_rows(file, path, H5T_NATIVE_UINT64, rows - 1, 1, &beat);
    last = std::max(last, beat);
  }
  return last;
}

/// Of the program that ran on a beat.
std::string specification_on(hid_t file, std::uint64_t beat) {
  const auto programs = read_all<ProgramRow>(file, "/programs", program_type());
  const auto text = read_all<char>(file, "/specifications", H5T_NATIVE_UINT8);
  const auto later = std::ranges::find_if(programs, [&](const ProgramRow& row) { return row.beat > beat; });
  if (later == programs.begin()) return read_text(file, "/", "specification");
  const ProgramRow& row = *(later - 1);
  if (row.offset > text.size() || row.length > text.size() - row.offset) {
    throw std::runtime_error("/specifications is cut off");
  }
  return {text.data() + row.offset, row.length};
}

}  // namespace

Checkpoint last_checkpoint(const std::string& path) {
  prepare_library();
  try {
    const Id file = open_for_reading(path);
    std::optional<Checkpoint> found;
    std::uint64_t last_beat = 0;
    for (const std::string& place : epochs(file)) {
      if (std::optional<Checkpoint> later = last_of(file, place + "/states")) found = std::move(later);
      last_beat = std::max(last_beat, last_beat_of(file, place + "/frames"));
    }
    if (!found) {
      throw std::runtime_error("it has no checkpoint: `report: {checkpoint: {every: 1 s}}` takes some");
    }
    found->specification = specification_on(file, found->beat);
    found->last_beat = std::max(last_beat, found->beat);
    return std::move(*found);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

}  // namespace tactus
