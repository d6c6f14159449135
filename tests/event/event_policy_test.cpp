#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "event/event.hpp"
#include "tests/event/log.hpp"

namespace tactus {
namespace {

using test::Log;
using test::waiting;

constexpr auto asynchronous = Handling::asynchronous;
constexpr auto synchronous = Handling::synchronous;

// --- queued ---

TEST(EventQueued, LosesNoneUpToItsCapacity) {
  int handled = 0;
  auto listener = [&handled] { ++handled; };
  Event event("tick", {.queued = 3});
  ASSERT_TRUE(event.add_listener(listener, asynchronous));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(event.fire(), Fired::pending);
  EXPECT_EQ(event.handle_pending(), 3u);
  EXPECT_EQ(handled, 3);
}

TEST(EventQueued, CountsAndReportsOverflowAndKeepsTheOldest) {
  Event<int> event("value", {.queued = 2});
  std::string seen;
  int fired_now = 0;
  auto listener = [&seen](const Event<int>::Firing& firing) { seen += std::to_string(firing.payload) + " "; };
  auto now = [&fired_now] { ++fired_now; };
  ASSERT_TRUE(event.add_listener(listener, asynchronous));
  ASSERT_TRUE(event.add_listener(now));
  event.fire(1);
  event.fire(2);
  EXPECT_EQ(event.fire(3), Fired::overflow);
  EXPECT_EQ(event.counts().overflowed, 1u);
  EXPECT_EQ(fired_now, 3) << "the synchronous part of a dropped firing has run";
  EXPECT_EQ(event.handle_pending(), 2u);
  EXPECT_EQ(seen, "1 2 ");
  EXPECT_EQ(event.fire(4), Fired::pending) << "there is room again";
}

TEST(EventQueued, AFiringDuringHandlingWaitsForTheNextHandling) {
  Event<int> event("value", {.queued = 4});
  std::string seen;
  auto listener = [&](const Event<int>::Firing& firing) {
    seen += std::to_string(firing.payload) + " ";
    if (firing.payload == 1) {
      EXPECT_EQ(event.fire(2), Fired::deferred);
    }
  };
  ASSERT_TRUE(event.add_listener(listener, asynchronous));
  event.fire(1);
  EXPECT_EQ(event.handle_pending(), 1u);
  EXPECT_EQ(seen, "1 ");
  EXPECT_EQ(event.pending(), 1u);
  EXPECT_EQ(event.handle_pending(), 1u);
  EXPECT_EQ(seen, "1 2 ");
}

TEST(EventNotQueued, PendingFiringsCoalesceIntoTheNewestAndAreCounted) {
  Event<int> event("value");
  std::string seen;
  auto listener = [&seen](const Event<int>::Firing& firing) { seen += std::to_string(firing.payload) + " "; };
  ASSERT_TRUE(event.add_listener(listener, asynchronous));
  EXPECT_EQ(event.fire(1), Fired::pending);
  EXPECT_EQ(event.fire(2), Fired::coalesced);
  EXPECT_EQ(event.fire(3), Fired::coalesced);
  EXPECT_EQ(event.handle_pending(), 1u);
  EXPECT_EQ(seen, "3 ");
  EXPECT_EQ(event.counts().coalesced, 2u);
  EXPECT_EQ(event.counts().completed, 1u);
}

TEST(EventNotQueued, AFiringWhileOneIsHandledIsNotLost) {
  Event event("tick");
  int handled = 0;
  auto listener = [&] {
    if (++handled == 1) event.fire();
  };
  ASSERT_TRUE(event.add_listener(listener, asynchronous));
  event.fire();
  event.handle_pending();
  EXPECT_EQ(event.handle_pending(), 1u);
  EXPECT_EQ(handled, 2);
  EXPECT_EQ(event.counts().coalesced, 0u);
}

// --- prioritised ---

TEST(EventPrioritised, HigherFirstAndEqualsAsRegisteredInEachStage) {
  Log log;
  Event event("tick", {.prioritised = true});
  for (const Handling handling : {synchronous, asynchronous}) {
    const std::string s = handling == synchronous ? "s" : "a";
    ASSERT_TRUE(event.add_listener(log.writer(s + "0"), handling));
    ASSERT_TRUE(event.add_listener(log.writer(s + "5"), handling, 5));
    ASSERT_TRUE(event.add_listener(log.writer(s + "-1"), handling, -1));
    ASSERT_TRUE(event.add_listener(log.writer(s + "5'"), handling, 5));
    ASSERT_TRUE(event.add_listener(log.writer(s + "9"), handling, 9));
    ASSERT_TRUE(event.add_listener(log.writer(s + "0'"), handling));
  }
  ASSERT_TRUE(event.add_completer(log.writer("c1"), 1));
  ASSERT_TRUE(event.add_completer(log.writer("c2"), 2));
  event.fire();
  EXPECT_EQ(log.take(), "s9 s5 s5' s0 s0' s-1");
  event.handle_pending();
  EXPECT_EQ(log.take(), "a9 a5 a5' a0 a0' a-1 c2 c1");
}

// --- one-off ---

TEST(EventOneOff, EqualsTakeTurnsListenersAndCompletersAlike) {
  Log log;
  Event event("tick", {.one_off = true});
  ASSERT_TRUE(event.add_listener(log.writer("a")));
  ASSERT_TRUE(event.add_completer(log.writer("b")));
  ASSERT_TRUE(event.add_listener(log.writer("c")));
  for (int i = 0; i < 7; ++i) EXPECT_EQ(event.fire(), Fired::done);
  EXPECT_EQ(log.take(), "a b c a b c a");
}

TEST(EventOneOff, AnAsynchronousOneRunsAloneWhenHandled) {
  Log log;
  Event event("tick", {.queued = 4, .one_off = true});
  ASSERT_TRUE(event.add_listener(log.writer("later"), asynchronous));
  ASSERT_TRUE(event.add_listener(log.writer("now")));
  EXPECT_EQ(event.fire(), Fired::pending);
  EXPECT_EQ(event.fire(), Fired::done);
  EXPECT_EQ(event.fire(), Fired::pending);
  EXPECT_EQ(log.take(), "now");
  EXPECT_EQ(event.handle_pending(), 2u);
  EXPECT_EQ(log.take(), "later later");
}

TEST(EventOneOff, WithPrioritiesTheHighestServeUntilTheyAreGone) {
  Log log;
  Event event("tick", {.prioritised = true, .one_off = true});
  ASSERT_TRUE(event.add_listener(log.writer("spare"), synchronous, 1));
  const Registration first = event.add_listener(log.writer("first"), synchronous, 2);
  const Registration second = event.add_listener(log.writer("second"), synchronous, 2);
  for (int i = 0; i < 3; ++i) event.fire();
  EXPECT_EQ(log.take(), "first second first");
  ASSERT_TRUE(event.remove(first));
  for (int i = 0; i < 2; ++i) event.fire();
  EXPECT_EQ(log.take(), "second second");
  ASSERT_TRUE(event.remove(second));
  event.fire();
  EXPECT_EQ(log.take(), "spare");
}

TEST(EventOneOff, WithoutAnyoneIsDone) {
  Event event("tick", {.one_off = true});
  EXPECT_EQ(event.fire(), Fired::done);
}

TEST(EventOneOff, AfterCoalescingTheNewestChoiceRuns) {
  Log log;
  Event event("tick", {.one_off = true});
  ASSERT_TRUE(event.add_listener(log.writer("a"), asynchronous));
  ASSERT_TRUE(event.add_listener(log.writer("b"), asynchronous));
  EXPECT_EQ(event.fire(), Fired::pending);
  EXPECT_EQ(event.fire(), Fired::coalesced);
  event.handle_pending();
  EXPECT_EQ(log.take(), "b");
}

// --- all policies together ---

// Each firing is completed, coalesced, dropped or still waiting, whatever the policies and the order of
// calls.
TEST(EventPolicies, EveryFiringIsAccountedFor) {
  std::mt19937 random(1);
  for (std::size_t policy = 0; policy < 16; ++policy) {
    Event event("tick", {.queued = (policy & 1u) != 0 ? 3u : 0u,
                         .prioritised = (policy & 2u) != 0,
                         .one_off = (policy & 4u) != 0});
    std::uint64_t completions = 0;
    auto refire = [&] {
      if (random() % 3 == 0) event.fire();
    };
    auto complete = [&completions] { ++completions; };
    if ((policy & 8u) != 0) {
      ASSERT_TRUE(event.add_listener(refire, asynchronous, 1));
    }
    ASSERT_TRUE(event.add_listener(refire, synchronous, 2));
    ASSERT_TRUE(event.add_completer(complete, 3));
    for (int i = 0; i < 2000; ++i) {
      if (random() % 2 == 0) {
        event.fire();
      } else {
        event.handle_pending(random() % 3);
      }
      ASSERT_GE(waiting(event.counts()), event.pending());
      ASSERT_LE(waiting(event.counts()), 2 * std::max<std::size_t>(event.options().queued, 1));
    }
    while (waiting(event.counts()) > 0) event.handle_pending();
    if (!event.options().one_off) {
      EXPECT_EQ(completions, event.counts().completed);
    }
    EXPECT_GT(event.counts().fired, 500u);
    if (event.options().queued != 0) {
      EXPECT_EQ(event.counts().coalesced, 0u);
    } else {
      EXPECT_EQ(event.counts().overflowed, 0u);
    }
  }
}

}  // namespace
}  // namespace tactus
