// The engine in its real-time manner and a Reporter that is dead, stuck or out of room: no beat knows of it.

#include <gtest/gtest.h>

#include <latch>
#include <numeric>

#include "reporter/reporter.hpp"
#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

using Values = std::vector<double>;
using namespace std::chrono_literals;
constexpr auto long_enough = 30s;

/// What a sink got.
struct Log {
  std::vector<std::uint64_t> beats;
  std::vector<EngineEvent> gaps;
  bool closed = false;
};

class LogSink : public Sink {
 public:
  explicit LogSink(Log& log) : log_(log) {}
  std::string name() const override { return "disk"; }
  void begin(const std::shared_ptr<const ProgramLayout>&, const BeatRecord&) override {}
  void beat(const BeatView& view) override {
    before(view.head().beat);
    log_.beats.push_back(view.head().beat);
  }
  void event(const EngineEvent& event) override {
    if (event.kind == EventKind::gap) log_.gaps.push_back(event);
  }
  void flush() override {}
  void close() override { log_.closed = true; }

 protected:
  virtual void before(std::uint64_t) {}

 private:
  Log& log_;
};

/// A disk that does not answer, from one beat on until it is let go.
class StuckSink : public LogSink {
 public:
  StuckSink(Log& log, std::latch& stuck, std::latch& go) : LogSink(log), stuck_(stuck), go_(go) {}

 private:
  void before(std::uint64_t beat) override {
    if (beat != 10) return;
    stuck_.count_down();
    go_.wait();
  }
  std::latch& stuck_;
  std::latch& go_;
};

/// A disk that is full after ten beats.
class FullSink : public LogSink {
  using LogSink::LogSink;
  void before(std::uint64_t beat) override {
    if (beat == 10) throw std::runtime_error("No space left on device");
  }
};

/// Runs `deed` in each beat.
class Hand : public Controller {
 public:
  std::function<void(std::uint64_t)> deed = [](std::uint64_t) {};
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    y = static_cast<double>(beat.number);
    deed(beat.number);
  }
};

/// An output that shows the beat's number, so that one that did not take place is seen.
class RecorderLost : public testing::Test {
 protected:
  static constexpr std::uint64_t beats = 2000;

  std::unique_ptr<Program> program() {
    Bench bench;
    bench.add_device(device);
    hand = bench.add<Hand>("hand");
    bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .low = -1e6, .high = 1e6, .safe = -1}});
    bench.connect("out.x", "hand.y");
    return bench.build();
  }
  void expect_every_beat() {
    Values expected{-1};
    for (std::uint64_t beat = 0; beat < beats; ++beat) expected.push_back(static_cast<double>(beat));
    expected.push_back(-1);
    EXPECT_EQ(device->written[0], expected);
    EXPECT_EQ(rig.engine().status().beats_run(), beats);
    EXPECT_EQ(rig.engine().status().beats_missed(), 0U);
    EXPECT_EQ(rig.engine().status().faults(), 0U);
  }
  static std::vector<std::uint64_t> from_to(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> all(to - from);
    std::iota(all.begin(), all.end(), from);
    return all;
  }

  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  std::shared_ptr<Hand> hand;
  Rig rig{{.beats = beats, .record_bytes = 1U << 13U}, Clock::real};
};

TEST_F(RecorderLost, DeadFromTheBeginning) {
  EXPECT_EQ(rig.run(program()), Outcome::done);
  expect_every_beat();
  ASSERT_FALSE(rig.rows.empty());
  EXPECT_LT(rig.rows.size(), 200U) << "what 8 KiB hold";
  for (std::size_t i = 0; i < rig.rows.size(); ++i) EXPECT_EQ(rig.rows[i].head.beat, i);
  EXPECT_EQ(rig.engine().record_drops(), beats - rig.rows.size());
}

TEST_F(RecorderLost, StuckForHalfOfTheRun) {
  Log log;
  std::latch stuck(1);
  std::latch go(1);
  Reporter reporter(*rig.engine().records(), rig.engine().events());
  reporter.add_sink(std::make_unique<StuckSink>(log, stuck, go));
  auto first = program();
  reporter.add_layout(first->layout);
  reporter.start();
  // Around the stuck part the Reporter is waited for, so that it alone is what loses beats.
  const auto keep_up = [&](std::uint64_t beat) { ASSERT_TRUE(reporter.wait_for_beat(beat, long_enough)); };
  hand->deed = [&](std::uint64_t beat) {
    if (beat == 11) stuck.wait();
    if (beat > 0 && beat <= 10) keep_up(beat - 1);
    if (beat == 1000) {
      go.count_down();
      while (rig.engine().records()->size() > 0) std::this_thread::yield();
    }
    if (beat > 1000) keep_up(beat - 1);
  };
  EXPECT_TRUE(rig.engine().offer(first));
  EXPECT_TRUE(rig.engine().command(EngineCommand::start));
  kernel::Stack stack;
  kernel::Task task(rig.kernel(), "engine", 100, kernel::Entry::member<&Engine::run>(rig.engine()), stack);
  task.start();
  rig.kernel().run();
  reporter.stop();
  expect_every_beat();
  const std::uint64_t dropped = rig.engine().record_drops();
  EXPECT_GT(dropped, 700U);
  EXPECT_EQ(log.beats.size() + dropped, beats);
  const std::uint64_t held = 1000 - dropped;  // beats before the gap
  std::vector<std::uint64_t> expected = from_to(0, held);
  const std::vector<std::uint64_t> rest = from_to(1000, beats);
  expected.insert(expected.end(), rest.begin(), rest.end());
  EXPECT_EQ(log.beats, expected);
  ASSERT_EQ(log.gaps.size(), 1U) << "marked once, where it is";
  EXPECT_EQ(log.gaps[0].beat, 1000U);
  EXPECT_EQ(log.gaps[0].value, static_cast<double>(dropped));
  EXPECT_EQ(reporter.counts().beats_lost, dropped);
}

TEST_F(RecorderLost, OutOfRoom) {
  Log log;
  Reporter reporter(*rig.engine().records(), rig.engine().events());
  reporter.add_sink(std::make_unique<FullSink>(log));
  auto first = program();
  reporter.add_layout(first->layout);
  reporter.start();
  hand->deed = [&](std::uint64_t beat) {
    if (beat == 0) return;
    ASSERT_TRUE(reporter.wait_for_beat(beat - 1, long_enough));
  };
  EXPECT_TRUE(rig.engine().offer(first));
  EXPECT_TRUE(rig.engine().command(EngineCommand::start));
  kernel::Stack stack;
  kernel::Task task(rig.kernel(), "engine", 100, kernel::Entry::member<&Engine::run>(rig.engine()), stack);
  task.start();
  rig.kernel().run();
  reporter.stop();
  expect_every_beat();
  EXPECT_EQ(log.beats, from_to(0, 10));
  EXPECT_TRUE(log.closed);
  EXPECT_EQ(reporter.failed(), "disk: No space left on device");
  EXPECT_EQ(reporter.counts().beats_unwritten, beats - 10);
  EXPECT_EQ(rig.engine().record_drops(), 0U) << "the fifo goes on being emptied";
}

}  // namespace
}  // namespace tactus::test
