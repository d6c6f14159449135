#pragma once
#include <optional>
#include <string>
#include <vector>

#include "interpreter/compiler.hpp"
#include "supervisor/supervisor.hpp"

namespace tactus {

/// Whether a run is to have a supervisor. `hardware`: it writes outputs that move something in the world.
bool wants_supervisor(const HeartbeatSpecification& heartbeat, bool hardware);

/// The supervisor of a run, if it has one; without one nothing happens. Ordinary domain, one thread.
class RunSupervision {
 public:
  /// Starts the supervisor if the run wants one: before memory is locked and threads are made. Throws
  /// SupervisorError. `held`: see SupervisorOptions.
  RunSupervision(const std::string& run, const HeartbeatSpecification& heartbeat, bool hardware,
                 const PluginLibrary& library, int held);

  /// Null without a supervisor.
  Pulse* pulse() { return supervisor_ ? &supervisor_->pulse() : nullptr; }
  bool present() const { return supervisor_.has_value(); }
  int pid() const { return supervisor_ ? supervisor_->pid() : -1; }
  std::vector<kernel::Privilege> privileges() const;
  /// Of the program prepared last: outputs that nothing makes safe when this process dies.
  const std::vector<std::string>& unguarded() const { return unguarded_; }

  /// Before the engine gets the program. Throws SupervisorError.
  void prepare(const Program& program, const Specification& specification);
  /// Throws SupervisorError.
  void recordings(const std::vector<std::string>& files);
  /// Opens the computer's watchdog if one is asked for, and feeds it from now on: after all that may take
  /// long. Throws SupervisorError.
  void watch_computer(const std::optional<WatchdogSpecification>& watchdog);
  /// The time-out of that watchdog in seconds, as its driver took it; 0: there is none.
  int watchdog_timeout_s() const { return watchdog_timeout_s_; }
  // If these do not reach it, it is gone, and `gone` says so.
  void effective(std::uint64_t program) noexcept;
  void withdrawn(std::uint64_t program) noexcept;

  /// Whether there was one and it is gone.
  bool gone() { return supervisor_ && supervisor_->gone(); }
  /// Readable when it is gone; -1 without one.
  int descriptor() const { return supervisor_ ? supervisor_->descriptor() : -1; }

 private:
  std::optional<Supervisor> supervisor_;
  std::vector<std::string> unguarded_;
  bool watches_ticks_ = false;  // in virtual time a tick may take as long as it likes
  int watchdog_timeout_s_ = 0;
};

}  // namespace tactus
