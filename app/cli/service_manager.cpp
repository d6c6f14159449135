#include "app/cli/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace tactus::cli {
namespace {

/// A whole number in the environment.
std::optional<std::int64_t> number_in_environment(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

/// How often to say that this process lives.
std::optional<std::chrono::milliseconds> pace_wanted() {
  const auto allowed_us = number_in_environment("WATCHDOG_USEC");
  const auto process = number_in_environment("WATCHDOG_PID");
  if (!allowed_us || *allowed_us <= 0 || (process && *process != getpid())) return std::nullopt;
  return std::chrono::milliseconds(std::max<std::int64_t>(*allowed_us / 4000, 1));
}

}  // namespace

ServiceManager::ServiceManager() {
  const char* const address = std::getenv("NOTIFY_SOCKET");
  if (address == nullptr) return;
  connect(address);
  if (present()) pace_ = pace_wanted();
}

/// A path, or with `@` in front a name in the abstract namespace.
void ServiceManager::connect(const std::string& address) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (address.size() < 2 || address.size() >= sizeof to.sun_path || (address[0] != '/' && address[0] != '@'))
    return;
  std::memcpy(to.sun_path, address.data(), address.size());
  if (address[0] == '@') to.sun_path[0] = '\0';
  FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&to), size) == 0)
    socket_ = std::move(socket);
}

/// What cannot be sent at once is lost: the manager reads late, or is gone.
void ServiceManager::send(const std::string& message) const {
  if (present()) ::send(socket_.number(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void ServiceManager::ready() { send("READY=1"); }

void ServiceManager::status(const std::string& line) {
  next_status_ = Clock::now() + std::chrono::seconds(1);
  if (line == status_) return;
  status_ = line;
  send("STATUS=" + line);
}

void ServiceManager::alive() {
  const Clock::time_point now = Clock::now();
  if (!pace_ || now < next_alive_) return;
  next_alive_ = now + *pace_;
  send("WATCHDOG=1");
}

void ServiceManager::stopping() {
  if (!stopping_) send("STOPPING=1");
  stopping_ = true;
}

}  // namespace tactus::cli
