#include "app/cli/detach.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <system_error>

#include "app/cli/exit_status.hpp"

namespace tactus::cli {
namespace {

constexpr char ready = '\n';

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// What the second process sends: the name of its log, then `ready`. It ends when that process does.
std::string listen_to(const FileDescriptor& line) {
  std::string text;
  std::array<char, 256> buffer{};
  while (text.empty() || text.back() != ready) {
    const ssize_t count = read(line.number(), buffer.data(), buffer.size());
    if (count == 0 || (count < 0 && errno != EINTR)) break;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

/// Not blocked: a blocked signal is kept even where it is ignored, and would be found among those that end a
/// run.
void ignore_hang_up() {
  std::signal(SIGHUP, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

void print_file(const std::string& path) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = read(file.number(), buffer.data(), buffer.size())) > 0)
    std::fwrite(buffer.data(), 1, static_cast<std::size_t>(count), stderr);
}

/// The first process: waits for the second one's start or end.
int outcome(pid_t process, const FileDescriptor& line) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // Ctrl-C ends the wait
  std::string log = listen_to(line);
  const bool started = !log.empty() && log.back() == ready;
  if (started) {
    log.pop_back();
    std::printf("process %d runs detached; what it has to say goes into %s\n", process, log.c_str());
    return done;
  }
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (!log.empty()) print_file(log);
  return WIFEXITED(status) ? WEXITSTATUS(status) : machine_cannot;
}

}  // namespace

std::optional<Detachment> Detachment::divide(int& status) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  FileDescriptor hears(ends[0]);
  FileDescriptor speaks(ends[1]);
  std::fflush(nullptr);  // what was said before is said once
  const pid_t process = fork();
  if (process < 0) fail("fork");
  if (process > 0) {
    speaks = FileDescriptor();
    status = outcome(process, hears);
    return std::nullopt;
  }
  setsid();
  ignore_hang_up();
  const FileDescriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (nothing.number() < 0) fail("/dev/null");
  dup2(nothing.number(), STDIN_FILENO);
  return Detachment(std::move(speaks));
}

void Detachment::speak_into(const std::filesystem::path& log) {
  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
  const FileDescriptor file(open(log.c_str(), flags, 0600));
  if (file.number() < 0) fail(log.c_str());
  dup2(file.number(), STDOUT_FILENO);
  dup2(file.number(), STDERR_FILENO);
  static_cast<void>(!write(line_.number(), log.c_str(), log.native().size()));
}

void Detachment::started() {
  static_cast<void>(!write(line_.number(), &ready, sizeof ready));
  line_ = FileDescriptor();
}

std::filesystem::path log_path(const std::filesystem::path& directory, const std::string& name) {
  return directory / (name + ".log");
}

}  // namespace tactus::cli
