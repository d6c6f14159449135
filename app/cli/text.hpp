#pragma once
// How figures and tables look on a screen.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tactus::cli {

/// Columns of text, each as wide as it must be; a line a row.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// `850 ns`, `12.3 us`, `4.0 s`, `1 h 06 min`: what a person reads of a duration.
std::string duration_text(double nanoseconds);

/// A JSON value without quotes: `1.5`, `clamping`, `[0, 10]`.
std::string value_text(const nlohmann::json& value);

/// `p50 1.2 us, p99 3 us, p99.9 4 us, max 9 us`; `none` if nothing was measured.
std::string figures_text(const nlohmann::json& figures);

}  // namespace tactus::cli
