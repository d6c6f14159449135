#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "interpreter/compiler.hpp"

namespace tactus {

/// What `check` shows of a good file: the beat in its order with the schedule, the wiring, delays, what each
/// output needs, what nothing needs, and which outputs nothing makes safe.
nlohmann::json summarize(const Specification& specification, const Compiled& compiled);

/// The same for people.
std::string summary_as_text(const nlohmann::json& summary);

}  // namespace tactus
