#include "app/cli/run.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/cli/detach.hpp"
#include "app/cli/exit_status.hpp"
#include "app/cli/figures.hpp"
#include "app/cli/run_loop.hpp"
#include "app/cli/service_manager.hpp"
#include "app/control/directory.hpp"
#include "app/control/replies.hpp"
#include "app/session/run_length.hpp"
#include "app/session/session.hpp"
#include "guard/preload.hpp"
#include "interpreter/resume_bounds.hpp"
#include "interpreter/words.hpp"
#include "kernel/port/linux/rights.hpp"

namespace tactus::cli {
namespace {

/// What ends a run before it began: told to the user, with the exit status.
class CannotRun : public std::runtime_error {
 public:
  CannotRun(ExitStatus status, const std::string& text) : std::runtime_error(text), status_(status) {}
  ExitStatus status() const { return status_; }

 private:
  ExitStatus status_;
};

/// A text as it stands in YAML, whatever is in it.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

/// `{"sensor.level": 0.5 V}` of `sensor.level=0.5 V`.
std::string bounds_text(const std::vector<std::string>& within) {
  std::string text;
  for (const std::string& bound : within) {
    const std::size_t equals = bound.find('=');
    if (equals == std::string::npos)
      throw CannotRun(input_wrong, "--within " + bound + ": must be of the form `sensor.level=0.5 V`");
    text += (text.empty() ? "{" : ", ") + quoted(std::string(trim(bound.substr(0, equals)))) + ": " +
            bound.substr(equals + 1);
  }
  return text + "}";
}

std::optional<Resumption> resumption_of(const RunArguments& arguments) {
  if (arguments.recording.empty()) return std::nullopt;
  try {
    return Resumption(arguments.recording);
  } catch (const std::runtime_error& error) {
    throw CannotRun(input_wrong, error.what());
  }
}

/// As if the user had said what holds for the recorded run, but for the names of files that are written.
RunArguments resumed(RunArguments arguments, const Resumption& resumption) {
  Findings told_later;
  const auto recorded =
      parse_specification(resumption.checkpoint().specification, arguments.recording, {}, told_later);
  if (!recorded) return arguments;
  arguments.clock = recorded->heartbeat.virtual_time ? "virtual" : "real";
  if (arguments.report.empty()) arguments.report = Resumption::name_beside(arguments.recording);
  if (recorded->report && recorded->report->csv)
    arguments.csv = Resumption::name_beside(recorded->report->csv->text);
  return arguments;
}

/// Puts the state of the recorded run into the program; without bounds for measurements it says what to give.
void take_over(Resumption& resumption, const Compiled& compiled, bool virtual_time) {
  const std::vector<std::string> measured = measurements(*compiled.program->layout);
  if (compiled.bounds.empty() && !measured.empty()) {
    throw CannotRun(input_wrong,
                    "how far may measurements be from those of the checkpoint? Give a bound for one or more "
                    "of them, such as --within \"" +
                        measured.front() + "=0.5 V\", or `resume: {within: {" + measured.front() +
                        ": 0.5 V}}` in the file beforehand; measured are " + join(measured));
  }
  try {
    resumption.restore(compiled, virtual_time);
  } catch (const std::runtime_error& error) {
    throw CannotRun(input_wrong, error.what());
  }
}

/// What the command line says in the place of the file.
std::vector<std::string> assignments_of(const RunArguments& arguments) {
  std::vector<std::string> assignments;
  if (!arguments.clock.empty()) assignments.push_back("heartbeat.clock=" + arguments.clock);
  if (!arguments.supervisor.empty()) assignments.push_back("heartbeat.supervisor=" + arguments.supervisor);
  if (!arguments.report.empty()) assignments.push_back("report.file=" + quoted(arguments.report));
  if (!arguments.csv.empty()) assignments.push_back("report.csv=" + quoted(arguments.csv));
  return assignments;
}

std::optional<Specification> read(const RunArguments& arguments, const Resumption* resumption,
                                  Findings& findings) {
  std::vector<std::string> assignments = assignments_of(arguments);
  assignments.insert(assignments.end(), arguments.set.begin(), arguments.set.end());
  if (resumption == nullptr) return load_specification(arguments.file, assignments, findings);
  if (!arguments.within.empty()) assignments.push_back("resume.within=" + bounds_text(arguments.within));
  return parse_specification(resumption->checkpoint().specification, arguments.recording, assignments,
                             findings);
}

SessionOptions session_options(const RunArguments& arguments, const Specification& specification) {
  const HeartbeatSpecification& heartbeat = specification.heartbeat;
  SessionOptions options;
  options.name = arguments.name.empty() ? specification.name : arguments.name;
  if (!is_name(options.name)) {
    throw CannotRun(input_wrong,
                    "`" + options.name + "` is no name for a run: a letter, then letters, digits, _ and -");
  }
  options.assignments = assignments_of(arguments);
  for (const std::string& assignment : arguments.set) options.set.insert(name_of(assignment));
  try {
    if (!arguments.length.empty()) options.beats = beats_of(arguments.length, heartbeat.period);
  } catch (const std::invalid_argument& error) {
    throw CannotRun(input_wrong, error.what());
  }
  if (arguments.require_real_time && heartbeat.virtual_time) {
    throw CannotRun(input_wrong, "--require-realtime: this runs in virtual time; give it --clock real");
  }
  options.end_on_fault = (heartbeat.virtual_time || options.beats != 0) && !arguments.keep;
  options.inhibit = arguments.inhibit;
  options.arm = arguments.arm;
  return options;
}

/// The guards, if they are wanted: this program begins anew to have them.
guard::Guards* guards_for(const RunArguments& arguments) {
  if (!arguments.guard) return nullptr;
  try {
    guard::Guards* const guards = guard::standing_guards();
    if (guards == nullptr) guard::restart_with_guards();
    guards->lock_memory();
    return guards;
  } catch (const guard::GuardError& error) {
    throw CannotRun(machine_cannot, std::string("--guard: ") + error.what());
  }
}

/// Says what was done on the beat and must not be; true if there was anything.
bool tell_guard_findings(const Session& session, Console& console) {
  guard::Report* const report = session.guard_report();
  if (report == nullptr) return false;
  const std::vector<guard::Finding> findings = report->findings();
  for (const guard::Finding& finding : findings) console.error("on the beat: " + to_text(finding));
  for (const std::string& missing : report->guards().missing()) console.warning("not guarded: " + missing);
  return !findings.empty();
}

/// Says what the machine does not grant; refuses if that is wanted.
void tell_privileges(const Session& session, bool required, Console& console) {
  bool all = true;
  for (const kernel::Privilege& privilege : session.privileges()) {
    if (privilege.granted) continue;
    console.warning(privilege.text());
    all = false;
  }
  if (!all && required)
    throw CannotRun(machine_cannot, "real time is required, and this machine does not grant it all");
}

/// The driver of a watchdog has the last word on its time.
void tell_watchdog(const Session& session, Console& console) {
  const auto& watchdog = session.specification().watchdog;
  const int taken_s = session.supervision().watchdog_timeout_s();
  if (taken_s == 0 || taken_s == watchdog->timeout_s) return;
  console.warning(watchdog->device->text + ": its driver takes a time-out of " + std::to_string(taken_s) +
                  " s in place of " + std::to_string(watchdog->timeout_s) + " s");
}

/// Opens what a run needs, and starts it.
void start(Session& session, const RunArguments& arguments, Console& console) {
  session.enter();
  kernel::give_up_rights();  // the other threads, and the supervisor, have done so for themselves
  tell_privileges(session, arguments.require_real_time, console);
  if (session.hardware() && !session.supervision().present()) {
    console.warning("there is no supervisor: nothing makes outputs safe if this process dies");
  }
  try {
    session.start();
  } catch (const DeviceError& error) {
    throw CannotRun(machine_cannot, error.what());
  } catch (const SupervisorError& error) {
    throw CannotRun(machine_cannot, error.what());
  } catch (const Disagreement& error) {
    throw CannotRun(failed, std::string("not resumed: ") + error.what());
  } catch (const std::runtime_error& error) {
    throw CannotRun(input_wrong, error.what());
  }
  for (const std::string& output : session.supervision().unguarded()) {
    console.warning(output + ": nothing makes it safe if this process dies; its driver has no safe writer");
  }
  tell_watchdog(session, console);
  if (console.shows_progress() && session.options().beats == 0) {
    console.info("it runs until Ctrl-C; --for gives it a length");
  }
  if (session.status().inhibited() && !arguments.inhibit) {
    console.info("hardware outputs stay at their safe values until `tactus arm -n " + session.options().name +
                 "`");
  }
}

/// Completes the recordings and says how it went.
int conclude(Session& session, control::Commands& commands, const RunArguments& arguments, Console& console) {
  const std::vector<std::string> problems = session.problems();
  for (const std::string& problem : problems) console.error(problem);
  const bool guard_found = tell_guard_findings(session, console);
  const int status = session.failed() || guard_found ? failed : problems.empty() ? done : machine_cannot;
  nlohmann::json summary = control::status_reply(session);
  summary["outcome"] = session.failed() ? "failed" : "done";
  summary["exit_status"] = status;
  commands.end(summary);
  console.clear_progress();
  if (arguments.json) {
    std::fputs(control::to_line(summary).c_str(), stdout);
  } else if (!arguments.quiet) {
    std::fputs(status_text(summary, false).c_str(), stdout);
  }
  return status;
}

int run_experiment(const RunArguments& given, Console& console) {
  guard::Guards* const guards = guards_for(given);
  const EndSignals signals;
  Findings findings;
  std::optional<Resumption> resumption = resumption_of(given);
  const RunArguments arguments = resumption ? resumed(given, *resumption) : given;
  std::optional<Specification> specification = read(arguments, resumption ? &*resumption : nullptr, findings);
  PluginLibrary library(PluginLibrary::search_path(arguments.plugin_path));
  std::optional<Compiled> compiled;
  if (specification) compiled = compile(*specification, library, findings);
  std::fputs(findings.to_text().c_str(), stderr);
  if (!compiled || findings.has_errors()) return input_wrong;

  SessionOptions options = session_options(arguments, *specification);
  options.guards = guards;
  if (resumption) {
    take_over(*resumption, *compiled, specification->heartbeat.virtual_time);
    options.resumption = &*resumption;
    if (options.beats != 0) options.beats += resumption->continuation().beat;
  }
  std::optional<Detachment> detachment;
  if (arguments.detach) {
    int status = done;
    detachment = Detachment::divide(status);
    if (!detachment) return status;
  }
  const control::NameClaim claim(control::directory(), options.name);
  if (detachment) {
    detachment->speak_into(log_path(control::directory(), options.name));
    console.becomes_file();
  }
  options.name_lock = claim.lock();
  Session session(std::move(*specification), std::move(*compiled), library, options);
  std::optional<control::Server> server;
  control::Commands commands(session, [&](control::Server::ClientId client, const control::Json& reply) {
    server->answer(client, reply);
  });
  server.emplace(claim.socket(), [&](control::Server::ClientId client, const control::Json& request) {
    return commands.take(client, request);
  });
  ServiceManager manager;
  start(session, arguments, console);
  if (detachment) detachment->started();
  manager.ready();
  RunLoop loop(session, *server, commands, signals, console, manager);
  loop.run();
  session.finish();
  loop.tell_fault();
  const int status = conclude(session, commands, arguments, console);
  constexpr int patience_ms = 1000;
  server->flush(patience_ms);
  return status;
}

}  // namespace

int run(const RunArguments& arguments) {
  Console console(arguments.quiet);
  try {
    return run_experiment(arguments, console);
  } catch (const CannotRun& reason) {
    console.error(reason.what());
    return reason.status();
  } catch (const control::NameTaken& taken) {
    console.error(taken.what());
    return input_wrong;
  } catch (const std::exception& error) {
    console.error(error.what());
    return machine_cannot;
  }
}

}  // namespace tactus::cli
