#pragma once
// What a recording holds for a run that is to go on where it ended.

#include <cstdint>
#include <string>
#include <vector>

namespace tactus {

/// The last checkpoint of a recording.
struct Checkpoint {
  std::uint64_t beat = 0;  ///< at whose end it was taken
  std::int64_t time_ns = 0;
  std::vector<std::string> names;  ///< of its numbers, see Program::save()
  std::vector<double> numbers;
  std::string specification;    ///< of the program that ran on that beat
  std::uint64_t last_beat = 0;  ///< of all that was recorded
};

/// Reads the last checkpoint that is there whole. The recording must be closed, or recovered.
/// std::runtime_error, with the file's name and the reason, if it cannot be read or has none. Ordinary
/// domain.
Checkpoint last_checkpoint(const std::string& path);

}  // namespace tactus
