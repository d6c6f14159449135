#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "reporter/recording_file.hpp"

namespace tactus::cli {

/// What started this process as a service, if something did: systemd, or another one that speaks
/// sd_notify(3). It hears when the run is ready, how it is, that it lives, and that it ends. The protocol is
/// one datagram of text for each message, and stable; a library for it would bring its own libraries into
/// locked memory. Without a manager nothing happens; one that does not listen holds up nobody. Ordinary
/// domain, one thread.
class ServiceManager {
 public:
  using Clock = std::chrono::steady_clock;

  /// From the environment: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
  ServiceManager();

  bool present() const { return socket_.number() >= 0; }
  /// The run has begun.
  void ready();
  /// Whether it is time, once a second, for the next line.
  bool wants_status() const { return present() && Clock::now() >= next_status_; }
  /// One line on how it is; sent if it is another one than before.
  void status(const std::string& line);
  /// It lives; sent four times in the time that the manager allows it to be silent.
  void alive();
  /// It has begun to end. Once is enough; more do no harm.
  void stopping();
  /// How long its caller may wait before it says again that it lives; none: nobody wants to hear it.
  std::optional<std::chrono::milliseconds> pace() const { return pace_; }

 private:
  void connect(const std::string& address);
  void send(const std::string& message) const;

  FileDescriptor socket_;
  std::optional<std::chrono::milliseconds> pace_;
  Clock::time_point next_alive_{};
  Clock::time_point next_status_{};
  std::string status_;
  bool stopping_ = false;
};

}  // namespace tactus::cli
