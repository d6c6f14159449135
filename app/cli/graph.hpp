#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace tactus::cli {

/// Graphs in the language of Graphviz, of what `check` tells: which component reads which, and which mode
/// leads where.
std::string wiring_graph(const nlohmann::json& checked);
std::string modes_graph(const nlohmann::json& checked);

}  // namespace tactus::cli
