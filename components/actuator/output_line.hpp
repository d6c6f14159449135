#pragma once
#include <atomic>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "mediator/status.hpp"
#include "plugin/supervision.hpp"

namespace tactus {

/// What an interlock does to an output while it is tripped.
struct OutputGate {
  enum class Action : std::uint8_t { safe, no_rise, no_fall };
  std::string interlock;  ///< its name; it is read by the input `<signal>.<interlock>`
  Action action = Action::safe;
};

/// One output of an actuator: everything between what a controller asks for and what the hardware gets.
/// Values are in the signal's unit; raw = (value - offset) / scale is in the channel's.
struct OutputLine {
  enum class OnLimit : std::uint8_t { clamp, fault };
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  std::string signal;
  std::string unit = "1";
  std::size_t channel = 0;  ///< index into Device::channels()
  double scale = 1;
  double offset = 0;
  double low = -infinity;
  double high = infinity;
  OnLimit on_limit = OnLimit::clamp;
  double slew = infinity;  ///< largest change per second
  double safe = 0;
  bool safe_hold = false;  ///< safe means: stay at the value applied last
  double raw_min = -infinity;
  double raw_max = infinity;
  std::vector<OutputGate> gates{};  ///< interlocks that act on it
};

/// How often an output was not what was asked for. Written by the beat, read by anyone.
class OutputCounters {
 public:
  std::uint64_t limited() const { return limited_.load(std::memory_order_relaxed); }
  std::uint64_t slewed() const { return slewed_.load(std::memory_order_relaxed); }
  std::uint64_t made_safe() const { return made_safe_.load(std::memory_order_relaxed); }

  void count_limited() { add(limited_); }
  void count_slewed() { add(slewed_); }
  void count_made_safe() { add(made_safe_); }

 private:
  // relaxed: a count on its own, which orders nothing else; one writer, so load and store need not be one
  // operation.
  static void add(std::atomic<std::uint64_t>& count) {
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  std::atomic<std::uint64_t> limited_{0};
  std::atomic<std::uint64_t> slewed_{0};
  std::atomic<std::uint64_t> made_safe_{0};
};

/// The safe value of an output that stands at `applied`.
inline double safe_value(const OutputLine& line, double applied) {
  return line.safe_hold ? applied : line.safe;
}

/// The value to apply for a request, in this order: the source's status, the finite check, limits, slew, the
/// channel's range. `applied` is the value of the last beat, `elapsed` the time since then in seconds.
/// Real-time.
double limit_output(const OutputLine& line, double requested, Status status, double applied, double elapsed,
                    OutputCounters& counters, FaultLatch& fault);

}  // namespace tactus
