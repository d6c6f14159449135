#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event.hpp"

namespace tactus::test {

/// What was called, in order, as text; and functions that write themselves into it.
class Log {
 public:
  /// A listener that adds its word. It lives as long as the log.
  class Writer {
   public:
    Writer(Log& log, std::string word) : log_(log), word_(std::move(word)) {}
    void operator()() { log_.add(word_); }

   private:
    Log& log_;
    std::string word_;
  };

  void add(std::string_view word) { words_.emplace_back(word); }

  Writer& writer(std::string word) { return writers_.emplace_back(*this, std::move(word)); }

  /// All words since the last call, with blanks between them.
  std::string take() {
    std::string text;
    for (const std::string& word : words_) text += text.empty() ? word : " " + word;
    words_.clear();
    return text;
  }

 private:
  std::vector<std::string> words_;
  std::deque<Writer> writers_;
};

/// `word` with the number behind it.
inline std::string numbered(std::string word, std::int64_t number) {
  return word.append(std::to_string(number));
}

/// The firings of which nothing is known yet, from the counts: those that must be waiting.
inline std::uint64_t waiting(const EventCounts& counts) {
  return counts.fired - counts.completed - counts.coalesced - counts.overflowed;
}

}  // namespace tactus::test
