#pragma once
// The words that a run and its clients exchange: one JSON object a line, each with the protocol's version.
// docs/control-protocol.md is the description for people.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/refused.hpp"

namespace tactus::control {

using Json = nlohmann::json;

inline constexpr int version = 1;
/// The longest request and the longest reply, in bytes with the line's end.
inline constexpr std::size_t longest_request = std::size_t{1} << 20U;
inline constexpr std::size_t longest_reply = std::size_t{64} << 20U;

/// A request without its arguments, to be completed by the caller.
Json request(std::string_view command);
/// The request in a line; throws Refused if it is none. Any bytes may be given.
Json parse_request(std::string_view line);

/// The reply to a request that was carried out: `fields` and what every reply has.
Json success(Json fields = Json::object());
/// The reply to one that was not.
Json failure(const Refused& refused);

/// One line, with its end. What is no UTF-8 is replaced.
std::string to_line(const Json& message);

/// The member `key` of a request as a list of texts; throws Refused if it is something else. Empty if it is
/// not there.
std::vector<std::string> text_list(const Json& request, const char* key);
/// The member `key` of a request as a text; throws Refused if it is missing or something else.
std::string text_of(const Json& request, const char* key);

}  // namespace tactus::control
