#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "interpreter/plugin_library.hpp"
#include "kernel/port/linux/privileges.hpp"
#include "supervisor/crash_report.hpp"
#include "supervisor/message_socket.hpp"
#include "supervisor/safe_outputs.hpp"
#include "supervisor/shared_pulse.hpp"
#include "supervisor/watchdog_feeder.hpp"
#include "supervisor/watched_process.hpp"

namespace tactus {

/// The supervisor's process. One thread, as urgent as the machine allows, does nothing but watch; another one
/// answers the engine's process, so that a plug-in that takes its time to load keeps nobody from watching.
///
/// The order that everything rests on: the engine's process is dead, with all its threads, before a safe
/// value is written; and whether it had released the outputs itself is looked at after its death. See
/// tests/models/supervisor.
class Guardian {
 public:
  /// With the descriptors that it was started with. Throws std::system_error, std::runtime_error.
  Guardian();
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

  /// Watches until the run is over, one way or the other. The exit status of the process, which must then end
  /// at once, without waiting for its other thread.
  int run();

 private:
  enum class End : std::uint8_t { dismissed, died, stalled };

  // The thread that watches.
  nlohmann::json begin(const nlohmann::json& hello);
  End watch();
  [[nodiscard]] std::optional<std::int64_t> until_next_look() const;
  Crash confirm_death(End end);
  void make_safe(Crash& crash);
  void release_watchdog();
  bool close_recordings(Crash& crash);
  int report(const Crash& crash);

  // The thread that answers.
  void serve();
  nlohmann::json answer(const nlohmann::json& request);
  nlohmann::json prepare(const nlohmann::json& plan);
  nlohmann::json open_watchdog(const nlohmann::json& request);
  void forget(std::uint64_t program, bool others);
  void take_limit();

  MessageSocket socket_;
  SharedPulse pulse_;
  FileDescriptor wake_;  // of the thread that watches
  std::string run_;
  int pid_ = 0;
  bool watch_stalls_ = true;
  std::optional<WatchedProcess> engine_;
  std::optional<kernel::Privileges> privileges_;
  std::optional<PluginLibrary> library_;
  std::int64_t next_look_ns_ = 0;
  std::atomic<bool> dismissed_{false};
  std::atomic<std::int64_t> limit_ns_{0};

  // Guards the three below. The thread that watches takes it only once the engine is dead or has let it go:
  // whoever is more urgent than the other thread could otherwise hold up both.
  std::mutex mutex_;
  std::vector<std::shared_ptr<const PreparedPlan>> plans_;
  std::vector<std::string> recordings_;
  std::optional<WatchdogFeeder> watchdog_;
};

/// The command `tactus supervise`, which `tactus run` starts. The exit status.
int supervise();

}  // namespace tactus
