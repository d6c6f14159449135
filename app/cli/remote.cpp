#include "app/cli/remote.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <functional>

#include "app/cli/exit_status.hpp"
#include "app/cli/figures.hpp"
#include "app/cli/text.hpp"
#include "app/control/client.hpp"
#include "app/control/directory.hpp"
#include "interpreter/words.hpp"

namespace tactus::cli {
namespace {

using control::Json;

/// The user named no run that there is.
class NoSuchRun : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string chosen_name(const std::filesystem::path& directory, const std::string& wanted) {
  const std::vector<std::string> names = control::run_names(directory);
  if (!wanted.empty()) {
    if (std::ranges::find(names, wanted) != names.end()) return wanted;
    throw NoSuchRun("there is no run named `" + wanted + "`" + hint(wanted, names));
  }
  if (names.empty()) throw NoSuchRun("nothing runs");
  if (names.size() > 1) throw NoSuchRun("which one? Say -n with one of " + join(names));
  return names.front();
}

std::string findings_text(const Json& findings) {
  std::string text;
  for (const Json& finding : findings) {
    const Position position{value_text(finding.at("file")), finding.at("line").get<int>(),
                            finding.at("column").get<int>()};
    text += fmt::format("{}: {}: {}\n", to_string(position), value_text(finding.at("severity")),
                        value_text(finding.at("message")));
  }
  return text;
}

int status_of(const Json& reply) {
  if (reply.value("ok", false)) return done;
  const std::string refusal = reply.value("refusal", "");
  return refusal == to_string(Refusal::time_out) || refusal == to_string(Refusal::ended) ? failed
                                                                                         : input_wrong;
}

/// Asks, and shows the reply: as it came, or through `show`.
int ask(const RemoteArguments& arguments, const Json& request,
        const std::function<std::string(const Json&)>& show) {
  try {
    const std::filesystem::path directory = control::directory();
    const std::string name = chosen_name(directory, arguments.name);
    const Json reply = control::Client(control::socket_path(directory, name)).ask(request);
    if (arguments.json) {
      fmt::print("{}", control::to_line(reply));
    } else if (status_of(reply) == done) {
      fmt::print("{}", show(reply));
    } else {
      if (reply.contains("findings")) fmt::print(stderr, "{}", findings_text(reply.at("findings")));
      fmt::print(stderr, "tactus: {}: {}\n", name, value_text(reply.at("error")));
    }
    return status_of(reply);
  } catch (const NoSuchRun& error) {
    fmt::print(stderr, "tactus: {}\n", error.what());
    return input_wrong;
  } catch (const control::ControlError& error) {
    fmt::print(stderr, "tactus: {}\n", error.what());
    return failed;
  }
}

std::string effect_text(const Json& reply) {
  return fmt::format("took effect at beat {} ({})\n", value_text(reply.at("beat")),
                     duration_text(reply.at("time_ns").get<double>()));
}

std::string values_text(const Json& reply) {
  std::vector<std::vector<std::string>> rows;
  const auto unit = [](const Json& entry) {
    return entry.at("unit") == "1" ? "" : value_text(entry.at("unit"));
  };
  for (const Json& entry : reply.at("parameters")) {
    rows.push_back({value_text(entry.at("name")), value_text(entry.at("value")), unit(entry),
                    "(" + value_text(entry.at("from")) + ")"});
  }
  for (const Json& entry : reply.at("signals")) {
    rows.push_back({value_text(entry.at("name")), value_text(entry.at("value")), unit(entry),
                    value_text(entry.at("status"))});
  }
  return table(rows);
}

}  // namespace

int list(const RemoteArguments& arguments) {
  Json runs = Json::array();
  std::vector<std::vector<std::string>> rows;
  try {
    const std::filesystem::path directory = control::directory();
    for (const std::string& name : control::run_names(directory)) {
      try {
        const Json reply =
            control::Client(control::socket_path(directory, name)).ask(control::request("status"));
        Json run;
        for (const char* const key : {"name", "pid", "state", "beat", "time_ns", "clock", "file"})
          run[key] = reply.at(key);
        rows.push_back({name, value_text(run.at("state")), "beat " + value_text(run.at("beat")),
                        "pid " + value_text(run.at("pid")), value_text(run.at("file"))});
        runs.push_back(std::move(run));
      } catch (const std::exception&) {
        continue;  // it is just beginning, or just ended
      }
    }
  } catch (const control::ControlError& error) {
    fmt::print(stderr, "tactus: {}\n", error.what());
    return machine_cannot;
  }
  fmt::print("{}", arguments.json ? control::to_line(runs) : table(rows));
  return done;
}

int status(const RemoteArguments& arguments) {
  return ask(arguments, control::request("status"),
             [&](const Json& reply) { return status_text(reply, arguments.steps); });
}

int get(const RemoteArguments& arguments, const std::vector<std::string>& names) {
  Json request = control::request("get");
  if (!names.empty()) request["names"] = names;
  return ask(arguments, request, values_text);
}

int set(const RemoteArguments& arguments, const std::vector<std::string>& assignments) {
  Json request = control::request("set");
  if (arguments.allow_interlock_change) request["allow_interlock_change"] = true;
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos) {
      fmt::print(stderr, "tactus: `{}` must be of the form component.parameter=value\n", assignment);
      return input_wrong;
    }
    request["values"][assignment.substr(0, equals)] = assignment.substr(equals + 1);
  }
  return ask(arguments, request, effect_text);
}

int swap(const RemoteArguments& arguments, const std::string& file) {
  Json request = control::request("swap");
  if (arguments.allow_interlock_change) request["allow_interlock_change"] = true;
  request["file"] = std::filesystem::absolute(file).string();  // the run may be at home elsewhere
  return ask(arguments, request, effect_text);
}

int command(const RemoteArguments& arguments, const std::string& name) {
  return ask(arguments, control::request(name), effect_text);
}

int user_command(const RemoteArguments& arguments, const std::string& name) {
  Json request = control::request("command");
  request["name"] = name;
  return ask(arguments, request, effect_text);
}

int mode(const RemoteArguments& arguments, const std::string& name) {
  Json request = control::request("mode");
  if (name.empty()) {
    return ask(arguments, request, [](const Json& reply) { return modes_text(reply.at("modes")); });
  }
  request["name"] = name;
  return ask(arguments, request, effect_text);
}

int stop(const RemoteArguments& arguments) {
  return ask(arguments, control::request("stop"),
             [](const Json& reply) { return status_text(reply, false); });
}

}  // namespace tactus::cli
