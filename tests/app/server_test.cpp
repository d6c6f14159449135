#include "app/control/server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <thread>

#include "app/control/client.hpp"
#include "app/control/directory.hpp"
#include "app/control/unix_socket.hpp"
#include "tests/app/temporary_directory.hpp"

namespace tactus::control {
namespace {

/// A server on a thread of its own. `echo` is answered at once; `later` when `now` comes, in the order of
/// coming.
class Service {
 public:
  Service()
      : server_(path(), [this](Server::ClientId id, const Json& request) { return handle(id, request); }) {
    thread_ = std::thread([this] { serve(); });
  }
  ~Service() {
    stopping_ = true;
    const FileDescriptor caller = connect_to(path());  // ends the wait
    thread_.join();
  }

  std::filesystem::path path() const { return temporary_.path() / "test.sock"; }
  std::atomic<int> requests{0};

 private:
  std::optional<Json> handle(Server::ClientId client, const Json& request) {
    ++requests;
    const std::string command = text_of(request, "command");
    if (command == "later") {
      waiting_.push_back(client);
      return std::nullopt;
    }
    if (command == "now") {
      for (const Server::ClientId id : std::exchange(waiting_, {}))
        server_.answer(id, success({{"was", "later"}}));
    }
    if (command == "long") return success({{"text", std::string(std::size_t{8} << 20U, 'x')}});
    return success({{"was", command}});
  }
  void serve() {
    std::vector<pollfd> set;
    while (!stopping_) {
      set.clear();
      server_.add_to(set);
      poll(set.data(), set.size(), -1);
      server_.serve(set);
    }
    server_.flush(1000);
  }

  test::TemporaryDirectory temporary_;
  std::vector<Server::ClientId> waiting_;
  Server server_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// A client that sends what it likes.
class Raw {
 public:
  explicit Raw(const Service& service) : socket_(connect_to(service.path())) {}
  bool send(const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t count = ::send(socket_.number(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count < 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    return true;
  }
  /// One line without its end; empty at the end of the connection.
  std::string line() {
    std::string text;
    char c = 0;
    while (recv(socket_.number(), &c, 1, 0) == 1 && c != '\n') text += c;
    return text;
  }

 private:
  FileDescriptor socket_;
};

TEST(Server, AnswersInTheOrderOfTheRequests) {
  Service service;
  Raw raw(service);
  raw.send(to_line(request("one")) + "\n  \n" + to_line(request("two")) +
           to_line(request("three")).substr(0, 9));
  EXPECT_EQ(Json::parse(raw.line()).at("was"), "one");
  EXPECT_EQ(Json::parse(raw.line()).at("was"), "two");
  raw.send(to_line(request("three")).substr(9));
  EXPECT_EQ(Json::parse(raw.line()).at("was"), "three");
}

TEST(Server, OneClientsWaitIsNotAnothers) {
  Service service;
  Raw waiting(service);
  waiting.send(to_line(request("later")) + to_line(request("after")));
  Client other(service.path());
  while (service.requests < 1) other.ask(request("echo"));
  const int before = service.requests;
  EXPECT_EQ(other.ask(request("echo")).at("was"), "echo");
  EXPECT_EQ(service.requests, before + 1) << "what was sent ahead waits for the reply before";
  other.ask(request("now"));
  EXPECT_EQ(Json::parse(waiting.line()).at("was"), "later");
  EXPECT_EQ(Json::parse(waiting.line()).at("was"), "after");
}

TEST(Server, ClientThatLeavesBeforeItsReplyIsForgotten) {
  Service service;
  Client other(service.path());
  {
    Raw leaving(service);
    leaving.send(to_line(request("later")));
    while (service.requests < 1) other.ask(request("echo"));
  }
  EXPECT_EQ(other.ask(request("now")).at("was"), "now");
}

TEST(Server, LongRepliesArriveWhole) {
  Service service;
  Client client(service.path());
  EXPECT_EQ(client.ask(request("long")).at("text").get<std::string>().size(), std::size_t{8} << 20U);
  EXPECT_EQ(client.ask(request("echo")).at("was"), "echo");
}

TEST(Server, EndlessRequestIsCutOff) {
  Service service;
  Raw raw(service);
  const std::string piece(std::size_t{1} << 18U, 'x');
  bool sent = true;
  for (std::size_t bytes = 0; sent && bytes <= 4 * longest_request; bytes += piece.size())
    sent = raw.send(piece);
  EXPECT_FALSE(sent && raw.send(piece) && raw.line().empty()) << "it would take it for ever";
  EXPECT_EQ(Client(service.path()).ask(request("echo")).at("was"), "echo");
}

TEST(Server, LongestRequestIsTaken) {
  Service service;
  Raw raw(service);
  Json fields = request("echo");
  fields["padding"] = "";
  fields["padding"] = std::string(longest_request - to_line(fields).size(), 'x');
  raw.send(to_line(fields));
  EXPECT_EQ(Json::parse(raw.line()).at("was"), "echo");
}

TEST(Server, WhatIsNoRequestGetsAReplyThatSaysSo) {
  Service service;
  Raw raw(service);
  for (const char* line : {"{]\n", "\xff\n", "17\n"}) {
    raw.send(line);
    EXPECT_EQ(Json::parse(raw.line()).at("refusal"), "request");
  }
  raw.send(to_line(request("echo")));
  EXPECT_EQ(Json::parse(raw.line()).at("was"), "echo");
}

TEST(Server, MoreClientsThanItTakesWaitTheirTurn) {
  Service service;
  std::vector<std::unique_ptr<Raw>> silent;
  for (std::size_t i = 0; i < Server::most_clients; ++i) silent.push_back(std::make_unique<Raw>(service));
  for (const auto& client : silent) {
    client->send(to_line(request("echo")));
    EXPECT_FALSE(client->line().empty());
  }
  Raw late(service);
  late.send(to_line(request("echo")));
  silent.pop_back();
  EXPECT_EQ(Json::parse(late.line()).at("was"), "echo");
}

}  // namespace
}  // namespace tactus::control
