#pragma once
#include <optional>
#include <string>
#include <vector>

namespace tactus::cli {

/// The arguments of `tactus run`.
struct RunArguments {
  std::string file;
  std::string recording;            ///< of the run to go on with, in place of a file; empty: a file
  std::vector<std::string> within;  ///< `sensor.level=0.5 V`: bounds for that
  std::string name;                 ///< empty: that of the specification
  std::string clock;                ///< `real` or `virtual`; empty: that of the specification
  std::string length;               ///< empty: until told to end
  std::vector<std::string> set;     ///< `loop.kp=2`
  std::string report;               ///< empty: that of the specification
  std::string csv;                  ///< empty: that of the specification
  std::string supervisor;           ///< `on` or `off`; empty: that of the specification
  std::vector<std::string> plugin_path;
  bool inhibit = false;
  bool arm = false;
  bool require_real_time = false;
  bool guard = false;  ///< watches what is done on the beat
  bool keep = false;   ///< a fault does not end the run
  bool json = false;
  bool quiet = false;
  bool detach = false;  ///< goes on without the process that started it
};

/// Runs an experiment, or goes on with a recorded run, to its end. The exit status.
int run(const RunArguments& arguments);

}  // namespace tactus::cli
