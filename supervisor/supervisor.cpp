#include "supervisor/supervisor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "supervisor/inherited.hpp"

namespace tactus {
namespace {

using nlohmann::json;

/// It may have to load plug-ins before it answers.
constexpr std::chrono::seconds patience{10};

[[noreturn]] void fail(const char* what, int error) {
  throw SupervisorError(std::string("no supervisor: ") + what + ": " + error_text(error));
}

/// The same under a number that is out of the way of those the new process gets.
FileDescriptor moved_up(int descriptor, const char* what) {
  constexpr int free_from = 64;
  FileDescriptor copy(descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, free_from));
  if (copy.number() < 0) fail(what, errno);
  return copy;
}

FileDescriptor this_process() {
  const FileDescriptor self(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)));
  return moved_up(self.number(), "pidfd_open");
}

struct Ends {
  FileDescriptor near, far;
};

Ends socket_pair() {
  std::array<int, 2> ends{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail("socketpair", errno);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// What posix_spawn is told. Freed at the end.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // A session of its own: what is sent to the terminal's or the engine's process group does not meet it.
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void pass(const FileDescriptor& from, inherited::Descriptor to) {
    posix_spawn_file_actions_adddup2(&actions_, from.number(), to);
  }
  /// Closes all descriptors from `end` on.
  int start(const std::string& run, int end) {
    posix_spawn_file_actions_addclosefrom_np(&actions_, end);
    std::string program = "tactus";
    std::string command = "supervise";
    std::string name = run;
    std::array<char*, 4> arguments{program.data(), command.data(), name.data(), nullptr};
    pid_t process = -1;
    const int error =
        posix_spawn(&process, "/proc/self/exe", &actions_, &attributes_, arguments.data(), environ);
    if (error != 0) fail("it can't be started", error);
    return process;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

int start_process(const SupervisorOptions& options, const FileDescriptor& socket, int pulse) {
  const FileDescriptor far = moved_up(socket.number(), "the socket");
  const FileDescriptor page = moved_up(pulse, "the pulse");
  const FileDescriptor engine = this_process();
  SpawnPlan plan;
  plan.pass(far, inherited::socket);
  plan.pass(page, inherited::pulse);
  plan.pass(engine, inherited::engine);
  FileDescriptor held;
  if (options.held >= 0) {
    held = moved_up(options.held, "the claim");
    plan.pass(held, inherited::held);
  }
  return plan.start(options.run, options.held >= 0 ? inherited::end : inherited::held);
}

}  // namespace

Supervisor::Supervisor(const SupervisorOptions& options) : socket_(FileDescriptor()) {
  Ends ends = socket_pair();
  process_ = start_process(options, ends.far, pulse_.descriptor());
  ends.far = FileDescriptor();  // the only one left is the supervisor's, so its death is seen
  socket_ = MessageSocket(std::move(ends.near));
  json hello{{"do", "hello"},
             {"run", options.run},
             {"pid", getpid()},
             {"watch_stalls", options.watch_stalls},
             {"priority", options.priority},
             {"plugin_path", options.plugin_path}};
  hello["core"] = options.core ? json(*options.core) : json(nullptr);
  try {
    const json reply = ask(hello);
    for (const json& privilege : reply.at("privileges")) {
      privileges_.push_back(
          {privilege.at("asked"), privilege.at("granted"), privilege.at("got"), privilege.at("remedy")});
    }
  } catch (...) {
    reap(false);
    throw;
  }
}

Supervisor::~Supervisor() {
  bool leaves = false;
  try {
    leaves = ask({{"do", "bye"}}).at("leaves");
  } catch (const std::exception&) {
    leaves = false;
  }
  reap(leaves);
}

std::vector<std::string> Supervisor::prepare(const SafePlan& plan) {
  return ask({{"do", "prepare"}, {"plan", to_json(plan)}}).at("unguarded");
}

void Supervisor::effective(std::uint64_t program) { ask({{"do", "effective"}, {"program", program}}); }

void Supervisor::withdrawn(std::uint64_t program) { ask({{"do", "withdrawn"}, {"program", program}}); }

void Supervisor::recordings(const std::vector<std::string>& files) {
  ask({{"do", "recordings"}, {"files", files}});
}

int Supervisor::watchdog(const std::string& device, int timeout_s) {
  return ask({{"do", "watchdog"}, {"device", device}, {"timeout_s", timeout_s}}).at("timeout_s");
}

bool Supervisor::gone() {
  if (gone_) return true;
  pollfd set{socket_.descriptor(), POLLIN, 0};
  // Between two requests it has nothing to say: if there is something to read, it is the end.
  if (poll(&set, 1, 0) > 0) gone_ = true;
  if (gone_) reap(true);
  return gone_;
}

json Supervisor::ask(const json& request) {
  if (gone_) throw SupervisorError("the supervisor is gone");
  json reply;
  try {
    socket_.send(request, patience);
    reply = socket_.receive(patience);
  } catch (const std::exception& error) {
    gone_ = true;  // whatever it says later would be the answer to something else
    throw SupervisorError(std::string("the supervisor is gone: ") + error.what());
  }
  if (!reply.at("ok").get<bool>())
    throw SupervisorError("supervisor: " + reply.at("error").get<std::string>());
  return reply;
}

/// So that no dead child is left. One that stays is not waited for: it outlives this process.
void Supervisor::reap(bool patient) {
  if (process_ > 0 && waitpid(process_, nullptr, patient ? 0 : WNOHANG) != 0) process_ = -1;
}

}  // namespace tactus
