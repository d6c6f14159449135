#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "mediator/counter.hpp"
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
  bool safe_hold = false;       ///< safe means: stay at the value applied last
  double safe_slew = infinity;  ///< largest change per second on the way to safe, where `slew` does not count
  bool hold_on_pause = false;   ///< instead of going safe
  bool hold_on_stop = false;
  double raw_min = -infinity;
  double raw_max = infinity;
  std::vector<OutputGate> gates{};  ///< interlocks that act on it
};

/// How often an output was not what was asked for. Written by the beat, read by anyone.
struct OutputCounters {
  Counter limited;
  Counter slewed;
  Counter made_safe;
};

/// What an output may have to be safe for.
enum class SafeOccasion : std::uint8_t {
  beat,   ///< an ordinary one: those that are forced, or whose source cannot be trusted
  start,  ///< before the first beat: all
  pause,  ///< those that do not hold on a pause, beside those of an ordinary beat
  stop,   ///< the same for the end of a run
  fault,  ///< all; also while outputs are inhibited
};

/// The safe value of an output that stands at `applied`.
inline double safe_value(const OutputLine& line, double applied) {
  return line.safe_hold ? applied : line.safe;
}

/// Where an output that stands at `applied` is after `elapsed` seconds on its way to safe. Real-time.
double toward_safe(const OutputLine& line, double applied, double elapsed);

/// The value to apply for a request, in this order: the finite check, limits, slew, the channel's range.
/// `applied` is the value of the last beat, `elapsed` the time since then in seconds. Real-time.
double limit_output(const OutputLine& line, double requested, double applied, double elapsed,
                    OutputCounters& counters, FaultLatch& fault);

}  // namespace tactus
