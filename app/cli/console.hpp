#pragma once
#include <spdlog/logger.h>

#include <memory>
#include <string>

namespace tactus::cli {

/// What a run tells its user: messages on the standard error output, and below them, on a terminal, a line
/// that is drawn again and again. Ordinary domain, one thread.
class Console {
 public:
  /// `quiet`: warnings and errors only.
  explicit Console(bool quiet);
  ~Console() { clear_progress(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// The standard error output is a file from now on: no progress line, no colours.
  void becomes_file();

  void info(const std::string& text) { say(spdlog::level::info, text); }
  void warning(const std::string& text) { say(spdlog::level::warn, text); }
  void error(const std::string& text) { say(spdlog::level::err, text); }

  /// Whether the progress line is of use to anyone.
  bool shows_progress() const { return shows_progress_; }
  /// Replaces the progress line.
  void progress(const std::string& line);
  void clear_progress();

 private:
  void say(spdlog::level::level_enum level, const std::string& text);

  void speak_through(const std::shared_ptr<spdlog::sinks::sink>& sink);

  bool quiet_;
  std::shared_ptr<spdlog::logger> logger_;
  bool shows_progress_;
  bool drawn_ = false;
};

}  // namespace tactus::cli
