#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>

#include "heartbeat/period.hpp"

namespace tactus {

/// The number of beats that a text of the command line stands for: a time (`10s`, `2 h`), rounded up to whole
/// beats, or `1000 beats`. Throws std::invalid_argument, with a message for the user, if it is neither.
std::uint64_t beats_of(const std::string& text, const Period& period);

}  // namespace tactus
