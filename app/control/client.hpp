#pragma once
#include <filesystem>
#include <string>

#include "app/control/protocol.hpp"
#include "reporter/recording_file.hpp"

namespace tactus::control {

/// A client's end of the control socket. Ordinary domain; blocks.
class Client {
 public:
  /// Throws ControlError if nobody listens there.
  explicit Client(const std::filesystem::path& socket);

  /// Sends a request and waits for its reply. Throws ControlError if the run ends before it answers.
  Json ask(const Json& request);

 private:
  std::string socket_name_;
  FileDescriptor socket_;
  std::string received_;
};

}  // namespace tactus::control
