#include "app/cli/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "app/cli/text.hpp"

namespace tactus::cli {
namespace {

using nlohmann::json;

std::uint64_t number(const json& object, const char* key) { return object.at(key).get<std::uint64_t>(); }

std::string time_left(const json& status) {
  if (status.at("beats").is_null()) return "";
  const std::uint64_t beats = number(status, "beats");
  const std::uint64_t left = beats - std::min(beats, number(status, "beat") + 1);
  return fmt::format(", {} left",
                     duration_text(static_cast<double>(left) * status.at("period").get<double>() * 1e9));
}

std::uint64_t drops(const json& status) {
  return number(status.at("drops"), "beats") + number(status.at("drops"), "events");
}

std::string steps_text(const json& status) {
  std::vector<std::vector<std::string>> rows{{"  step", "runs", "p50", "p99", "p99.9", "max"}};
  for (const json& step : status.at("steps_ns")) {
    const auto ns = [&](const char* key) { return duration_text(step.at(key).get<double>()); };
    rows.push_back({"  " + step.at("component").get<std::string>(), std::to_string(number(step, "count")),
                    ns("p50"), ns("p99"), ns("p99.9"), ns("max")});
  }
  return table(rows);
}

std::string guard_text(const json& guard) {
  if (guard.is_null()) return "";
  std::string text;
  for (const json& missing : guard.at("missing"))
    text += "  not guarded: " + missing.get<std::string>() + "\n";
  for (const json& finding : guard.at("findings"))
    text += "  on the beat: " + finding.at("text").get<std::string>() + "\n";
  if (number(guard, "untold") > 0)
    text += fmt::format("  on the beat: {} findings more, for which there was no room\n",
                        number(guard, "untold"));
  return text.empty() ? "  guard: nothing found\n" : text;
}

std::string worst_beats_text(const json& status) {
  std::vector<std::vector<std::string>> rows{{"  worst beat", "latency", "duration", "longest step"}};
  for (const json& beat : status.at("worst_beats_ns")) {
    const json& steps = beat.at("steps");
    const auto longest = std::max_element(steps.begin(), steps.end(), [](const json& a, const json& b) {
      return a.at("duration") < b.at("duration");
    });
    std::string step;
    if (longest != steps.end()) {
      step = longest->at("component").get<std::string>() + " " +
             duration_text(longest->at("duration").get<double>());
    }
    rows.push_back({fmt::format("  {}", number(beat, "beat")),
                    duration_text(beat.at("latency").get<double>()),
                    duration_text(beat.at("duration").get<double>()), step});
  }
  return table(rows);
}

/// What was not as it should be: `sensor.level: held 3, outliers 1`.
std::string counts_text(const json& signals) {
  std::string text;
  for (const json& signal : signals) {
    std::string counts;
    for (const auto& [name, count] : signal.items()) {
      if (name == "signal" || count == 0) continue;
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", name, count.get<std::uint64_t>());
    }
    if (!counts.empty()) text += fmt::format("  {}: {}\n", signal.at("signal").get<std::string>(), counts);
  }
  return text;
}

}  // namespace

std::string fault_text(const json& fault) {
  std::string where = fault.at("component").get<std::string>();
  const std::string signal = fault.at("signal").get<std::string>();
  if (!signal.empty()) where += "." + signal;
  if (!where.empty()) where += ": ";
  return fmt::format("fault at beat {}: {}{} (value {})", number(fault, "beat"), where,
                     fault.at("reason").get<std::string>(), value_text(fault.at("value")));
}

std::string progress_line(const json& status) {
  const bool is_real = number(status.at("latency_ns"), "count") > 0;
  const json& figures = status.at(is_real ? "latency_ns" : "duration_ns");
  const auto us = [&](const char* key) { return figures.at(key).get<double>() * 1e-3; };
  const std::string state = status.at("state").get<std::string>();
  return fmt::format("{}beat {}{} | {} p50/p99.9/max {:.3g}/{:.3g}/{:.3g} us | overruns {}, drops {}",
                     state == "running" ? "" : state + ": ", number(status, "beat"), time_left(status),
                     is_real ? "late" : "took", us("p50"), us("p99.9"), us("max"), number(status, "overruns"),
                     drops(status));
}

std::string interlock_text(const json& interlock) {
  return fmt::format("interlock {} {} on beat {}", interlock.at("interlock").get<std::string>(),
                     interlock.at("tripped").get<bool>() ? "tripped" : "was released",
                     number(interlock, "beat"));
}

std::string modes_text(const json& modes) {
  std::string text;
  for (const json& now : modes) {
    text +=
        fmt::format("  mode {}.{} for {}\n", now.at("region").get<std::string>(),
                    now.at("mode").get<std::string>(), duration_text(now.at("elapsed").get<double>() * 1e9));
  }
  return text;
}

std::string status_text(const json& status, bool steps) {
  const bool is_over = status.contains("outcome");
  std::string text =
      fmt::format("{}: {}{}, beat {} at {} of {} time{}, program {}\n", status.at("name").get<std::string>(),
                  status.at(is_over ? "outcome" : "state").get<std::string>(),
                  status.at("inhibited").get<bool>() ? ", inhibited" : "", number(status, "beat"),
                  duration_text(status.at("time_ns").get<double>()), status.at("clock").get<std::string>(),
                  is_over ? "" : time_left(status), number(status, "program"));
  text += fmt::format("  beats run {}, missed {}, overruns {}, drops {}, swaps {}, faults {}\n",
                      number(status, "beats_run"), number(status, "beats_missed"), number(status, "overruns"),
                      drops(status), number(status, "swaps"), number(status, "faults"));
  if (number(status, "chain_turns_missed") > 0) {
    text += fmt::format("  chains missed {} turns\n", number(status, "chain_turns_missed"));
  }
  if (const json& recorded = status.at("recorded"); number(recorded, "beats_unwritten") > 0) {
    text +=
        fmt::format("  {} beats came after a recording had failed\n", number(recorded, "beats_unwritten"));
  }
  text += modes_text(status.at("modes"));
  text += counts_text(status.at("inputs")) + counts_text(status.at("outputs"));
  if (!status.at("last_fault").is_null()) text += "  last " + fault_text(status.at("last_fault")) + "\n";
  if (!status.at("last_interlock").is_null())
    text += "  last " + interlock_text(status.at("last_interlock")) + "\n";
  if (number(status.at("latency_ns"), "count") > 0) {
    text += "  latency:  " + figures_text(status.at("latency_ns")) + "\n";
  }
  text += "  duration: " + figures_text(status.at("duration_ns")) + "\n";
  for (const json& privilege : status.at("privileges")) {
    if (privilege.at("granted").get<bool>()) continue;
    text += "  not granted: " + privilege.at("asked").get<std::string>() + "\n";
  }
  text += guard_text(status.at("guard"));
  for (const json& file : status.at("recordings")) text += "  recording: " + file.get<std::string>() + "\n";
  if (steps) text += steps_text(status) + worst_beats_text(status);
  return text;
}

}  // namespace tactus::cli
