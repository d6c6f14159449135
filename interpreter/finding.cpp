#include "interpreter/finding.hpp"

#include <algorithm>
#include <tuple>

namespace tactus {
namespace {

const char* to_string(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

}  // namespace

std::string to_string(const Position& position) {
  if (position.line == 0) return position.file;
  return position.file + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string to_string(const Finding& finding) {
  return to_string(finding.position) + ": " + to_string(finding.severity) + ": " + finding.message;
}

void Findings::add(Severity severity, const Position& position, std::string message) {
  Finding finding{severity, position, std::move(message)};
  if (!seen_.insert(to_string(finding)).second) return;
  if (severity == Severity::error) ++errors_;
  findings_.push_back(std::move(finding));
}

std::vector<Finding> Findings::sorted() const {
  std::vector<Finding> result = findings_;
  std::ranges::stable_sort(result, {}, [](const Finding& finding) {
    return std::tie(finding.position.file, finding.position.line, finding.position.column);
  });
  return result;
}

std::string Findings::to_text() const {
  std::string text;
  for (const Finding& finding : sorted()) text += to_string(finding) + "\n";
  return text;
}

nlohmann::json Findings::to_json() const {
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& finding : sorted()) {
    list.push_back({{"severity", to_string(finding.severity)},
                    {"file", finding.position.file},
                    {"line", finding.position.line},
                    {"column", finding.position.column},
                    {"message", finding.message}});
  }
  return list;
}

}  // namespace tactus
