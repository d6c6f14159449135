// The state machine and the events: those that it fires, and those that drive it.
#include <gtest/gtest.h>

#include <string>

#include "event/state_machine.hpp"
#include "tests/event/two_states.hpp"

namespace tactus {
namespace {

using namespace test::pair;
using test::Log;

TEST(StateMachineEvents, TellsEachTransitionBetweenOutputAndEntry) {
  Log log;
  StateMachine machine(logging(log), a);
  auto record = [&](const Event<StateMachine::Change>::Firing& firing) {
    const auto& change = firing.payload;
    log.add(std::string(machine.name(change.from)) + ">" + std::string(machine.trigger_name(change.trigger)) +
            ">" + std::string(machine.name(change.to)));
  };
  ASSERT_TRUE(machine.changed().add_listener(record));
  machine.start();
  log.take();
  machine.post(go);
  EXPECT_EQ(log.take(), "exit-a go! a>go>b enter-b");
  machine.post(again);
  EXPECT_EQ(log.take(), "exit-b again! b>again>a enter-a act-a");
  machine.post(again);
  EXPECT_EQ(log.take(), "again! a>again>a act-a");
  EXPECT_EQ(machine.changed().name(), "m.changed");
}

TEST(StateMachineEvents, ChangesMayBeQueuedForLater) {
  StateMachine machine(two_states().transition(a, go, b).transition(b, back, a), a,
                       {.queue = 1, .changed = {.queued = 8}});
  std::string seen;
  auto record = [&](const Event<StateMachine::Change>::Firing& firing) {
    seen += std::string(machine.name(firing.payload.to)) + " ";
  };
  ASSERT_TRUE(machine.changed().add_listener(record, Handling::asynchronous));
  machine.start();
  machine.post(go);
  machine.post(back);
  EXPECT_EQ(seen, "");
  EXPECT_EQ(machine.changed().handle_pending(), 2u);
  EXPECT_EQ(seen, "b a ");
}

TEST(StateMachineEvents, AnEventPostsItsTrigger) {
  Event<int> start("start");
  Event stop("stop");
  StateMachine machine(two_states().transition(a, go, b).transition(b, back, a), a);
  machine.on(start, go);
  machine.on(stop, back);
  machine.start();
  start.fire(3);
  EXPECT_EQ(machine.state(), b);
  stop.fire();
  EXPECT_EQ(machine.state(), a);
  EXPECT_EQ(machine.counts().transitions, 2u);
}

TEST(StateMachineEvents, OnCompletionTheListenersStillSeeTheOldState) {
  Log log;
  Event event("start");
  StateMachine machine(logging(log), a);
  machine.on(event, go, Subscription::Moment::completion);
  auto listener = [&] { log.add(machine.name(machine.state())); };
  ASSERT_TRUE(event.add_listener(listener));
  ASSERT_TRUE(event.add_listener(listener, Handling::asynchronous));
  machine.start();
  log.take();
  event.fire();
  event.handle_pending();
  EXPECT_EQ(log.take(), "a a exit-a go! enter-b");
}

TEST(StateMachineEvents, AnEventMayGoFirst) {
  StateMachine machine(two_states().transition(a, go, b), a);
  machine.start();
  {
    Event event("start");
    machine.on(event, go);
    event.fire();
  }
  EXPECT_EQ(machine.state(), b);
}

TEST(StateMachineEvents, LeavesItsEventsWhenItGoes) {
  Event event("start");
  {
    StateMachine machine(two_states().transition(a, go, b), a);
    machine.on(event, go);
    machine.start();
    event.fire();
    EXPECT_EQ(machine.state(), b);
  }
  EXPECT_EQ(event.fire(), Fired::done);
}

}  // namespace
}  // namespace tactus
