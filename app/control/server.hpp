#pragma once
// The run's end of the control socket.

#include <poll.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/control/protocol.hpp"
#include "reporter/recording_file.hpp"

namespace tactus::control {

/// Takes requests from any number of clients and gives them their replies. It never blocks: its owner polls
/// the descriptors and calls `serve`. A client has one request in progress at a time and is not read from
/// until its reply has gone, so what a client can make the run keep in memory is bounded. Ordinary domain,
/// one thread.
class Server {
 public:
  using ClientId = std::uint64_t;
  /// Carries a request out: the reply; nothing if `answer` will be called later; or it throws Refused.
  using Handler = std::function<std::optional<Json>(ClientId, const Json&)>;

  static constexpr std::size_t most_clients = 64;

  /// Listens at `socket`, which only this user and root may use. Throws ControlError.
  Server(const std::filesystem::path& socket, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Adds what to wait for.
  void add_to(std::vector<pollfd>& set) const;
  /// Does what the descriptors of a set are ready for; others' are left alone.
  void serve(std::span<const pollfd> ready);
  /// The reply to a request that was left open. A client that is gone is no error.
  void answer(ClientId client, const Json& reply);
  /// Sends what is still to be sent, for at most `milliseconds`.
  void flush(int milliseconds);

 private:
  struct Client {
    FileDescriptor socket;
    std::string received{};  ///< not yet a whole line
    std::string to_send{};   ///< of the reply
    bool answering = false;  ///< a request is in progress
    bool closing = false;    ///< as soon as the reply has gone
  };

  void accept_clients();
  void receive(ClientId id, Client& client);
  void take_lines(ClientId id, Client& client);
  void handle(ClientId id, Client& client, std::string_view line);
  void reply(Client& client, const Json& reply);
  void send_reply(Client& client);

  Handler handler_;
  FileDescriptor listener_;
  std::map<ClientId, Client> clients_;
  ClientId next_client_ = 1;
};

}  // namespace tactus::control
