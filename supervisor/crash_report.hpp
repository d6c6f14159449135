#pragma once
// What a supervisor tells of a run that did not end as it should.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/pulse.hpp"
#include "supervisor/safe_outputs.hpp"
#include "supervisor/watched_process.hpp"

namespace tactus {

/// One recording after the crash.
struct RecordingResult {
  std::string file;
  bool readable = false;
  std::uint64_t rows_cut = 0;
  std::string problem{};  ///< why it is not readable
};

/// All that is known. Times in ns.
struct Crash {
  std::string run;
  int pid = 0;
  Death death{};
  std::optional<std::int64_t> stalled_ns{};  ///< silent for so long, then killed by the supervisor
  char process_state = '?';  ///< of a stalled process, as in /proc: `R` running, `T` stopped ...
  PulsePhase phase = PulsePhase::driving;  ///< other than `driving`: the outputs were left alone
  std::int64_t safe_after_ns = 0;          ///< from the last tick to the last try to make outputs safe
  std::vector<SafeResult> outputs{};
  std::vector<RecordingResult> recordings{};
};

/// The report, for programs. `plan` is that of the program which ran, null if none did. Ordinary domain.
nlohmann::json crash_json(const Crash& crash, const Pulse& pulse, const SafePlan* plan);
/// The same for people; made from the other one, so that both say the same.
std::string crash_text(const nlohmann::json& report);
/// One line: what happened, and which outputs are safe.
std::string crash_line(const nlohmann::json& report);

/// Writes `<base>.crash.json` and `<base>.crash.txt`, under another name if there is one already. The names.
/// Throws std::runtime_error.
std::vector<std::string> write_crash_report(const std::string& base, const nlohmann::json& report);

}  // namespace tactus
