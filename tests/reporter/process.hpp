#pragma once
// Another program as a test needs it: started, listened to, waited for or killed.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace tactus::test {

/// A child process whose standard output this one reads. Killed at the end, if it still runs.
class Process {
 public:
  explicit Process(std::vector<std::string> command) {
    std::array<int, 2> pipe_ends{};
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed = ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe_ends[1]);
    output_ = ::fdopen(pipe_ends[0], "r");
    if (failed != 0) {
      pid_ = -1;
      throw std::runtime_error("can't start " + command[0]);
    }
  }
  ~Process() {
    if (pid_ > 0) kill();
    if (output_ != nullptr) std::fclose(output_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The next line it writes, without its end; empty at the end of all.
  std::string line() {
    std::string text;
    for (int letter = 0; (letter = std::fgetc(output_)) != EOF && letter != '\n';) {
      text += static_cast<char>(letter);
    }
    return text;
  }
  std::string rest() {
    std::string text;
    for (int letter = 0; (letter = std::fgetc(output_)) != EOF;) text += static_cast<char>(letter);
    return text;
  }
  void kill() {
    ::kill(pid_, SIGKILL);
    wait();
  }
  /// Its exit status, or minus the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  std::FILE* output_ = nullptr;
};

/// Runs a command to its end. What it wrote if it failed; nothing if it did not.
inline std::string run(std::vector<std::string> command) {
  Process process(std::move(command));
  std::string output = process.rest();
  const int status = process.wait();
  return status == 0 ? "" : "exit status " + std::to_string(status) + ": " + output;
}

}  // namespace tactus::test
