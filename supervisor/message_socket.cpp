#include "supervisor/message_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tactus {
namespace {

using Clock = std::chrono::steady_clock;
using Patience = std::optional<std::chrono::milliseconds>;

/// Until the socket is ready; the end of patience is an absolute time, so that many small steps do not add
/// up.
void wait_for(int socket, short events, const std::optional<Clock::time_point>& end) {
  pollfd set{socket, events, 0};
  while (true) {
    int left_ms = -1;
    if (end) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end - Clock::now());
      left_ms = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    }
    const int count = poll(&set, 1, left_ms);
    if (count > 0) return;
    if (count == 0) throw NoAnswer("no answer in time");
    if (errno != EINTR) throw NoAnswer(error_text(errno));
  }
}

std::optional<Clock::time_point> end_of(const Patience& patience) {
  return patience ? std::optional(Clock::now() + *patience) : std::nullopt;
}

}  // namespace

void MessageSocket::send(const nlohmann::json& message, Patience patience) {
  const auto end = end_of(patience);
  const std::string line = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    wait_for(socket_.number(), POLLOUT, end);
    const ssize_t count =
        ::send(socket_.number(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno != EAGAIN && errno != EINTR) {
      throw NoAnswer(error_text(errno));
    }
  }
}

nlohmann::json MessageSocket::receive(Patience patience) {
  const auto end = end_of(patience);
  std::array<char, 65536> buffer;  // NOLINT: filled by recv
  while (true) {
    if (const std::size_t length = received_.find('\n'); length != std::string::npos) {
      const std::string line = received_.substr(0, length);
      received_.erase(0, length + 1);
      return nlohmann::json::parse(line);
    }
    wait_for(socket_.number(), POLLIN, end);
    const ssize_t count = recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count == 0) throw NoAnswer("the connection is closed");
    if (count > 0) {
      received_.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      throw NoAnswer(error_text(errno));
    }
  }
}

}  // namespace tactus
