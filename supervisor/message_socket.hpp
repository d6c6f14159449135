#pragma once
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "reporter/recording_file.hpp"

namespace tactus {

/// The other end is gone, or does not answer.
class NoAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// JSON objects, one a line, over a stream socket between two processes that trust each other. Ordinary
/// domain, one thread.
class MessageSocket {
 public:
  explicit MessageSocket(FileDescriptor socket) : socket_(std::move(socket)) {}

  [[nodiscard]] int descriptor() const noexcept { return socket_.number(); }
  /// Throws NoAnswer if the other end is gone, or takes nothing for `patience` (none: waits for ever).
  void send(const nlohmann::json& message, std::optional<std::chrono::milliseconds> patience = {});
  /// The next message. Throws NoAnswer in the same way, and nlohmann::json::exception if it is none.
  nlohmann::json receive(std::optional<std::chrono::milliseconds> patience = {});

 private:
  FileDescriptor socket_;
  std::string received_;
};

}  // namespace tactus
