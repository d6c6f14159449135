#pragma once
// Numbers as text: what YAML 1.2's core schema calls a number, whatever the library or the locale think.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tactus {

/// `-3`, `0x1f`, `0o17`; nothing if it is none or does not fit.
std::optional<std::int64_t> core_integer(std::string_view text);

/// An integer, `1.5`, `1e-3`, `.inf`, `-.inf`, `.nan`; nothing if it is none.
std::optional<double> core_number(std::string_view text);

/// The length of the decimal number that the text begins with: `3 V` has 1; 0 if there is none.
std::size_t decimal_prefix(std::string_view text);

/// The shortest text that reads back as this number.
std::string number_text(double value);

}  // namespace tactus
