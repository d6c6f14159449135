#include "event/composite.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <random>
#include <stdexcept>

#include "tests/event/log.hpp"

namespace tactus {
namespace {

using test::Log;
using test::numbered;

TEST(AllOf, FiresWhenEveryPartHasFiredAndThenStartsAnew) {
  Log log;
  Event a("a");
  Event<int> b("b");
  AllOf both("both");
  both.add(a).add(b);
  ASSERT_TRUE(both.add_listener(log.writer("both")));
  a.fire();
  a.fire();
  EXPECT_EQ(log.take(), "");
  b.fire(1);
  EXPECT_EQ(log.take(), "both");
  b.fire(1);
  EXPECT_EQ(log.take(), "") << "a has not fired since";
  a.fire();
  EXPECT_EQ(log.take(), "both");
  EXPECT_EQ(both.counts().fired, 2u);
}

TEST(AllOf, WithoutPartsNeverFiresAndWithOneFollowsIt) {
  Event a("a");
  AllOf one("one");
  EXPECT_EQ(one.counts().fired, 0u);
  one.add(a);
  for (int i = 0; i < 3; ++i) a.fire();
  EXPECT_EQ(one.counts().fired, 3u);
}

TEST(AllOf, IsClearedBeforeItsListenersRun) {
  Event a("a");
  Event b("b");
  AllOf both("both");
  both.add(a).add(b);
  int rounds = 0;
  auto listener = [&] {
    if (++rounds == 1) a.fire();  // counts for the next round
  };
  ASSERT_TRUE(both.add_listener(listener));
  a.fire();
  b.fire();
  EXPECT_EQ(rounds, 1);
  b.fire();
  EXPECT_EQ(rounds, 2);
}

TEST(AllOf, HasGuardAsynchronousListenersAndCompletersAsAnyEvent) {
  Log log;
  Event a("a");
  AllOf all("all", {.queued = 4});
  all.add(a);
  bool open = true;
  auto guard = [&open] { return open; };
  all.set_guard(guard);
  ASSERT_TRUE(all.add_listener(log.writer("later"), Handling::asynchronous));
  ASSERT_TRUE(all.add_completer(log.writer("complete")));
  a.fire();
  open = false;
  a.fire();
  EXPECT_EQ(all.handle_pending(), 1u);
  EXPECT_EQ(log.take(), "later complete");
  EXPECT_EQ(all.counts().prevented, 1u);
}

TEST(AnyOf, FiresWithEachPart) {
  Log log;
  Event a("a");
  Event<double> b("b");
  AnyOf either("either");
  either.add(a).add(b);
  ASSERT_TRUE(either.add_listener(log.writer("either")));
  a.fire();
  EXPECT_EQ(log.take(), "either");
  b.fire(0.5);
  b.fire(0.5);
  EXPECT_EQ(log.take(), "either either");
}

TEST(Composite, ListenersLearnThatTheCompositeFired) {
  Event a("a");
  AnyOf either("either");
  either.add(a);
  const Event<>* cause = nullptr;
  auto listener = [&cause](const Event<>::Firing& firing) { cause = firing.event; };
  ASSERT_TRUE(either.add_listener(listener));
  a.fire();
  EXPECT_EQ(cause, &either);
}

TEST(Composite, ExpressionsNest) {
  Event a("a");
  Event b("b");
  Event c("c");
  AllOf a_and_b("a and b");
  AnyOf expression("(a and b) or c");
  AllOf twice("((a and b) or c) and a");
  a_and_b.add(a).add(b);
  expression.add(a_and_b).add(c);
  twice.add(expression).add(a);
  a.fire();
  EXPECT_EQ(expression.counts().fired, 0u);
  c.fire();
  EXPECT_EQ(expression.counts().fired, 1u);
  EXPECT_EQ(twice.counts().fired, 1u);
  b.fire();
  EXPECT_EQ(expression.counts().fired, 2u);
  EXPECT_EQ(twice.counts().fired, 1u);
  a.fire();
  EXPECT_EQ(twice.counts().fired, 2u);
}

TEST(Composite, NestsDeep) {
  Event leaf("leaf");
  std::deque<AnyOf> levels;
  Event<>* below = &leaf;
  for (int i = 0; i < 100; ++i) {
    levels.emplace_back(numbered("level ", i)).add(*below);
    below = &levels.back();
  }
  for (int i = 0; i < 5; ++i) leaf.fire();
  EXPECT_EQ(below->counts().fired, 5u);
}

TEST(Composite, LeavesItsPartsWhenItGoes) {
  Event a("a");
  {
    AllOf all("all");
    AnyOf any("any");
    all.add(a);
    any.add(a);
    a.fire();
    EXPECT_EQ(all.counts().fired, 1u);
    EXPECT_EQ(any.counts().fired, 1u);
  }
  EXPECT_EQ(a.fire(), Fired::done);
}

TEST(Composite, CannotBeAddedToWhileThePartFires) {
  Event a("a");
  AnyOf any("any");
  bool refused = false;
  auto listener = [&] {
    try {
      any.add(a);
    } catch (const std::logic_error&) {
      refused = true;
    }
  };
  ASSERT_TRUE(a.add_listener(listener));
  a.fire();
  EXPECT_TRUE(refused);
}

// Against the definition, written as a model: sets of parts that have fired.
TEST(AllOf, AgreesWithItsDefinitionOnRandomFirings) {
  std::mt19937 random(7);
  std::deque<Event<>> events;
  AllOf all("all");
  for (int i = 0; i < 4; ++i) all.add(events.emplace_back(numbered("e", i)));
  std::array<bool, 4> fired{};
  std::uint64_t expected = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::size_t which = random() % 4;
    fired[which] = true;
    if (fired == std::array{true, true, true, true}) {
      fired = {};
      ++expected;
    }
    events[which].fire();
    ASSERT_EQ(all.counts().fired, expected);
  }
  EXPECT_GT(expected, 100u);
}

}  // namespace
}  // namespace tactus
