#include "app/control/server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "app/control/unix_socket.hpp"

namespace tactus::control {

Server::Server(const std::filesystem::path& socket, Handler handler)
    : handler_(std::move(handler)), listener_(listen_at(socket)) {}

Server::~Server() = default;

void Server::add_to(std::vector<pollfd>& set) const {
  // Whoever is one too many waits in the listener's queue until another one leaves.
  if (clients_.size() < most_clients) set.push_back({listener_.number(), POLLIN, 0});
  for (const auto& [id, client] : clients_) {
    short events = 0;  // for a client whose request is in progress: only whether it leaves
    if (!client.to_send.empty()) {
      events = POLLOUT;
    } else if (!client.answering) {
      events = POLLIN;
    }
    set.push_back({client.socket.number(), events, 0});
  }
}

void Server::serve(std::span<const pollfd> ready) {
  const auto revents = [&](const FileDescriptor& socket) -> short {
    const auto found = std::ranges::find(ready, socket.number(), &pollfd::fd);
    return found != ready.end() ? found->revents : short{0};
  };
  const bool somebody_calls = revents(listener_) != 0;
  for (auto& [id, client] : clients_) {
    const short events = revents(client.socket);
    if ((events & POLLOUT) != 0) {
      send_reply(client);
      take_lines(id, client);
    } else if ((events & POLLIN) != 0) {
      receive(id, client);
    } else if ((events & (POLLHUP | POLLERR)) != 0) {
      client.closing = true;
      client.to_send.clear();
    }
  }
  std::erase_if(clients_,
                [](const auto& entry) { return entry.second.closing && entry.second.to_send.empty(); });
  if (somebody_calls) accept_clients();
}

void Server::accept_clients() {
  while (clients_.size() < most_clients) {
    FileDescriptor socket(accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket.number() < 0) return;
    if (is_trusted_peer(socket)) clients_.emplace(next_client_++, Client{.socket = std::move(socket)});
  }
}

void Server::receive(ClientId id, Client& client) {
  std::array<char, 65536> bytes;  // NOLINT: written by recv before it is read
  const ssize_t count = recv(client.socket.number(), bytes.data(), bytes.size(), 0);
  if (count > 0) {
    client.received.append(bytes.data(), static_cast<std::size_t>(count));
    take_lines(id, client);
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    client.closing = true;
  }
}

/// Handles the lines that are there, one after the other, each when the one before has been answered.
void Server::take_lines(ClientId id, Client& client) {
  std::size_t begin = 0;
  while (!client.answering && client.to_send.empty() && !client.closing) {
    const std::size_t end = std::min(client.received.find('\n', begin), client.received.size());
    if (end - begin > longest_request) {
      reply(client, failure({Refusal::request,
                             "a request has at most " + std::to_string(longest_request) + " bytes"}));
      client.closing = true;
    } else if (end == client.received.size()) {
      break;
    } else {
      const std::string_view line = std::string_view(client.received).substr(begin, end - begin);
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) handle(id, client, line);
    }
    begin = std::min(end + 1, client.received.size());
  }
  client.received.erase(0, begin);
}

void Server::handle(ClientId id, Client& client, std::string_view line) {
  client.answering = true;
  try {
    const std::optional<Json> answer = handler_(id, parse_request(line));
    if (answer) reply(client, *answer);
  } catch (const Refused& refused) {
    reply(client, failure(refused));
  }
}

void Server::answer(ClientId id, const Json& answer) {
  const auto client = clients_.find(id);
  if (client == clients_.end()) return;
  reply(client->second, answer);
  take_lines(id, client->second);  // it may have sent the next request already
}

void Server::reply(Client& client, const Json& reply) {
  client.answering = false;
  client.to_send = to_line(reply);
  send_reply(client);
}

void Server::send_reply(Client& client) {
  if (client.to_send.empty()) return;
  const ssize_t count =
      send(client.socket.number(), client.to_send.data(), client.to_send.size(), MSG_NOSIGNAL);
  if (count >= 0) {
    client.to_send.erase(0, static_cast<std::size_t>(count));
  } else if (errno != EAGAIN && errno != EINTR) {
    client.to_send.clear();
    client.closing = true;
  }
}

void Server::flush(int milliseconds) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(milliseconds);
  while (true) {
    std::vector<pollfd> set;
    for (const auto& [id, client] : clients_) {
      if (!client.to_send.empty()) set.push_back({client.socket.number(), POLLOUT, 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (set.empty() || left <= 0 || poll(set.data(), set.size(), static_cast<int>(left)) < 0) return;
    for (auto& [id, client] : clients_) send_reply(client);
  }
}

}  // namespace tactus::control
