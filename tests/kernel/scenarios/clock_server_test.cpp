// A clock server: one task has the list of those who wait for a time, a notifier tells it of every tick, and
// clients ask it with Send. And what Send/Receive/Reply promises by itself.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <tuple>

#include "kernel/channel.hpp"
#include "kernel/interrupt.hpp"
#include "kernel/timer.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

struct ClockRequest {
  enum class Kind : std::uint8_t { tick, time, delay, delay_until } kind{};
  Time time = 0;
  Priority priority = 0;
};

using Clock = Channel<ClockRequest, Time>;

class ClockServer : public testing::Test, protected Scene {
 protected:
  ClockServer() {
    timer.start(10, 10);
    task("notifier", 251, [this] {
      Time now = 0;
      while (line.await() == Result::ok && clock.send({}, now) == Result::ok) {
      }
    });
    task("server", 250, [this] { serve(); });
  }

  void serve() {
    Clock::Server server{clock};
    Time now = 0;
    std::set<std::tuple<Time, int, std::uint64_t>> sleepers;  // by time, urgency, arrival
    for (Clock::Received call; server.receive(call) == Result::ok;) {
      const auto [kind, time, priority] = call.request;
      switch (kind) {
        case ClockRequest::Kind::tick:
          ++now;
          server.reply(call.client, now);
          break;
        case ClockRequest::Kind::time:
          server.reply(call.client, now);
          break;
        case ClockRequest::Kind::delay:
          sleepers.emplace(now + time, -priority, call.client);
          break;
        case ClockRequest::Kind::delay_until:
          sleepers.emplace(time, -priority, call.client);
          break;
      }
      while (!sleepers.empty() && std::get<0>(*sleepers.begin()) <= now) {
        server.reply(std::get<2>(*sleepers.begin()), now);
        sleepers.erase(sleepers.begin());
      }
    }
  }

  Time ask(ClockRequest::Kind kind, Time time = 0) {
    Time now = -1;
    EXPECT_EQ(clock.send({kind, time, kernel.current().base_priority()}, now), Result::ok);
    return now;
  }

  std::function<void()> on_timer = [this] { line.raise(); };
  Interrupt line{kernel, 0, "tick"};
  Timer timer{kernel, 255, Entry{on_timer}};
  Clock clock{kernel, "clock"};
};

TEST_F(ClockServer, AnswersInOrderOfTimeThenPriorityThenArrival) {
  using Kind = ClockRequest::Kind;
  task("late", 1, [&] {
    ask(Kind::delay, 3);
    trace("3");
  });
  task("early", 1, [&] {
    ask(Kind::delay, 1);
    trace("1");
  });
  task("urgent", 9, [&] {
    kernel.sleep_until(15);
    EXPECT_EQ(ask(Kind::time), 1);
    ask(Kind::delay, 2);
    trace("1 and 2");
  });
  task("later", 1, [&] {
    kernel.sleep_until(25);
    EXPECT_EQ(ask(Kind::delay_until, 3), 3);
    trace("until 3");
    EXPECT_EQ(ask(Kind::delay_until, 2), 3) << "has passed";
    kernel.stop();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 early: 1", "30 urgent: 1 and 2", "30 late: 3", "30 later: until 3"}));
}

class ChannelTest : public testing::Test, protected Scene {
 protected:
  Channel<int, int> channel{kernel, "channel"};
  using Server = Channel<int, int>::Server;
  using Received = Channel<int, int>::Received;
};

TEST_F(ChannelTest, TheServerIsAsUrgentAsItsClientUntilTheReply) {
  task("server", 1, [&] {
    Server server{channel};
    for (Received call; server.receive(call) == Result::ok;) {
      EXPECT_EQ(kernel.current().priority(), 9);
      kernel.consume(10);
      EXPECT_TRUE(server.reply(call.client, call.request * 2));
      EXPECT_EQ(kernel.current().priority(), 1);
    }
  });
  task("middle", 5, [&] {
    kernel.sleep_until(2);
    trace("begins");
    kernel.consume(100);
    kernel.stop();
  });
  task("client", 9, [&] {
    kernel.sleep_until(1);
    int reply = 0;
    EXPECT_EQ(channel.send(21, reply), Result::ok);
    trace(std::to_string(reply));
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"11 client: 42", "11 middle: begins"}));
}

TEST_F(ChannelTest, TheMostUrgentClientIsReceivedFirstAndRepliesGoInAnyOrder) {
  for (const Priority priority : {Priority{3}, Priority{5}, Priority{4}}) {
    task("client " + std::to_string(priority), priority, [&, priority] {
      int reply = 0;
      EXPECT_EQ(channel.send(priority, reply), Result::ok);
      trace(std::to_string(reply));
    });
  }
  task("server", 1, [&] {
    kernel.consume(1);
    Server server{channel};
    std::array<Received, 3> calls{};
    for (Received& call : calls) EXPECT_EQ(server.receive(call), Result::ok);
    for (const std::size_t i : {2U, 0U, 1U}) EXPECT_TRUE(server.reply(calls[i].client, static_cast<int>(i)));
    EXPECT_FALSE(server.reply(calls[0].client, 0)) << "twice";
    EXPECT_EQ(server.receive(calls[0], at_once), Result::timed_out);
  });
  kernel.run();
  // Replied to first, but the server is as urgent as the others until they have their replies.
  EXPECT_EQ(trace.lines, (Lines{"1 client 5: 0", "1 client 4: 1", "1 client 3: 2"}));
}

TEST_F(ChannelTest, AClientThatGivesUpIsForgotten) {
  task("hasty", 5, [&] {
    int reply = 7;
    EXPECT_EQ(channel.send(1, reply, within(5)), Result::timed_out) << "not received";
    EXPECT_EQ(channel.send(2, reply, until(20)), Result::timed_out) << "received, not replied to";
    EXPECT_EQ(channel.send(3, reply, at_once), Result::timed_out);
    EXPECT_EQ(reply, 7);
  });
  task("server", 1, [&] {
    kernel.sleep_until(10);
    Server server{channel};
    Received call;
    EXPECT_EQ(server.receive(call), Result::ok);
    EXPECT_EQ(call.request, 2);
    EXPECT_EQ(kernel.current().priority(), 5);
    kernel.sleep_until(30);
    EXPECT_EQ(kernel.current().priority(), 1);
    EXPECT_FALSE(server.reply(call.client, 0));
    EXPECT_EQ(server.receive(call, within(5)), Result::timed_out);
  });
  kernel.run();
  EXPECT_EQ(kernel.now(), 35);
}

TEST_F(ChannelTest, ServersThatWaitForEachOtherAreADeadlock) {
  Channel<int, int> other{kernel, "other"};
  auto body = [this](Channel<int, int>& mine, Channel<int, int>& theirs, Time begin) {
    return [this, &mine, &theirs, begin] {
      Server server{mine};
      kernel.sleep_until(begin);
      int reply = 0;
      const Result result = theirs.send(1, reply);
      trace(name_of(result));
      if (result != Result::deadlock) return;
      Received call;
      EXPECT_EQ(server.receive(call), Result::ok);
      server.reply(call.client, 0);
    };
  };
  task("a", 2, body(channel, other, 1));
  task("b", 1, body(other, channel, 2));
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"2 b: deadlock", "2 a: ok"}));
}

TEST_F(ChannelTest, DeletionEndsTheWaitsOfBothEnds) {
  auto deleted = std::make_unique<Channel<int, int>>(kernel, "deleted");
  task("client", 5, [&] {
    kernel.sleep_until(1);
    int reply = 0;
    trace(name_of(deleted->send(1, reply)));
  });
  task("server", 4, [&] {
    Channel<int, int>::Server server{*deleted};
    Channel<int, int>::Received call;
    EXPECT_EQ(server.receive(call), Result::ok);
    trace(name_of(server.receive(call)));
    EXPECT_EQ(kernel.current().priority(), 4) << "nothing is inherited any more";
  });
  task("boss", 9, [&] {
    kernel.sleep_until(2);
    deleted.reset();
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"2 client: deleted", "2 server: deleted"}));
}

TEST_F(ChannelTest, ClientsOutliveTheirServer) {
  task("client", 5, [&] {
    int reply = 0;
    EXPECT_EQ(channel.send(1, reply), Result::ok);
    trace(std::to_string(reply));
  });
  task("first", 4, [&] { Server server{channel}; });
  task("second", 3, [&] {
    kernel.sleep_until(10);
    Server server{channel};
    Received call;
    EXPECT_EQ(server.receive(call), Result::ok);
    server.reply(call.client, 2);
  });
  kernel.run();
  EXPECT_EQ(trace.lines, (Lines{"10 client: 2"}));
}

}  // namespace
}  // namespace tactus::kernel
