#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "interpreter/specification.hpp"

namespace tactus::cli {

/// The modes of an experiment, region by region, as `check` tells them.
nlohmann::json modes_of(const Specification& specification);
/// The same for people; nothing if there are none.
std::string modes_summary(const nlohmann::json& modes);

}  // namespace tactus::cli
