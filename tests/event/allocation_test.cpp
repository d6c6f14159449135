// Real-time code must not allocate, nor give back.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "event/composite.hpp"
#include "event/event.hpp"
#include "event/event_loop.hpp"
#include "tests/event/engine_like_machine.hpp"
#include "tests/support/memory_calls.hpp"

namespace tactus {
namespace {

using test::memory_calls_in;
using test::no_memory_calls;

TEST(Allocation, FiringAndHandlingAllocateNothingUnderAnyPolicy) {
  for (std::size_t policy = 0; policy < 8; ++policy) {
    Event<double> event("value", {.queued = (policy & 1u) != 0 ? 4u : 0u,
                                  .prioritised = (policy & 2u) != 0,
                                  .one_off = (policy & 4u) != 0});
    int runs = 0;
    auto refire = [&] {
      if (++runs % 2 == 0) event.fire(1.0);
    };
    ASSERT_TRUE(event.add_listener(refire));
    ASSERT_TRUE(event.add_listener(refire, Handling::asynchronous, 3));
    ASSERT_TRUE(event.add_completer(refire));
    const Registration gone = event.add_listener([] {});
    event.set_guard([](const Event<double>::Firing& firing) { return firing.payload > 0.0; });
    EXPECT_EQ(memory_calls_in([&] {
                event.remove(gone);
                for (int i = 0; i < 1000; ++i) {
                  event.fire(i % 10);
                  if (i % 7 == 0) event.handle_pending();
                }
              }),
              no_memory_calls);
    EXPECT_GT(runs, 100);
    EXPECT_GT(event.counts().coalesced + event.counts().overflowed, 0u) << "the full queue was met too";
  }
}

TEST(Allocation, CompositesAllocateNothing) {
  Event a("a");
  Event b("b");
  AllOf both("both");
  AnyOf any("any");
  both.add(a).add(b);
  any.add(both).add(a);
  EXPECT_EQ(memory_calls_in([&] {
              for (int i = 0; i < 100; ++i) {
                a.fire();
                b.fire();
              }
            }),
            no_memory_calls);
  EXPECT_EQ(any.counts().fired, 200u);
}

TEST(Allocation, TheEventLoopAllocatesNothing) {
  Event work("work", {.queued = 2});
  Event exit("exit");
  int left = 100;
  auto wait = [&] {
    if (left-- > 0) {
      work.fire();
    } else {
      exit.fire();
    }
  };
  EventLoop loop(
      work, [] {}, exit, wait);
  std::uint64_t runs = 0;
  EXPECT_EQ(memory_calls_in([&] { runs = loop.run(); }), no_memory_calls);
  EXPECT_EQ(runs, 100u);
}

TEST(Allocation, TheStateMachineAllocatesNothing) {
  using test::Trigger;
  test::Experiment experiment;
  auto& machine = experiment.machine;
  Event alarm("alarm");
  machine.on(alarm, Trigger::fault);
  std::uint64_t recorded = 0;
  auto record = [&recorded] { ++recorded; };
  ASSERT_TRUE(machine.changed().add_listener(record, Handling::asynchronous));
  EXPECT_EQ(memory_calls_in([&] {
              machine.post(Trigger::load);
              for (int i = 0; i < 100; ++i) {
                machine.post(Trigger::start);
                machine.step();
                machine.post(Trigger::pause);
                machine.post(Trigger::resume);
                experiment.fail_next_beat = i % 3 == 0;
                machine.step();
                alarm.fire();
                machine.post(Trigger::reset);
                machine.post(Trigger::stop);
                machine.changed().handle_pending();
                machine.restore(test::State::ready);
              }
            }),
            no_memory_calls);
  EXPECT_EQ(recorded, machine.counts().transitions);
}

}  // namespace
}  // namespace tactus
