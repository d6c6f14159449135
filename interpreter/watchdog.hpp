#pragma once
// The key `watchdog` of the file: a line that toggles while there are beats, and the computer's own watchdog.

#include "interpreter/quantity_reader.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// Names of the two components that a line makes: what toggles, and the actuator that writes it.
inline constexpr const char* watchdog_source = "watchdog-toggle";
inline constexpr const char* watchdog_actuator = "watchdog";

/// Fills `watchdog` of a specification that has its heartbeat, and adds the components of the line. After the
/// interlocks: one that makes all outputs safe leaves the line alone, since the beat goes on.
void read_watchdog(const Node& node, QuantityReader& quantities, Specification& specification,
                   Findings& findings);

}  // namespace tactus
