#include "event/event.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "event/subscription.hpp"
#include "tests/event/log.hpp"

namespace tactus {
namespace {

using test::Log;

struct Sample {
  int channel = 0;
  double value = 0.0;
};

TEST(Event, WithoutListenersIsDoneAtOnce) {
  Event event("tick");
  EXPECT_EQ(event.fire(), Fired::done);
  EXPECT_EQ(event.counts().fired, 1u);
  EXPECT_EQ(event.counts().completed, 1u);
}

TEST(Event, RunsSynchronousListenersWithinFireAsRegistered) {
  Log log;
  Event event("tick");
  ASSERT_TRUE(event.add_listener(log.writer("a")));
  ASSERT_TRUE(event.add_listener(log.writer("b"), Handling::synchronous, 99));  // no policy: no effect
  EXPECT_EQ(event.fire(), Fired::done);
  EXPECT_EQ(log.take(), "a b");
}

TEST(Event, RunsAsynchronousListenersWhenHandled) {
  Log log;
  Event event("tick");
  ASSERT_TRUE(event.add_listener(log.writer("later"), Handling::asynchronous));
  ASSERT_TRUE(event.add_listener(log.writer("now")));
  EXPECT_EQ(event.fire(), Fired::pending);
  EXPECT_EQ(log.take(), "now");
  EXPECT_EQ(event.pending(), 1u);
  EXPECT_EQ(event.handle_pending(), 1u);
  EXPECT_EQ(log.take(), "later");
  EXPECT_EQ(event.handle_pending(), 0u);
  EXPECT_EQ(log.take(), "");
}

TEST(Event, TellsListenersWhichEventFiredAndWhatItCarries) {
  Event<Sample> left("left");
  Event<Sample> right("right");
  std::string seen;
  auto listener = [&seen](const Event<Sample>::Firing& firing) {
    seen += std::string(firing.event->name()) + "#" + std::to_string(firing.number) + ":" +
            std::to_string(firing.payload.channel) + " ";
  };
  ASSERT_TRUE(left.add_listener(listener));  // one listener, several events
  ASSERT_TRUE(right.add_listener(listener));
  left.fire({7, 0.5});
  right.fire({8, 0.5});
  left.fire({9, 0.5});
  EXPECT_EQ(seen, "left#1:7 right#1:8 left#2:9 ");
}

TEST(Event, KeepsThePayloadOfEachQueuedFiring) {
  Event<int> event("value", {.queued = 4});
  std::string seen;
  auto listener = [&seen](const Event<int>::Firing& firing) { seen += std::to_string(firing.payload) + " "; };
  ASSERT_TRUE(event.add_listener(listener, Handling::asynchronous));
  for (const int value : {11, 12, 13}) event.fire(value);
  event.handle_pending();
  EXPECT_EQ(seen, "11 12 13 ");
}

TEST(Event, CompletesAfterSynchronousListeners) {
  Log log;
  Event event("tick");
  ASSERT_TRUE(event.add_completer(log.writer("complete")));
  ASSERT_TRUE(event.add_listener(log.writer("listen")));
  EXPECT_EQ(event.fire(), Fired::done);
  EXPECT_EQ(log.take(), "listen complete");
}

TEST(Event, CompletesAfterTheLastAsynchronousListener) {
  Log log;
  Event event("tick", {.queued = 4});
  ASSERT_TRUE(event.add_completer(log.writer("complete")));
  ASSERT_TRUE(event.add_listener(log.writer("a"), Handling::asynchronous));
  ASSERT_TRUE(event.add_listener(log.writer("b"), Handling::asynchronous));
  ASSERT_TRUE(event.add_listener(log.writer("now")));
  event.fire();
  event.fire();
  EXPECT_EQ(log.take(), "now now");
  EXPECT_EQ(event.counts().completed, 0u);
  EXPECT_EQ(event.handle_pending(1), 1u);
  EXPECT_EQ(log.take(), "a b complete");
  EXPECT_EQ(event.handle_pending(), 1u);
  EXPECT_EQ(log.take(), "a b complete");
  EXPECT_EQ(event.counts().completed, 2u);
}

TEST(Event, CompletersLearnWhichFiringIsComplete) {
  Event<int> event("value", {.queued = 4});
  std::string seen;
  auto completer = [&seen](const Event<int>::Firing& firing) {
    seen += std::to_string(firing.number) + ":" + std::to_string(firing.payload) + " ";
  };
  ASSERT_TRUE(event.add_completer(completer));
  ASSERT_TRUE(event.add_listener([] {}, Handling::asynchronous));
  event.fire(5);
  event.fire(6);
  event.handle_pending();
  EXPECT_EQ(seen, "1:5 2:6 ");
}

TEST(Event, GuardIsEvaluatedAtTheMomentOfFiring) {
  Log log;
  Event<int> event("value");
  int limit = 10;
  auto guard = [&limit](const Event<int>::Firing& firing) { return firing.payload < limit; };
  event.set_guard(guard);
  ASSERT_TRUE(event.add_listener(log.writer("ran")));
  EXPECT_EQ(event.fire(10), Fired::prevented);
  EXPECT_EQ(log.take(), "");
  limit = 11;
  EXPECT_EQ(event.fire(10), Fired::done);
  EXPECT_EQ(log.take(), "ran");
  limit = 0;
  event.set_guard({});
  EXPECT_EQ(event.fire(10), Fired::done);
  EXPECT_EQ(event.counts().prevented, 1u);
  EXPECT_EQ(event.counts().fired, 2u);
}

TEST(Event, GuardIsNotAskedAgainWhenHandled) {
  Log log;
  Event event("tick");
  bool open = true;
  auto guard = [&open] { return open; };
  event.set_guard(guard);
  ASSERT_TRUE(event.add_listener(log.writer("ran"), Handling::asynchronous));
  event.fire();
  open = false;
  event.handle_pending();
  EXPECT_EQ(log.take(), "ran");
}

TEST(Event, RemovesEachKindOfRegistration) {
  Log log;
  Event event("tick");
  const Registration a = event.add_listener(log.writer("a"));
  const Registration b = event.add_listener(log.writer("b"), Handling::asynchronous);
  const Registration c = event.add_completer(log.writer("c"));
  event.fire();
  event.handle_pending();
  EXPECT_EQ(log.take(), "a b c");
  EXPECT_TRUE(event.remove(b));
  event.fire();
  EXPECT_EQ(event.handle_pending(), 0u) << "nothing asynchronous is left";
  EXPECT_EQ(log.take(), "a c");
  EXPECT_TRUE(event.remove(a));
  EXPECT_TRUE(event.remove(c));
  event.fire();
  EXPECT_EQ(log.take(), "");
  EXPECT_FALSE(event.remove(a)) << "twice";
  EXPECT_FALSE(event.remove(Registration{}));
}

TEST(Event, KeepsTheOrderOfRegistrationThroughRemovalAndNewRegistration) {
  Log log;
  Event event("tick");
  ASSERT_TRUE(event.add_listener(log.writer("a")));
  const Registration b = event.add_listener(log.writer("b"));
  ASSERT_TRUE(event.add_listener(log.writer("c")));
  ASSERT_TRUE(event.remove(b));
  ASSERT_TRUE(event.add_listener(log.writer("d")));
  event.fire();
  EXPECT_EQ(log.take(), "a c d");
}

TEST(Event, AFiringThatLosesItsLastAsynchronousListenerStillCompletes) {
  Log log;
  Event event("tick");
  const Registration later = event.add_listener(log.writer("later"), Handling::asynchronous);
  ASSERT_TRUE(event.add_completer(log.writer("complete")));
  event.fire();
  ASSERT_TRUE(event.remove(later));
  EXPECT_EQ(event.handle_pending(), 1u);
  EXPECT_EQ(log.take(), "complete");
}

TEST(Event, RefusesAnEmptyListener) {
  Event event("tick");
  const Registration refused = event.add_listener({});
  EXPECT_FALSE(refused);
  EXPECT_EQ(refused.refusal, Registration::Refusal::empty);
  EXPECT_EQ(event.add_completer({}).refusal, Registration::Refusal::empty);
}

TEST(Subscription, EndsTheRegistrationWithItself) {
  Log log;
  Event event("tick");
  {
    const Subscription now(event, log.writer("now"));
    const Subscription later(event, log.writer("later"), Subscription::Moment::asynchronous);
    const Subscription end(event, log.writer("end"), Subscription::Moment::completion);
    event.fire();
    event.handle_pending();
    EXPECT_EQ(log.take(), "now later end");
  }
  EXPECT_EQ(event.fire(), Fired::done);
  EXPECT_EQ(log.take(), "");
}

TEST(Subscription, OutlivesTheEventWithoutHarm) {
  std::optional<Event<>> event("tick");
  int calls = 0;
  auto count = [&calls] { ++calls; };
  const Subscription subscription(*event, count);
  event->fire();
  event.reset();
  EXPECT_EQ(calls, 1);
}

TEST(Subscription, ThrowsWhenTheEventRefuses) {
  Event event("tick");
  EXPECT_THROW(Subscription(event, {}), std::logic_error);
}

}  // namespace
}  // namespace tactus
