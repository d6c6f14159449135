#include <gtest/gtest.h>

#include <string>

#include "event/event.hpp"
#include "tests/event/log.hpp"

namespace tactus {
namespace {

using test::Log;
using test::numbered;

TEST(EventReentrancy, AFiringByItsOwnListenerFollowsThePresentOne) {
  Event<int> event("value", {.queued = 4});
  Log log;
  auto first = [&](const Event<int>::Firing& firing) {
    log.add(numbered("a", firing.payload));
    if (firing.payload < 3) {
      EXPECT_EQ(event.fire(firing.payload + 1), Fired::deferred);
    }
  };
  auto second = [&](const Event<int>::Firing& firing) { log.add(numbered("b", firing.payload)); };
  auto completer = [&](const Event<int>::Firing& firing) { log.add(numbered("c", firing.payload)); };
  ASSERT_TRUE(event.add_listener(first));
  ASSERT_TRUE(event.add_listener(second));
  ASSERT_TRUE(event.add_completer(completer));
  EXPECT_EQ(event.fire(1), Fired::done);
  EXPECT_EQ(log.take(), "a1 b1 c1 a2 b2 c2 a3 b3 c3") << "firings never nest";
}

TEST(EventReentrancy, WithoutQueueSeveralFiringsByListenersCoalesce) {
  Event<int> event("value");
  std::string seen;
  auto listener = [&](const Event<int>::Firing& firing) {
    seen += std::to_string(firing.payload) + " ";
    if (firing.payload != 1) return;
    EXPECT_EQ(event.fire(2), Fired::deferred);
    EXPECT_EQ(event.fire(3), Fired::coalesced);
  };
  ASSERT_TRUE(event.add_listener(listener));
  event.fire(1);
  EXPECT_EQ(seen, "1 3 ");
  EXPECT_EQ(event.counts().coalesced, 1u);
}

TEST(EventReentrancy, FiringsByListenersThatFindTheQueueFullAreCounted) {
  Event<int> event("value", {.queued = 2});
  int dropped = 0;
  auto listener = [&](const Event<int>::Firing& firing) {
    if (firing.payload != 1) return;
    for (int i = 0; i < 5; ++i) {
      if (event.fire(2) == Fired::overflow) ++dropped;
    }
  };
  ASSERT_TRUE(event.add_listener(listener));
  event.fire(1);
  EXPECT_EQ(dropped, 3);
  EXPECT_EQ(event.counts().overflowed, 3u);
  EXPECT_EQ(event.counts().completed, 3u);
}

TEST(EventReentrancy, AnEventThatFiresItselfForEverCannotHoldItsCaller) {
  Event event("endless", {.queued = 3});
  int runs = 0;
  auto listener = [&] {
    ++runs;
    event.fire();
  };
  ASSERT_TRUE(event.add_listener(listener));
  event.fire();
  EXPECT_EQ(runs, 1 + 3);
  EXPECT_EQ(event.handle_pending(), 0u) << "nothing asynchronous, but what is left over goes on";
  EXPECT_EQ(runs, 4 + 3);
}

TEST(EventReentrancy, WhatIsLeftOverGoesBeforeANewFiring) {
  Event<int> event("value", {.queued = 2});
  std::string seen;
  bool endless = true;
  auto listener = [&](const Event<int>::Firing& firing) {
    seen += std::to_string(firing.payload) + " ";
    if (endless) event.fire(firing.payload + 1);
  };
  ASSERT_TRUE(event.add_listener(listener));
  event.fire(1);
  EXPECT_EQ(seen, "1 2 3 ");
  endless = false;
  EXPECT_EQ(event.fire(100), Fired::deferred);
  EXPECT_EQ(seen, "1 2 3 4 100 ");
}

TEST(EventReentrancy, AListenerMayRemoveItself) {
  Log log;
  Event event("tick");
  Registration self;
  auto once = [&] {
    log.add("once");
    EXPECT_TRUE(event.remove(self));
  };
  self = event.add_listener(once);
  ASSERT_TRUE(event.add_listener(log.writer("always")));
  event.fire();
  event.fire();
  EXPECT_EQ(log.take(), "once always always");
}

TEST(EventReentrancy, OneRemovedByAnotherDoesNotRunForTheFiringAtHand) {
  Log log;
  Event event("tick");
  Registration later_in_order;
  Registration asynchronous;
  Registration completer;
  auto remover = [&] {
    log.add("remover");
    event.remove(later_in_order);
    event.remove(asynchronous);
    event.remove(completer);
  };
  ASSERT_TRUE(event.add_listener(remover));
  later_in_order = event.add_listener(log.writer("sync"));
  asynchronous = event.add_listener(log.writer("async"), Handling::asynchronous);
  completer = event.add_completer(log.writer("complete"));
  EXPECT_EQ(event.fire(), Fired::done);
  event.handle_pending();
  EXPECT_EQ(log.take(), "remover");
}

TEST(EventReentrancy, RegisteringDuringFiringOrHandlingIsRefused) {
  Event event("tick");
  int refused = 0;
  auto never = [] { FAIL() << "was registered after all"; };
  auto registers = [&] {
    for (const Registration& r : {event.add_listener(never), event.add_completer(never),
                                  event.add_listener(never, Handling::asynchronous)}) {
      EXPECT_FALSE(r);
      EXPECT_EQ(r.refusal, Registration::Refusal::firing);
      ++refused;
    }
  };
  ASSERT_TRUE(event.add_listener(registers));
  ASSERT_TRUE(event.add_listener(registers, Handling::asynchronous));
  ASSERT_TRUE(event.add_completer(registers));
  event.fire();
  event.handle_pending();
  event.fire();
  EXPECT_EQ(refused, 4 * 3);
  EXPECT_TRUE(event.add_listener([] {})) << "possible again afterwards";
}

TEST(EventReentrancy, HandlingWithinAListenerDoesNothing) {
  Event event("tick", {.queued = 4});
  int handled = 0;
  auto asynchronous = [&] {
    ++handled;
    EXPECT_EQ(event.handle_pending(), 0u);
  };
  auto synchronous = [&] { EXPECT_EQ(event.handle_pending(), 0u); };
  ASSERT_TRUE(event.add_listener(asynchronous, Handling::asynchronous));
  ASSERT_TRUE(event.add_listener(synchronous));
  event.fire();
  event.fire();
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(event.handle_pending(), 2u);
  EXPECT_EQ(handled, 2);
}

TEST(EventReentrancy, TwoEventsThatFireEachOtherTakeTurns) {
  Log log;
  Event ping("ping");
  Event pong("pong");
  int left = 3;
  auto on_ping = [&] {
    log.add("ping");
    pong.fire();
  };
  auto on_pong = [&] {
    log.add("pong");
    if (--left > 0) ping.fire();
  };
  ASSERT_TRUE(ping.add_listener(on_ping));
  ASSERT_TRUE(pong.add_listener(on_pong));
  ping.fire();
  EXPECT_EQ(log.take(), "ping pong ping pong") << "one firing waits at most, so the call ends";
  ping.fire();
  EXPECT_EQ(log.take(), "ping pong") << "coalesced with the one left over, which was the last";
  EXPECT_EQ(ping.counts().coalesced, 1u);
}

}  // namespace
}  // namespace tactus
