#include "app/control/protocol.hpp"

namespace tactus::control {
namespace {

Refused malformed(const std::string& text) { return {Refusal::request, text}; }

}  // namespace

Json request(std::string_view command) { return {{"tactus", version}, {"command", command}}; }

Json parse_request(std::string_view line) {
  Json request = Json::parse(line, nullptr, false);
  if (request.is_discarded()) throw malformed("this is no JSON");
  if (!request.is_object()) throw malformed("a request is a JSON object");
  const auto given = request.find("tactus");
  if (given == request.end() || *given != version) {
    throw malformed("a request has \"tactus\": " + std::to_string(version) + ", the version of the protocol");
  }
  text_of(request, "command");
  return request;
}

Json success(Json fields) {
  fields["tactus"] = version;
  fields["ok"] = true;
  return fields;
}

Json failure(const Refused& refused) {
  Json reply{{"tactus", version},
             {"ok", false},
             {"refusal", to_string(refused.refusal())},
             {"error", refused.what()}};
  if (!refused.findings().empty()) reply["findings"] = refused.findings().to_json();
  return reply;
}

std::string to_line(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::string> text_list(const Json& request, const char* key) {
  const auto found = request.find(key);
  if (found == request.end()) return {};
  std::vector<std::string> texts;
  if (!found->is_array()) throw malformed(std::string("\"") + key + "\" is a list of texts");
  for (const Json& item : *found) {
    if (!item.is_string()) throw malformed(std::string("\"") + key + "\" is a list of texts");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::string text_of(const Json& request, const char* key) {
  const auto found = request.find(key);
  if (found == request.end() || !found->is_string()) {
    throw malformed(std::string("a text \"") + key + "\" is missing");
  }
  return found->get<std::string>();
}

}  // namespace tactus::control
