#include "supervisor/watched_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <system_error>

namespace tactus {
namespace {

/// What Linux 6.15 and later tell of a process that its parent has waited for; older headers lack it.
struct PidfdInfo {
  std::uint64_t mask;
  std::uint64_t cgroup;
  std::array<std::uint32_t, 11> ids;
  std::int32_t exit_code;
};
static_assert(sizeof(PidfdInfo) == 64);
constexpr std::uint64_t pidfd_info_exit = 1U << 3U;
constexpr unsigned long pidfd_get_info = _IOWR(0xFF, 11, PidfdInfo);

Death death_of(int status) {
  if (WIFSIGNALED(status)) return {Death::Kind::killed, WTERMSIG(status)};
  return {Death::Kind::exited, WEXITSTATUS(status)};
}

}  // namespace

std::string Death::text() const {
  if (kind == Kind::exited) return "exited with status " + std::to_string(number);
  if (kind == Kind::hidden) return "died; the system does not tell of what";
  const char* const name = sigabbrev_np(number);
  const char* const about = sigdescr_np(number);
  return "killed by " + (name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number)) +
         (about != nullptr ? std::string(" (") + about + ")" : "");
}

WatchedProcess::WatchedProcess(FileDescriptor descriptor, int pid)
    : pid_(pid),
      process_(std::move(descriptor)),
      stat_(open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC)) {}

bool WatchedProcess::dead() const { return wait(std::chrono::milliseconds(0)); }

bool WatchedProcess::kill() const {
  return syscall(SYS_pidfd_send_signal, process_.number(), SIGKILL, nullptr, 0) == 0 || errno == ESRCH;
}

void WatchedProcess::hasten() const {
  sched_param parameters{};
  const int policy = sched_getscheduler(0);
  if ((policy & ~SCHED_RESET_ON_FORK) != SCHED_FIFO || sched_getparam(0, &parameters) != 0) return;
  std::error_code ignored;  // threads go away while one looks
  std::filesystem::directory_iterator thread("/proc/" + std::to_string(pid_) + "/task", ignored);
  // A number that is free goes to another thread only after all others had their turn: that takes longer.
  while (!ignored && thread != std::filesystem::directory_iterator() && !dead()) {
    const std::string name = thread->path().filename().string();
    int number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number > 0) sched_setscheduler(number, policy, &parameters);
    thread.increment(ignored);
  }
}

bool WatchedProcess::wait(std::chrono::milliseconds patience) const {
  pollfd set{process_.number(), POLLIN, 0};
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const int count = poll(&set, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (count > 0) return (set.revents & POLLIN) != 0;
    if (count == 0 || errno != EINTR) return false;
  }
}

Death WatchedProcess::death() const {
  // Until the parent has waited for it the one knows, from then on the other; in between is a moment.
  constexpr int tries = 3;
  for (int i = 0; i < tries; ++i) {
    if (const auto status = status_of_zombie()) return death_of(*status);
    if (const auto status = status_of_reaped()) return death_of(*status);
  }
  return {};
}

/// The fields of /proc/PID/stat from the state on: the name in front of it may hold anything. Empty of a
/// process that its parent has waited for.
std::string WatchedProcess::about() const {
  std::array<char, 2048> buffer{};
  const ssize_t count = pread(stat_.number(), buffer.data(), buffer.size(), 0);
  if (count <= 0) return "";
  const std::string text(buffer.data(), static_cast<std::size_t>(count));
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? "" : text.substr(name_end + 2);
}

char WatchedProcess::state() const {
  const std::string fields = about();
  return fields.empty() ? '?' : fields.front();
}

bool WatchedProcess::dying() const {
  std::istringstream fields(about());
  char state = '?';
  fields >> state;
  std::string other;
  for (int i = 0; i < 5; ++i) fields >> other;  // parent, group, session, terminal, its group
  unsigned long flags = 0;
  fields >> flags;
  for (int i = 0; i < 21; ++i) fields >> other;  // memory, times, addresses
  unsigned long pending = 0;
  fields >> pending;
  constexpr unsigned long exiting = 0x4;  // PF_EXITING
  // Whatever a process dies of, its threads get this signal, and the first one may wait long for a processor.
  constexpr unsigned long killed = 1UL << (SIGKILL - 1);
  return state == 'Z' || state == 'X' || (flags & exiting) != 0 || (pending & killed) != 0;
}

/// The last field, which is there in the state Z only.
std::optional<int> WatchedProcess::status_of_zombie() const {
  const std::string fields = about();
  if (!fields.starts_with("Z ")) return std::nullopt;
  int status = 0;
  const char* const last = fields.data() + fields.rfind(' ') + 1;
  const auto result = std::from_chars(last, fields.data() + fields.size(), status);
  return result.ec == std::errc() ? std::optional(status) : std::nullopt;
}

std::optional<int> WatchedProcess::status_of_reaped() const {
  PidfdInfo info{};
  info.mask = pidfd_info_exit;
  if (ioctl(process_.number(), pidfd_get_info, &info) != 0 || (info.mask & pidfd_info_exit) == 0)
    return std::nullopt;
  return info.exit_code;
}

}  // namespace tactus
