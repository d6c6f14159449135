#pragma once

#include <cstdint>
#include <type_traits>

#include "kernel/message_channel.hpp"

namespace tactus::kernel {

/// Send/Receive/Reply: clients send a request and wait for its reply; one task, the server, receives requests
/// one by one and replies in any order. The server runs at least at the priority of the most urgent client
/// that waits for it, received or not, so work done on behalf of a client is as urgent as that client. What
/// the server owns needs no lock.
///
///     Channel<int, double>::Server server{channel};
///     for (Channel<int, double>::Received call; server.receive(call) == Result::ok;)
///       server.reply(call.client, table[call.request]);
template <class Request, class Reply>
class Channel {
  static_assert(std::is_trivially_copyable_v<Request> && std::is_trivially_copyable_v<Reply>,
                "messages are copied byte by byte, with interrupts masked");

 public:
  /// One client's exchange; a number that is never used again.
  using Client = std::uint64_t;

  struct Received {
    Request request{};
    Client client{};
  };

  /// `name` must outlive it.
  Channel(Kernel& kernel, const char* name) noexcept
      : channel_(kernel, name, sizeof(Request), sizeof(Reply)) {}

  /// *Task.* Sends and waits for the reply: ok, timed_out, stopped, deleted, or deadlock if the server waits
  /// for the caller. A request whose sender has given up is not received any more, and a reply to it is lost.
  Result send(const Request& request, Reply& reply, WaitLimit limit = {}) noexcept {
    return channel_.send(&request, &reply, limit);
  }

  /// The serving of a channel by the task that makes it, for a scope; by one task at a time. Clients that
  /// have no reply at the end go on waiting, those not yet received for the next server.
  class Server {
   public:
    explicit Server(Channel& channel) noexcept : channel_(channel.channel_) { channel_.open(); }
    ~Server() {
      if (!deleted_) channel_.close();
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Takes the request of the most urgent client: ok, timed_out, stopped or deleted.
    Result receive(Received& received, WaitLimit limit = {}) noexcept {
      const Result result = channel_.receive(&received.request, received.client, limit);
      deleted_ = result == Result::deleted;
      return result;
    }

    /// Ends the wait of a client; false if it has given up. A step for each that has no reply yet.
    bool reply(Client client, const Reply& reply) noexcept { return channel_.reply(client, &reply); }

   private:
    MessageChannel& channel_;
    bool deleted_ = false;
  };

 private:
  MessageChannel channel_;
};

}  // namespace tactus::kernel
