#include "event/event_loop.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/event/log.hpp"

namespace tactus {
namespace {

using test::Log;

// Stands for the world outside: each wait does the next thing that happens.
class Script {
 public:
  explicit Script(std::vector<std::function<void()>> happenings) : happenings_(std::move(happenings)) {}

  void wait() {
    ASSERT_LT(next_, happenings_.size()) << "waits although nothing will happen any more";
    happenings_[next_++]();
  }

  bool used_up() const { return next_ == happenings_.size(); }

 private:
  std::vector<std::function<void()>> happenings_;
  std::size_t next_ = 0;
};

TEST(EventLoop, RunsTheFunctionForEachWorkAndLeavesOnExit) {
  Log log;
  Event work("work");
  Event exit("exit");
  const auto nothing = [] {};
  const auto a = [&] { work.fire(); };
  const auto b = [&] { exit.fire(); };
  Script script({a, nothing, a, nothing, nothing, a, b});
  EventLoop loop(work, log.writer("F"), exit, method<&Script::wait>(script));
  EXPECT_EQ(loop.run(), 3u);
  EXPECT_EQ(log.take(), "F F F");
  EXPECT_TRUE(script.used_up());
}

TEST(EventLoop, AnExitDuringTheFunctionLetsItFinish) {
  Log log;
  Event work("work");
  Event exit("exit");
  auto function = [&] {
    log.add("begin");
    exit.fire();
    log.add("end");
  };
  Script script({[&] { work.fire(); }});
  EventLoop loop(work, function, exit, method<&Script::wait>(script));
  EXPECT_EQ(loop.run(), 1u);
  EXPECT_EQ(log.take(), "begin end");
}

TEST(EventLoop, WhenBothHaveFiredTheFunctionRunsOnceMore) {
  Log log;
  Event work("work", {.queued = 8});
  Event exit("exit");
  Script script({[&] {
    exit.fire();
    work.fire();
    work.fire();
  }});
  EventLoop loop(work, log.writer("F"), exit, method<&Script::wait>(script));
  EXPECT_EQ(loop.run(), 1u);
  EXPECT_EQ(log.take(), "F");
  EXPECT_EQ(work.pending(), 1u) << "the rest stays in the queue";
}

TEST(EventLoop, AnExitBeforeTheLoopCountsAndEachRunUsesOneUp) {
  Log log;
  Event work("work");
  Event exit("exit");
  Script script({[&] { work.fire(); }, [&] { exit.fire(); }});
  EventLoop loop(work, log.writer("F"), exit, method<&Script::wait>(script));
  exit.fire();
  EXPECT_EQ(loop.run(), 0u);
  EXPECT_FALSE(script.used_up()) << "left without waiting";
  EXPECT_EQ(loop.run(), 1u);
  EXPECT_TRUE(script.used_up());
}

TEST(EventLoop, ThePolicyOfTheWorkEventSaysHowOftenItRuns) {
  for (const std::size_t queued : {std::size_t{0}, std::size_t{8}}) {
    Log log;
    Event<int> work("work", {.queued = queued});
    Event exit("exit");
    auto function = [&log](const Event<int>::Firing& firing) { log.add(std::to_string(firing.payload)); };
    Script script({[&] {
                     for (const int i : {1, 2, 3}) work.fire(i);
                   },
                   [&] { exit.fire(); }});
    EventLoop loop(work, function, exit, method<&Script::wait>(script));
    EXPECT_EQ(loop.run(), queued == 0 ? 1u : 3u);
    EXPECT_EQ(log.take(), queued == 0 ? "3" : "1 2 3");
    EXPECT_EQ(work.counts().coalesced, queued == 0 ? 2u : 0u);
  }
}

TEST(EventLoop, TheFunctionMayFireItsOwnEvent) {
  Event work("work");
  Event exit("exit");
  int runs = 0;
  auto function = [&] {
    if (++runs < 5) {
      work.fire();
    } else {
      exit.fire();
    }
  };
  Script script({[&] { work.fire(); }});
  EventLoop loop(work, function, exit, method<&Script::wait>(script));
  EXPECT_EQ(loop.run(), 5u);
}

TEST(EventLoop, NeedsAFunctionAndAWait) {
  Event work("work");
  Event exit("exit");
  EXPECT_THROW(EventLoop(work, {}, exit, [] {}), std::logic_error);
  EXPECT_THROW(EventLoop(work, [] {}, exit, {}), std::logic_error);
  EXPECT_EQ(work.fire(), Fired::done) << "nothing of the refused loops is left behind";
}

}  // namespace
}  // namespace tactus
