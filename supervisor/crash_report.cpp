#include "supervisor/crash_report.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <stdexcept>

#include "reporter/recording_file.hpp"

namespace tactus {
namespace {

using nlohmann::json;

constexpr double ms = 1e-6;  // of ns

std::string number_text(double value, int digits = 1) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// `component loop`, from the figure that the engine left.
std::string work_text(std::uint32_t what, const SafePlan* plan) {
  if (what == Pulse::Lane::nothing) return "nothing: it waited for its next turn";
  if (what == Pulse::Lane::engine) return "the engine";
  const bool device = what >= Pulse::Lane::device;
  const std::size_t index = device ? what - Pulse::Lane::device : what;
  const std::string kind = device ? "device " : "component ";
  const std::vector<std::string> none;
  const std::vector<std::string>& names = plan == nullptr ? none : device ? plan->devices : plan->steps;
  return kind + (index < names.size() ? names[index] : "number " + std::to_string(index));
}

json work_json(const Pulse& pulse, const SafePlan* plan) {
  json work = json::array({{{"task", "beat"}, {"at", work_text(pulse.at_work(0), plan)}}});
  for (std::size_t i = 0; plan != nullptr && i < std::min(plan->chains.size(), Pulse::most_chains); ++i) {
    work.push_back({{"task", "chain " + plan->chains[i]}, {"at", work_text(pulse.at_work(i + 1), plan)}});
  }
  return work;
}

json reason_json(const Crash& crash) {
  // A process that was killed for its silence may have been dying of something else already.
  const bool of_itself = crash.death.kind == Death::Kind::exited ||
                         (crash.death.kind == Death::Kind::killed && crash.death.number != SIGKILL);
  json reason{
      {"text", crash.death.text()}, {"signal", nullptr}, {"exit_status", nullptr}, {"stalled_ms", nullptr}};
  if (crash.death.kind == Death::Kind::killed) reason["signal"] = crash.death.number;
  if (crash.death.kind == Death::Kind::exited) reason["exit_status"] = crash.death.number;
  constexpr const char* kinds[] = {"exited", "killed", "hidden"};
  reason["kind"] = kinds[static_cast<std::size_t>(crash.death.kind)];
  if (!crash.stalled_ns) return reason;
  const double silence = static_cast<double>(*crash.stalled_ns) * ms;
  reason["stalled_ms"] = silence;
  if (of_itself) return reason;
  reason["kind"] = "stalled";
  reason["process_state"] = std::string(1, crash.process_state);
  reason["text"] = "stalled: no beat for " + number_text(silence) + " ms" +
                   (crash.process_state == 'T' ? ", stopped by a signal" : "") + "; killed by the supervisor";
  return reason;
}

json outputs_json(const Crash& crash) {
  json outputs = json::array();
  for (const SafeResult& result : crash.outputs) {
    constexpr const char* kinds[] = {"safe", "held", "unguarded", "failed"};
    json output{{"output", result.output.signal},
                {"channel", result.output.device + "." + result.output.channel_name},
                {"unit", result.output.unit},
                {"result", kinds[static_cast<std::size_t>(result.kind)]}};
    output["value"] = result.kind == SafeResult::Kind::safe ? json(result.output.value) : json(nullptr);
    if (!result.text.empty()) output["error"] = result.text;
    outputs.push_back(std::move(output));
  }
  return outputs;
}

const char* phase_text(PulsePhase phase) {
  constexpr const char* names[] = {"idle", "driving", "released"};
  return names[static_cast<std::size_t>(phase)];
}

std::string output_text(const json& output) {
  const std::string result = output.at("result");
  std::string text =
      output.at("output").get<std::string>() + " (" + output.at("channel").get<std::string>() + "): ";
  if (result == "safe") {
    text += "safe, " + output.at("value").dump() + " " + output.at("unit").get<std::string>();
  } else if (result == "held") {
    text += "left as it is (safe: hold)";
  } else if (result == "unguarded") {
    text += "NOT SAFE: its driver has no safe writer";
  } else {
    text += "NOT SAFE: " + output.value("error", "it was not written");
  }
  return text;
}

/// A new file; its name is `base`, a number if need be, and `suffix`.
std::string write_new_file(const std::string& base, const std::string& suffix, const std::string& text) {
  constexpr int most = 1000;
  for (int i = 1; i < most; ++i) {
    std::string name = base;
    if (i > 1) name.append("-").append(std::to_string(i));
    name += suffix;
    if (access(name.c_str(), F_OK) == 0) continue;
    const FileDescriptor file = create_new_file(name);
    if (write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error(name + ": " + error_text(errno));
    fsync(file.number());
    return name;
  }
  throw std::runtime_error(base + suffix + ": too many of that name");
}

}  // namespace

json crash_json(const Crash& crash, const Pulse& pulse, const SafePlan* plan) {
  json beats = json::array();
  const std::vector<BeatTiming> timing = pulse.last_beats();
  for (const BeatTiming& beat : timing) {
    beats.push_back({{"beat", beat.beat}, {"late_ns", beat.late_ns}, {"duration_ns", beat.duration_ns}});
  }
  json recordings = json::array();
  for (const RecordingResult& file : crash.recordings) {
    recordings.push_back({{"file", file.file},
                          {"readable", file.readable},
                          {"rows_cut", file.rows_cut},
                          {"problem", file.problem}});
  }
  json report{{"tactus_crash", 1},
              {"run", crash.run},
              {"pid", crash.pid},
              {"utc", expand_file_name("%Y-%m-%dT%H:%M:%SZ", std::time(nullptr))},
              {"reason", reason_json(crash)},
              {"state", to_string(pulse.state())},
              {"program", pulse.program()},
              {"beat", timing.empty() ? json(nullptr) : json(timing.back().beat)},
              {"time_ns", pulse.time_ns()},
              {"at_work", work_json(pulse, plan)},
              {"phase", phase_text(crash.phase)},
              {"outputs", outputs_json(crash)},
              {"last_beats", std::move(beats)},
              {"recordings", std::move(recordings)}};
  report["safe_after_ms"] = crash.phase == PulsePhase::driving
                                ? json(static_cast<double>(crash.safe_after_ns) * ms)
                                : json(nullptr);
  return report;
}

std::string crash_line(const json& report) {
  const json& outputs = report.at("outputs");
  const auto unsafe = std::count_if(outputs.begin(), outputs.end(), [](const json& output) {
    return output.at("result") == "unguarded" || output.at("result") == "failed";
  });
  std::string text = "the run `" + report.at("run").get<std::string>() + "` " +
                     report.at("reason").at("text").get<std::string>() +
                     ", at work: " + report.at("at_work").at(0).at("at").get<std::string>() + "; ";
  if (report.at("phase") == "idle") return text + "it had not written its outputs yet";
  if (report.at("phase") == "released") return text + "it had made its outputs safe before";
  if (outputs.empty()) return text + "it had no hardware outputs";
  return text +
         (unsafe == 0 ? "its outputs are safe" : std::to_string(unsafe) + " of its outputs are NOT SAFE");
}

std::string crash_text(const json& report) {
  std::string text = "tactus: " + crash_line(report) + "\n\n";
  text += "when      " + report.at("utc").get<std::string>() + "\n";
  text += "reason    " + report.at("reason").at("text").get<std::string>() + "\n";
  text += "process   " + std::to_string(report.at("pid").get<int>()) + "\n";
  text += "state     " + report.at("state").get<std::string>() + ", program " + report.at("program").dump() +
          "\n";
  text += "beat      " + report.at("beat").dump() + " at " +
          number_text(report.at("time_ns").get<double>() * 1e-9, 6) + " s of virtual system time\n";
  for (const json& work : report.at("at_work")) {
    text +=
        "at work   " + work.at("task").get<std::string>() + ": " + work.at("at").get<std::string>() + "\n";
  }
  text += "\noutputs";
  if (!report.at("safe_after_ms").is_null()) {
    text += ", " + number_text(report.at("safe_after_ms").get<double>()) + " ms after the last beat began";
  }
  text += "\n";
  for (const json& output : report.at("outputs")) text += "  " + output_text(output) + "\n";
  text += "\nrecordings\n";
  for (const json& file : report.at("recordings")) {
    text += "  " + file.at("file").get<std::string>() + ": " +
            (file.at("readable").get<bool>() ? "readable"
                                             : "not readable: " + file.at("problem").get<std::string>()) +
            "\n";
  }
  text += "\nthe last beats\n        beat     late/us     took/us\n";
  for (const json& beat : report.at("last_beats")) {
    char line[80];
    std::snprintf(line, sizeof line, "%12llu%12.1f%12.1f\n", beat.at("beat").get<unsigned long long>(),
                  beat.at("late_ns").get<double>() * 1e-3, beat.at("duration_ns").get<double>() * 1e-3);
    text += line;
  }
  return text;
}

std::vector<std::string> write_crash_report(const std::string& base, const json& report) {
  return {
      write_new_file(base, ".crash.json", report.dump(2, ' ', false, json::error_handler_t::replace) + "\n"),
      write_new_file(base, ".crash.txt", crash_text(report))};
}

}  // namespace tactus
