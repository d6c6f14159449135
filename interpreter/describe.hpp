#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "plugin/registration.hpp"

namespace tactus {

/// What a plug-in says of itself: name, kind, sentence, inputs, outputs, parameters with type, unit, default,
/// range. Throws PluginError if no instance can be made.
nlohmann::json describe(const PluginEntry& plugin);

/// The same for people.
std::string describe_as_text(const nlohmann::json& description);

}  // namespace tactus
