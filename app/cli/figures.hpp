#pragma once
// What was measured of a run, for people. Made from the reply to `status`, so that a run and its clients say
// the same.

#include <nlohmann/json.hpp>
#include <string>

namespace tactus::cli {

/// One line of less than 80 characters: beat, time left, latency (in virtual time: duration), overruns,
/// drops.
std::string progress_line(const nlohmann::json& status);

/// `interlock overflow tripped on beat 12`.
std::string interlock_text(const nlohmann::json& interlock);
/// Where, when and why.
std::string fault_text(const nlohmann::json& fault);

/// Several lines; with `steps` also each step and the worst beats.
/// The mode of each region, a line each; nothing if there are no modes.
std::string modes_text(const nlohmann::json& modes);

std::string status_text(const nlohmann::json& status, bool steps);

}  // namespace tactus::cli
