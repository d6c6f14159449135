#pragma once
// What is wrong with what the user wrote, and where.

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace tactus {

/// A place in a file that the user wrote, or a word of the command line.
struct Position {
  std::string file;
  int line = 0;    ///< from 1; 0: the file as a whole
  int column = 0;  ///< from 1
  bool operator==(const Position&) const = default;
};

/// `file:line:column`, or `file` alone.
std::string to_string(const Position& position);

enum class Severity : std::uint8_t { error, warning };

/// One thing that is wrong, or doubtful.
struct Finding {
  Severity severity = Severity::error;
  Position position;
  std::string message;
  bool operator==(const Finding&) const = default;
};

/// `file:line:column: error: message`.
std::string to_string(const Finding& finding);

/// All findings of one run, so that the user sees them at once. The same one twice counts once.
class Findings {
 public:
  void error(const Position& position, std::string message) {
    add(Severity::error, position, std::move(message));
  }
  void warning(const Position& position, std::string message) {
    add(Severity::warning, position, std::move(message));
  }

  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  bool empty() const { return findings_.empty(); }

  /// By file, line and column; at one place in the order in which they were found.
  std::vector<Finding> sorted() const;
  /// One line each, sorted.
  std::string to_text() const;
  /// An array of {severity, file, line, column, message}, sorted.
  nlohmann::json to_json() const;

 private:
  void add(Severity severity, const Position& position, std::string message);

  std::vector<Finding> findings_;
  std::set<std::string> seen_;
  std::size_t errors_ = 0;
};

}  // namespace tactus
