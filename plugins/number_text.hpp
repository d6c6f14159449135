#pragma once
#include <charconv>
#include <string>

namespace tactus::plugins {

/// A number as the user would write it: the shortest text that reads back to the same double, whatever the
/// locale. For the texts of refusals; ordinary domain.
inline std::string number_text(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

}  // namespace tactus::plugins
