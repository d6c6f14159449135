#include "reporter/reporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>

#include "tests/reporter/producer.hpp"

namespace tactus {
namespace {

using namespace std::chrono_literals;
using test::make_event;
using test::offer;
using test::produce;
using testing::ElementsAre;
using testing::HasSubstr;
constexpr auto long_enough = 30s;

/// What a sink was told, in words.
struct Log {
  std::vector<std::string> lines;
  int flushes = 0;
  bool closed = false;
};

class LogSink : public Sink {
 public:
  explicit LogSink(std::shared_ptr<Log> log) : log_(std::move(log)) {}
  std::string name() const override { return "log"; }
  void begin(const std::shared_ptr<const ProgramLayout>& layout, const BeatRecord& first) override {
    log_->lines.push_back("program " + std::to_string(layout->program) + " from " +
                          std::to_string(first.beat));
  }
  void beat(const BeatView& view) override {
    log_->lines.push_back("beat " + std::to_string(view.head().beat));
  }
  void event(const EngineEvent& event) override {
    log_->lines.push_back(std::string(to_string(event.kind)) + " at " + std::to_string(event.beat));
  }
  void flush() override { ++log_->flushes; }
  void close() override { log_->closed = true; }

 private:
  std::shared_ptr<Log> log_;
};

/// Works up to a beat, then throws.
class FailingSink : public LogSink {
 public:
  FailingSink(std::shared_ptr<Log> log, std::uint64_t last) : LogSink(std::move(log)), last_(last) {}
  void beat(const BeatView& view) override {
    if (view.head().beat > last_) throw std::runtime_error("No space left on device");
    LogSink::beat(view);
  }

 private:
  std::uint64_t last_;
};

/// Does not return from its first beat until it is let go.
class BlockedSink : public LogSink {
 public:
  BlockedSink(std::shared_ptr<Log> log, std::latch& entered, std::latch& go)
      : LogSink(std::move(log)), entered_(entered), go_(go) {}
  void beat(const BeatView& view) override {
    if (first_) {
      first_ = false;
      entered_.count_down();
      go_.wait();
    }
    LogSink::beat(view);
  }

 private:
  std::latch& entered_;
  std::latch& go_;
  bool first_ = true;
};

class ReporterTest : public testing::Test {
 protected:
  RecordFifo records{1U << 16U};
  Fifo<EngineEvent> events{100};
  std::shared_ptr<Log> log = std::make_shared<Log>();
};

TEST_F(ReporterTest, GivesBeatsAndEventsInTheirOrder) {
  Reporter reporter(records, events);
  reporter.add_sink(std::make_unique<LogSink>(log));
  const auto first = test::two_rates(1);
  const auto second = test::two_rates(2);
  reporter.add_layout(first);
  reporter.add_layout(second);
  events.push_or_drop(make_event(EventKind::state, 0, "running"));
  produce(records, *first, 0, 2);
  events.push_or_drop(make_event(EventKind::swap, 2, "", 2));
  produce(records, *second, 2, 3);
  events.push_or_drop(make_event(EventKind::state, 3, "stopping"));
  reporter.start();
  reporter.stop();
  EXPECT_THAT(log->lines, ElementsAre("state at 0", "program 1 from 0", "beat 0", "beat 1", "swap at 2",
                                      "program 2 from 2", "beat 2", "state at 3"));
  EXPECT_TRUE(log->closed);
  EXPECT_EQ(reporter.failed(), "");
}

TEST_F(ReporterTest, OrderDoesNotDependOnWhenItRuns) {
  Reporter reporter(records, events);
  reporter.add_sink(std::make_unique<LogSink>(log));
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  reporter.start();
  constexpr std::uint64_t beats = 20'000;
  std::vector<std::string> expected;
  for (std::uint64_t beat = 0; beat < beats; ++beat) {
    const bool with_event = beat % 2 == 1;  // an event's place is fixed only with regard to other beats
    if (with_event) {
      while (!events.try_push(make_event(EventKind::note, beat, ""))) std::this_thread::yield();
      expected.push_back("note at " + std::to_string(beat));
    } else {
      produce(records, *layout, beat, beat + 1);
      if (beat == 0) expected.push_back("program 1 from 0");
      expected.push_back("beat " + std::to_string(beat));
    }
  }
  reporter.stop();
  EXPECT_EQ(log->lines, expected);
}

TEST_F(ReporterTest, ShowsTheLatestBeatAndKeepsTheLastEvents) {
  Reporter reporter(records, events);
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  EXPECT_FALSE(reporter.latest());
  reporter.start();
  produce(records, *layout, 0, 42);
  ASSERT_TRUE(reporter.wait_for_beat(41, long_enough));
  const auto latest = reporter.latest();
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->beat, 41U);
  EXPECT_EQ(latest->time_ns, 41'000'000);
  EXPECT_EQ(latest->layout, layout);
  EXPECT_THAT(latest->values, ElementsAre(41.0, 41.1, 41.2));
  EXPECT_EQ(latest->statuses[0], test::status_at(41, 0));
  EXPECT_FALSE(reporter.wait_for_beat(42, 0ns));

  for (std::size_t i = 0; i < Reporter::events_kept + 5; ++i) {
    while (!events.try_push(make_event(EventKind::note, 41, std::to_string(i)))) std::this_thread::yield();
  }
  reporter.stop();
  const auto recent = reporter.recent_events();
  ASSERT_EQ(recent.size(), Reporter::events_kept);
  EXPECT_STREQ(recent.front().text, "5");
  EXPECT_EQ(reporter.counts().events, Reporter::events_kept + 5);
  EXPECT_EQ(reporter.counts().beats, 42U);
}

TEST_F(ReporterTest, WaitsForAnEvent) {
  Reporter reporter(events);
  reporter.start();
  const auto swap_to = [](double program) {
    return [program](const EngineEvent& event) {
      return event.kind == EventKind::swap && event.value == program;
    };
  };
  EXPECT_FALSE(reporter.wait_for(swap_to(2), 1ms));
  std::thread engine([&] {
    events.push_or_drop(make_event(EventKind::swap, 10, "", 2));
    events.push_or_drop(make_event(EventKind::swap, 20, "", 3));
  });
  const auto third = reporter.wait_for(swap_to(3), long_enough);
  engine.join();
  ASSERT_TRUE(third);
  EXPECT_EQ(third->beat, 20U);
  EXPECT_TRUE(reporter.wait_for(swap_to(2), 0ns)) << "an event already kept is found";
  EXPECT_FALSE(reporter.wait_for(swap_to(2), 0ns, 1)) << "not one before `since`";
  reporter.stop();
}

TEST_F(ReporterTest, TellsGapsWhereTheyAre) {
  Reporter reporter(records, events);
  reporter.add_sink(std::make_unique<LogSink>(log));
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  std::uint64_t beat = 0;
  while (offer(records, *layout, beat)) ++beat;
  const std::uint64_t recorded = beat;
  for (int more = 0; more < 4; ++more) offer(records, *layout, ++beat);  // 5 beats lost so far
  events.push_or_drop(make_event(EventKind::overrun, beat, ""));
  reporter.start();
  ASSERT_TRUE(reporter.wait_for_beat(recorded - 1, long_enough));
  ++beat;
  ASSERT_TRUE(offer(records, *layout, beat));
  reporter.stop();
  const std::string gap = "gap at " + std::to_string(beat);
  EXPECT_THAT(log->lines, testing::Contains(gap).Times(1));
  EXPECT_EQ(*(log->lines.end() - 2), gap);
  EXPECT_EQ(reporter.recent_events().back().value, 5);
  EXPECT_EQ(reporter.counts().beats_lost, 5U);
  EXPECT_EQ(reporter.counts().beats, recorded + 1);
}

TEST_F(ReporterTest, CountsLostEvents) {
  Reporter reporter(records, events);
  reporter.add_sink(std::make_unique<LogSink>(log));
  for (int i = 0; i < 107; ++i) events.push_or_drop(make_event(EventKind::note, 0, ""));
  reporter.start();
  reporter.stop();
  EXPECT_EQ(reporter.counts().events_lost, 7U);
  EXPECT_EQ(log->lines.size(), 101U);
  EXPECT_EQ(log->lines.back(), "gap at 0");
}

TEST_F(ReporterTest, ASinkThatFailsIsToldOnceAndDrainingGoesOn) {
  Reporter reporter(records, events);
  const auto broken = std::make_shared<Log>();
  reporter.add_sink(std::make_unique<FailingSink>(broken, 10));
  reporter.add_sink(std::make_unique<LogSink>(log));
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  reporter.start();
  produce(records, *layout, 0, 100'000);  // far more than the fifo holds
  reporter.stop();
  EXPECT_EQ(reporter.failed(), "log: No space left on device");
  EXPECT_EQ(broken->lines.size(), 12U);  // the program and beats 0 to 10
  EXPECT_TRUE(broken->closed);
  EXPECT_EQ(log->lines.size(), 100'001U);
  EXPECT_EQ(reporter.counts().beats, 100'000U);
  EXPECT_EQ(reporter.counts().beats_unwritten, 100'000U - 11U);
}

TEST_F(ReporterTest, ASlowSinkLosesNothingThatTheEngineGotRidOf) {
  std::latch entered(1);
  std::latch go(1);
  Reporter reporter(records, events);
  reporter.add_sink(std::make_unique<BlockedSink>(log, entered, go));
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  reporter.start();
  std::uint64_t accepted = 0;
  constexpr std::uint64_t beats = 5'000;
  accepted += offer(records, *layout, 0) ? 1U : 0U;
  entered.wait();  // from here on nothing is taken out of the fifo
  for (std::uint64_t beat = 1; beat < beats; ++beat) accepted += offer(records, *layout, beat) ? 1U : 0U;
  EXPECT_LT(accepted, beats);
  EXPECT_EQ(records.drops(), beats - accepted);
  go.count_down();
  ASSERT_TRUE(reporter.wait_for_beat(accepted - 1, long_enough));
  ASSERT_TRUE(offer(records, *layout, beats));
  reporter.stop();
  EXPECT_EQ(reporter.counts().beats, accepted + 1);
  EXPECT_EQ(reporter.counts().beats_lost, records.drops());
  EXPECT_EQ(log->lines.size(), 1 + accepted + 2);  // the program, the beats, the gap and the last beat
}

TEST_F(ReporterTest, AnUnknownProgramIsCountedAndTold) {
  Reporter reporter(records, events);
  reporter.add_sink(std::make_unique<LogSink>(log));
  const auto known = test::two_rates(1);
  const auto unknown = test::two_rates(2);
  reporter.add_layout(known);
  produce(records, *known, 0, 3);
  produce(records, *unknown, 3, 7);
  reporter.start();
  reporter.stop();
  EXPECT_THAT(reporter.failed(), HasSubstr("program 2"));
  EXPECT_EQ(reporter.counts().beats_lost, 4U);
  EXPECT_EQ(log->lines.size(), 4U);
}

TEST_F(ReporterTest, LayoutsLiveUntilNoRecordNamesThem) {
  Reporter reporter(records, events);
  auto first = test::two_rates(1);
  const auto second = test::two_rates(2);
  const std::weak_ptr<ProgramLayout> watch = first;
  reporter.add_layout(first);
  reporter.add_layout(second);
  produce(records, *first, 0, 5);
  first.reset();
  reporter.start();
  ASSERT_TRUE(reporter.wait_for_beat(4, long_enough));
  EXPECT_FALSE(watch.expired());
  produce(records, *second, 5, 6);
  ASSERT_TRUE(reporter.wait_for_beat(5, long_enough));
  EXPECT_TRUE(watch.expired());
  reporter.stop();
}

TEST_F(ReporterTest, MisuseIsRefused) {
  Reporter reporter(records, events);
  EXPECT_THROW(reporter.add_sink(nullptr), std::invalid_argument);
  EXPECT_THROW(reporter.add_layout(nullptr), std::invalid_argument);
  reporter.start();
  EXPECT_THROW(reporter.start(), std::logic_error);
  EXPECT_THROW(reporter.add_sink(std::make_unique<LogSink>(log)), std::logic_error);
  reporter.stop();
  reporter.stop();
}

}  // namespace
}  // namespace tactus
