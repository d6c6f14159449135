#pragma once
#include <string>
#include <vector>

namespace tactus::cli {

/// Lists all plug-ins that are found. The exit status.
int plugins(const std::vector<std::string>& plugin_path, bool json);

/// Tells what one plug-in says of itself. The exit status.
int describe(const std::string& name, const std::vector<std::string>& plugin_path, bool json);

}  // namespace tactus::cli
