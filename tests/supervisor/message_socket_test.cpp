#include "supervisor/message_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <thread>

namespace tactus {
namespace {

using nlohmann::json;

struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    near = MessageSocket(FileDescriptor(ends[0]));
    far = MessageSocket(FileDescriptor(ends[1]));
  }
  MessageSocket near{FileDescriptor()};
  MessageSocket far{FileDescriptor()};
};

TEST(MessageSocket, CarriesMessagesInOrder) {
  Pair pair;
  pair.near.send({{"number", 1}, {"text", "two\nlines"}});
  pair.near.send({{"number", 2}});
  EXPECT_EQ(pair.far.receive(), (json{{"number", 1}, {"text", "two\nlines"}}));
  EXPECT_EQ(pair.far.receive(), (json{{"number", 2}}));
}

TEST(MessageSocket, CarriesWhatIsLargerThanTheSystemsBuffer) {
  Pair pair;
  const json large{{"text", std::string(std::size_t{5} << 20U, 'x')}};
  std::thread sender([&] { pair.near.send(large); });
  EXPECT_EQ(pair.far.receive(), large);
  sender.join();
}

TEST(MessageSocket, TellsThatTheOtherEndIsGone) {
  Pair pair;
  pair.far = MessageSocket(FileDescriptor());
  EXPECT_THROW(pair.near.receive(), NoAnswer);
  EXPECT_THROW(pair.near.send({{"number", 1}}), NoAnswer);
}

TEST(MessageSocket, WaitsNoLongerThanItIsTold) {
  Pair pair;
  EXPECT_THROW(pair.near.receive(std::chrono::milliseconds(1)), NoAnswer);
  const json large{{"text", std::string(std::size_t{5} << 20U, 'x')}};
  EXPECT_THROW(pair.near.send(large, std::chrono::milliseconds(1)), NoAnswer) << "nobody reads";
}

TEST(MessageSocket, RefusesWhatIsNoJson) {
  Pair pair;
  ASSERT_EQ(write(pair.near.descriptor(), "hello\n", 6), 6);
  EXPECT_THROW(pair.far.receive(), json::exception);
}

}  // namespace
}  // namespace tactus
