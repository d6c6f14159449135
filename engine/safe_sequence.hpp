#pragma once
// How outputs go safe: which first, and how fast.

#include <cstdint>
#include <string>
#include <vector>

#include "components/actuator/actuator.hpp"
#include "engine/guard.hpp"

namespace tactus {

/// What one step came to.
struct SafeProgress {
  bool concerned = false;      ///< some output had to be safe
  bool there = true;           ///< and all of those are, as far as their values go
  bool nearer = false;         ///< some got nearer
  std::uint64_t failed = 0;    ///< writes that failed
  const char* component = "";  ///< whose write failed first
};

/// All outputs of a program in the order in which they go safe. An output waits until those before it are at
/// their safe values; those of one rank go together. What waits stays where it is, and is written as well:
/// its hardware may want to hear of it. One that cannot be written keeps nobody waiting.
class SafeSequence {
 public:
  struct Member {
    Actuator* actuator;
    std::string component;
    std::size_t line;
    std::size_t rank;  ///< low ones first
  };

  SafeSequence() = default;
  /// Ordinary domain. Within a rank the order given stays.
  explicit SafeSequence(std::vector<Member> members);

  /// Takes all outputs that have to be safe as far as they may go in `elapsed` seconds, and writes them. What
  /// a device says or throws goes to `guard`, and keeps no other output from being written. Real-time.
  SafeProgress advance(SafeOccasion occasion, double elapsed, Guard& guard) noexcept;

 private:
  /// Lines that are written together.
  struct Group {
    Actuator* actuator;
    std::string component;
    std::size_t rank;
    std::vector<std::size_t> lines;
  };
  std::vector<Group> groups_;  // in the order of ranks
};

}  // namespace tactus
