#include "app/control/client.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "app/control/directory.hpp"
#include "app/control/unix_socket.hpp"

namespace tactus::control {

Client::Client(const std::filesystem::path& socket)
    : socket_name_(socket.string()), socket_(connect_to(socket)) {
  if (!is_trusted_peer(socket_)) throw ControlError(socket_name_ + ": another user listens there");
}

Json Client::ask(const Json& request) {
  const auto lost = [this] { return ControlError(socket_name_ + ": the run ended before it answered"); };
  const std::string line = to_line(request);
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t count = send(socket_.number(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) throw lost();
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
  std::array<char, 65536> bytes;  // NOLINT: written by recv before it is read
  std::size_t end = received_.find('\n');
  while (end == std::string::npos) {
    const ssize_t count = recv(socket_.number(), bytes.data(), bytes.size(), 0);
    if (count == 0 || (count < 0 && errno != EINTR)) throw lost();
    if (count > 0) received_.append(bytes.data(), static_cast<std::size_t>(count));
    if (received_.size() > longest_reply) throw ControlError(socket_name_ + ": the reply has no end");
    end = received_.find('\n');
  }
  Json reply =
      Json::parse(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
  received_.erase(0, end + 1);
  if (!reply.is_object()) throw ControlError(socket_name_ + ": the reply is none of this protocol");
  return reply;
}

}  // namespace tactus::control
