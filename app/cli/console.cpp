#include "app/cli/console.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace tactus::cli {
namespace {

std::size_t terminal_width() {
  winsize size{};
  constexpr std::size_t usual = 80;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

}  // namespace

Console::Console(bool quiet) : quiet_(quiet), shows_progress_(!quiet && isatty(STDERR_FILENO) == 1) {
  speak_through(std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
}

void Console::becomes_file() {
  clear_progress();
  shows_progress_ = false;
  speak_through(std::make_shared<spdlog::sinks::stderr_sink_mt>());
}

void Console::speak_through(const std::shared_ptr<spdlog::sinks::sink>& sink) {
  logger_ = std::make_shared<spdlog::logger>("tactus", sink);
  logger_->set_pattern("tactus: %^%l%$: %v");
  logger_->set_level(quiet_ ? spdlog::level::warn : spdlog::level::info);
  logger_->flush_on(spdlog::level::info);
}

void Console::progress(const std::string& line) {
  if (!shows_progress_) return;
  const std::string drawn =
      "\r" + line.substr(0, terminal_width() - 1) + "\x1b[K";  // a longer one would scroll
  std::fputs(drawn.c_str(), stderr);
  drawn_ = true;
}

void Console::clear_progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

void Console::say(spdlog::level::level_enum level, const std::string& text) {
  clear_progress();
  logger_->log(level, text);
}

}  // namespace tactus::cli
