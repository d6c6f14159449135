#pragma once
#include <string>

#include "app/cli/console.hpp"
#include "app/cli/service_manager.hpp"
#include "app/control/commands.hpp"
#include "app/control/server.hpp"
#include "app/session/session.hpp"

namespace tactus::cli {

/// The signals that end a run, as something to poll. They have to be blocked before any thread is made, so
/// that no other one gets them.
class EndSignals {
 public:
  /// Blocks SIGINT, SIGTERM and SIGHUP for this thread and those that it makes, and ignores SIGPIPE and
  /// SIGXFSZ, of which the failing call tells. Throws std::system_error.
  EndSignals();
  int descriptor() const { return descriptor_.number(); }
  /// Takes the signals that have come.
  void take() const;

 private:
  FileDescriptor descriptor_;
};

/// What the ordinary thread of a run does while the engine runs: serves clients, heeds signals, tells the
/// user and the service manager.
class RunLoop {
 public:
  RunLoop(Session& session, control::Server& server, control::Commands& commands, const EndSignals& signals,
          Console& console, ServiceManager& manager)
      : session_(session),
        server_(server),
        commands_(commands),
        signals_(signals),
        console_(console),
        manager_(manager) {}

  /// Until the engine has ended.
  void run();
  /// Tells of the last fault, if that was not done yet.
  void tell_fault();

 private:
  int patience() const;
  void tell_recording_problem();
  void show_progress();
  void tell_manager();

  Session& session_;
  control::Server& server_;
  control::Commands& commands_;
  const EndSignals& signals_;
  Console& console_;
  ServiceManager& manager_;
  control::Json told_ = nullptr;            // the last fault that the user knows of
  control::Json told_interlock_ = nullptr;  // and the last move of an interlock
  std::string told_recording_problem_;
};

}  // namespace tactus::cli
