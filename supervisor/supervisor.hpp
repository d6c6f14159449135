#pragma once
// The engine's side of the supervisor: starts it, and tells it what it has to know.
//
// The two processes share a Pulse, and a socket over which the engine's process asks and the supervisor
// answers, one JSON object a line. A request has a member `do`, a reply `ok`, and if that is false, `error`:
//
//   do           other members                  meaning; other members of the reply
//   hello        run, pid, watch_stalls, core,  the first one; `privileges` that the supervisor got and did
//   not
//                priority, plugin_path          get
//   prepare      plan (see SafePlan)            a program that may run from now on; `unguarded` outputs.
//   Until the
//                                               next two the supervisor counts with both, the old and the new
//   effective    program                        this one runs: all others are over
//   withdrawn    program                        this one will not run after all
//   recordings   files                          that are to be closed if the engine's process can't
//   watchdog     device, timeout_s              the computer's watchdog, to be fed from now on; `timeout_s`
//                                               of its driver
//   bye                                         the run is over: the supervisor leaves, unless outputs
//                                               may be live

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernel/port/linux/privileges.hpp"
#include "supervisor/message_socket.hpp"
#include "supervisor/safe_plan.hpp"
#include "supervisor/shared_pulse.hpp"

namespace tactus {

/// The supervisor can't be started, is gone, or refuses. The message is for the user.
class SupervisorError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct SupervisorOptions {
  std::string run;           ///< its name
  bool watch_stalls = true;  ///< false in virtual time, where a beat may take as long as it likes
  std::optional<int> core;   ///< the engine's: the supervisor keeps off it if it can
  int priority = 80;         ///< the engine's: the supervisor asks for one more
  std::vector<std::string> plugin_path{};
  int held = -1;  ///< a descriptor that the supervisor keeps open as long as it has something to do
};

/// A supervisor process that watches this one. Ordinary domain, one thread.
class Supervisor {
 public:
  /// Starts the process: this program, with the argument `supervise`. Before this process locks memory or
  /// makes threads. Throws SupervisorError.
  explicit Supervisor(const SupervisorOptions& options);
  /// Lets the supervisor go: it leaves, unless outputs may be live.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// For the engine.
  [[nodiscard]] Pulse& pulse() { return *pulse_; }
  [[nodiscard]] int pid() const { return process_; }
  /// What it asked of the machine.
  [[nodiscard]] const std::vector<kernel::Privilege>& privileges() const { return privileges_; }

  // All of these throw SupervisorError; then the supervisor is as it was before, or gone.

  /// Before the engine gets the program. The signals of the outputs that nothing makes safe when this process
  /// dies.
  std::vector<std::string> prepare(const SafePlan& plan);
  /// After the program took effect.
  void effective(std::uint64_t program);
  /// After the program was taken back.
  void withdrawn(std::uint64_t program);
  void recordings(const std::vector<std::string>& files);
  /// The supervisor opens the computer's watchdog and feeds it while the engine ticks. The time-out that the
  /// driver took, in seconds.
  int watchdog(const std::string& device, int timeout_s);

  /// Readable once the supervisor is gone.
  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }
  /// Whether it is gone.
  [[nodiscard]] bool gone();

 private:
  nlohmann::json ask(const nlohmann::json& request);
  void reap(bool patient);

  SharedPulse pulse_;
  MessageSocket socket_;
  int process_ = -1;
  bool gone_ = false;
  std::vector<kernel::Privilege> privileges_;
};

}  // namespace tactus
