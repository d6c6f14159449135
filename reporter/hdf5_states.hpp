#pragma once
// The checkpoints of a recording. Private to the room.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/record.hpp"
#include "reporter/hdf5_series.hpp"

namespace tactus::hdf5 {

/// Makes empty datasets in a group: `beat`, `time`, `values` [n, numbers] with the attribute `names`, and
/// `check`, by which a row that reached the disk in part is known.
void create_states(hid_t group, const std::vector<std::string>& names);

/// What stands in `check`: FNV-1a of the row's beat, time and numbers.
std::uint64_t check_of(std::uint64_t beat, std::int64_t time_ns, std::span<const double> numbers);

/// Appends rows to what create_states() made.
class States {
 public:
  States(hid_t file, const std::string& path)
      : beat_(file, path + "/beat"),
        time_(file, path + "/time"),
        values_(file, path + "/values"),
        check_(file, path + "/check") {}

  void append(const BeatView& view);
  void write();

 private:
  Series beat_;
  Series time_;
  Series values_;
  Series check_;
};

}  // namespace tactus::hdf5
