// The command `tactus`: what can be asked of it, and who answers.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "app/cli/check.hpp"
#include "app/cli/exit_status.hpp"
#include "app/cli/plugins.hpp"
#include "app/cli/recover.hpp"
#include "app/cli/remote.hpp"
#include "app/cli/run.hpp"
#include "supervisor/guardian.hpp"

namespace {

using namespace tactus::cli;
using tactus::supervise;

/// Everything that may stand on the command line, and what is to be done about it.
class CommandLine {
 public:
  CommandLine();
  int execute(int argc, char** argv);

 private:
  CLI::App& add(const char* name, const char* about, std::function<int()> action);
  void add_plugin_path(CLI::App& command);
  static void add_list(CLI::App& command, const char* name, std::vector<std::string>& list,
                       const char* about);
  void add_run();
  void add_resume();
  void add_run_options(CLI::App& command);
  void add_files();
  void add_remote();
  CLI::App& add_remote(const char* name, const char* about, std::function<int()> action);

  CLI::App app_{"tactus runs control experiments on hard-real-time beats"};
  std::function<int()> action_;
  RunArguments run_;
  CheckArguments check_;
  RemoteArguments remote_;
  std::vector<std::string> plugin_path_;
  std::vector<std::string> words_;
  std::string word_;
  bool json_ = false;
};

CommandLine::CommandLine() {
  app_.require_subcommand(1);
  app_.set_version_flag("--version", "tactus " TACTUS_VERSION);
  add_run();
  add_files();
  add_remote();
  add("supervise", "watch a run; started by `run`", [] { return supervise(); })
      .group("")  // not for people
      ->add_option("RUN", word_, "its name, for those who look at the list of processes");
}

CLI::App& CommandLine::add(const char* name, const char* about, std::function<int()> action) {
  CLI::App* const command = app_.add_subcommand(name, about);
  command->callback([this, action = std::move(action)] { action_ = action; });
  return *command;
}

void CommandLine::add_list(CLI::App& command, const char* name, std::vector<std::string>& list,
                           const char* about) {
  command.add_option(name, list, about)->allow_extra_args(false);  // one word for each time it is given
}

void CommandLine::add_plugin_path(CLI::App& command) {
  add_list(command, "--plugin-path", plugin_path_, "a directory with plug-ins, before the usual ones");
}

void CommandLine::add_run() {
  CLI::App& command = add("run", "run an experiment", [this] {
    run_.plugin_path = plugin_path_;
    return run(run_);
  });
  command.add_option("FILE", run_.file, "the experiment")->required();
  command.add_option("--name", run_.name, "of the run, in place of the experiment's");
  command.add_option("--clock", run_.clock, "real, or virtual: as fast as possible, always the same way")
      ->check(CLI::IsMember({"real", "virtual"}));
  add_run_options(command);
}

/// One word for two things: a run that paused goes on, and so does one that died, from its recording.
void CommandLine::add_resume() {
  CLI::App& command =
      add_remote("resume", "let a paused run go on, or the one that a recording is of", [this] {
        if (run_.recording.empty()) return tactus::cli::command(remote_, "resume");
        run_.name = remote_.name;
        run_.json = remote_.json;
        run_.plugin_path = plugin_path_;
        return run(run_);
      });
  const auto for_both = command.get_options();
  CLI::Option* const recording = command.add_option(
      "RECORDING", run_.recording, "to go on from its last checkpoint, with a recording of its own");
  add_list(command, "--within", run_.within,
           "how far a measurement may be from that of the checkpoint: sensor.level=0.5 V");
  add_run_options(command);
  for (CLI::Option* const option : command.get_options()) {
    if (option != recording && std::ranges::find(for_both, option) == for_both.end())
      option->needs(recording);
  }
}

void CommandLine::add_run_options(CLI::App& command) {
  command.add_option("--for", run_.length, "length: a time (10s, 2 h) or `1000 beats`");
  add_list(command, "--set", run_.set, "a value in place of the file's: loop.kp=2");
  command.add_option("--report", run_.report, "the recording, in place of the file's");
  command
      .add_option("--supervisor", run_.supervisor,
                  "on or off: a second process that makes outputs safe if this one dies or stalls")
      ->check(CLI::IsMember({"on", "off"}));
  add_plugin_path(command);
  command.add_flag("--inhibit", run_.inhibit, "everything runs, outputs stay safe until `tactus arm`");
  command.add_flag("--arm", run_.arm, "hardware outputs are live from the first beat on")
      ->excludes("--inhibit");
  command.add_flag("--require-realtime", run_.require_real_time,
                   "do not run unless the machine grants all of it");
  command.add_flag(
      "--guard", run_.guard,
      "watch that no beat allocates, locks, calls the system or touches new memory; a finding fails "
      "the run");
  command.add_flag("--keep", run_.keep, "a fault does not end the run");
  command.add_flag("--detach", run_.detach, "come back once it runs; it goes on without the terminal");
  if (command.get_option_no_throw("--json") == nullptr)
    command.add_flag("--json", run_.json, "the summary as JSON");
  command.add_flag("--quiet", run_.quiet, "no progress line and no summary");
}

void CommandLine::add_files() {
  CLI::App& check_file = add("check", "say what is wrong with an experiment, or what it does", [this] {
    check_.plugin_path = plugin_path_;
    return check(check_);
  });
  check_file.add_option("FILE", check_.file, "the experiment")->required();
  add_list(check_file, "--set", check_.set, "a value in place of the file's");
  add_plugin_path(check_file);
  check_file.add_flag("--json", check_.json, "as JSON");
  check_file.add_option("--graph", check_.graph, "the wiring or the modes, for Graphviz's `dot`")
      ->check(CLI::IsMember({"wiring", "modes"}));

  add("recover", "make the recording of a killed run readable by everybody",
      [this] { return recover_recording(word_); })
      .add_option("RECORDING", word_, "an HDF5 file")
      ->required();

  CLI::App& list_plugins =
      add("plugins", "list the plug-ins", [this] { return plugins(plugin_path_, json_); });
  add_plugin_path(list_plugins);
  list_plugins.add_flag("--json", json_, "as JSON");

  CLI::App& describe_one =
      add("describe", "explain a plug-in", [this] { return describe(word_, plugin_path_, json_); });
  describe_one.add_option("PLUGIN", word_, "its name")->required();
  add_plugin_path(describe_one);
  describe_one.add_flag("--json", json_, "as JSON");
}

CLI::App& CommandLine::add_remote(const char* name, const char* about, std::function<int()> action) {
  CLI::App& command = add(name, about, std::move(action));
  command.add_option("-n,--name", remote_.name, "of the run; may be left out if there is one only");
  command.add_flag("--json", remote_.json, "the reply as it comes");
  return command;
}

void CommandLine::add_remote() {
  add("list", "list the runs", [this] { return list(remote_); }).add_flag("--json", remote_.json, "as JSON");
  add_remote("status", "say how a run is doing", [this] {
    return status(remote_);
  }).add_flag("--steps", remote_.steps, "also each step, and the worst beats");
  add_remote("get", "show parameters and signals of a run", [this] {
    return get(remote_, words_);
  }).add_option("NAMES", words_, "of parameters, signals or components; none: all");
  CLI::App& set_values = add_remote("set", "change parameters of a run, all at one beat",
                                    [this] { return set(remote_, words_); });
  set_values.add_option("ASSIGNMENTS", words_, "loop.kp=2 ...")->required();
  CLI::App& exchange = add_remote("swap", "exchange the experiment of a run at one beat",
                                  [this] { return swap(remote_, word_); });
  exchange.add_option("FILE", word_, "the new experiment")->required();
  for (CLI::App* const change : {&set_values, &exchange}) {
    change->add_flag("--allow-interlock-change", remote_.allow_interlock_change,
                     "interlocks may be altered, or be missing afterwards");
  }
  struct Verb {
    const char* name;
    const char* about;
  };
  for (const Verb& verb :
       {Verb{"pause", "hold a run; its outputs go safe"}, Verb{"trip", "make outputs safe, as by a fault"},
        Verb{"reset", "leave the state fault"}, Verb{"ack", "release interlocks whose cause is gone"},
        Verb{"arm", "make outputs live"}, Verb{"inhibit", "keep outputs safe while everything else runs"}}) {
    add_remote(verb.name, verb.about, [this, name = verb.name] { return command(remote_, name); });
  }
  add_resume();
  add_remote("command", "give the modes of a run a command", [this] { return user_command(remote_, word_); })
      .add_option("NAME", word_, "that a condition asks for")
      ->required();
  add_remote("mode", "show the modes of a run, or order one", [this] {
    return mode(remote_, word_);
  }).add_option("REGION.MODE", word_, "to be in, whatever its conditions say");
  add_remote("stop", "end a run and wait for its end", [this] { return stop(remote_); });
}

int CommandLine::execute(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_.exit(error) == 0 ? done : input_wrong;
  }
  return action_();
}

}  // namespace

int main(int argc, char** argv) { return CommandLine().execute(argc, argv); }
