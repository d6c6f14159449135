#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/program.hpp"
#include "engine/region.hpp"
#include "reporter/reporter.hpp"

namespace tactus {

/// Where a region of modes stands.
struct ModeInForce {
  std::string region;
  std::string mode;
  std::size_t number = 0;  ///< of the mode, in the order of the file
  double elapsed = 0;      ///< s since it was entered, virtual system time
};

/// Of all regions, by the newest beat that came out; nothing before the first one.
std::vector<ModeInForce> modes_in_force(const std::optional<LatestBeat>& latest);

/// The regions of a program.
std::vector<const Region*> regions_of(const Program& program);

/// Throws Refused if no condition of the program asks for that command.
void require_command(const Program& program, const std::string& name);
/// Throws Refused if there is no such mode, `region.mode`.
void require_mode(const Program& program, const std::string& name);

}  // namespace tactus
