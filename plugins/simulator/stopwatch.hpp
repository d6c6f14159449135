#pragma once
#include <cstdint>

#include "plugin/beat.hpp"
#include "plugins/simulator/random.hpp"

namespace tactus::plugins {

/// How much virtual time a simulator has still to go through. Real-time.
class Stopwatch {
 public:
  bool started() const { return started_; }
  /// Starts at the beat's time.
  void start(const Beat& beat) {
    time_ns_ = beat.time_ns;
    started_ = true;
  }
  /// Seconds from the last call to the beat's time; 0 if the time stands.
  double lap(const Beat& beat) {
    const std::int64_t passed = beat.time_ns - time_ns_;
    time_ns_ = beat.time_ns;
    return passed > 0 ? static_cast<double>(passed) * 1e-9 : 0;
  }
  /// The time of the last call.
  std::int64_t time_ns() const { return time_ns_; }

  void state(Configurable::StateVisitor& visitor) {
    visitor.visit("started", started_);
    auto word = static_cast<std::uint64_t>(time_ns_);
    visit_word(visitor, "time", word);
    time_ns_ = static_cast<std::int64_t>(word);
  }

 private:
  std::int64_t time_ns_ = 0;
  bool started_ = false;
};

}  // namespace tactus::plugins
