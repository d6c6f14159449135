// Ten beats are missed: what each policy does about it, beat by beat.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

using Values = std::vector<double>;
using Beats = std::vector<std::uint64_t>;

/// Computes for ten periods and a half of virtual time on one beat.
class Busy : public Controller {
 public:
  kernel::Kernel* kernel = nullptr;
  Output y{*this, "y"};
  Values elapsed_ms{};
  void update(const Beat& beat) override {
    y = static_cast<double>(beat.number);
    elapsed_ms.push_back(beat.elapsed * 1e3);
    if (beat.number == 4) kernel->consume(10'500'000);
  }
};

/// Notes when it has its turn, and what it is told.
class Slow : public Observer {
 public:
  Output y{*this, "y"};
  Beats beats{};
  Values elapsed_ms{}, dt_ms{};
  void update(const Beat& beat) override {
    y = 0;
    beats.push_back(beat.number);
    elapsed_ms.push_back(beat.elapsed * 1e3);
    dt_ms.push_back(beat.dt * 1e3);
  }
};

Values rounded(Values values) {
  for (double& value : values) value = std::round(value * 1e6) * 1e-6;
  return values;
}

/// Beats 5 to 14 come too late, the slow component's turns on 8 and 14 among them.
struct Late {
  Rig rig;
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  std::shared_ptr<Busy> busy;
  std::shared_ptr<Slow> slow;
  Outcome outcome;

  explicit Late(OverrunPolicy policy) : rig({.overrun = policy, .beats = 22}) {
    Bench bench;
    bench.add_device(device);
    busy = bench.add<Busy>("busy");
    busy->kernel = &rig.kernel();
    slow = bench.add<Slow>("slow", {}, {6, 2});
    bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .low = -100, .high = 100, .safe = -1}});
    bench.connect("out.x", "busy.y");
    outcome = rig.run(bench.build());
  }
  const EngineStatus& status() { return rig.engine().status(); }
  Beats beats() const {
    Beats all;
    for (const Row& row : rig.rows) all.push_back(row.head.beat);
    return all;
  }
};

TEST(Overrun, SkipCountsTheMissedBeatsAndKeepsThePhase) {
  Late late(OverrunPolicy::skip);
  EXPECT_EQ(late.outcome, Outcome::done);
  EXPECT_EQ(late.beats(), (Beats{0, 1, 2, 3, 4, 15, 16, 17, 18, 19, 20, 21}));
  EXPECT_EQ(late.device->written[0], (Values{-1, 0, 1, 2, 3, 4, 15, 16, 17, 18, 19, 20, 21, -1}));
  EXPECT_EQ(late.rig.rows[5].head.time_ns, 15'000'000) << "time is a function of the beat";
  EXPECT_EQ(late.device->times,
            (std::vector<std::int64_t>{0, 1'000'000, 2'000'000, 3'000'000, 4'000'000, 15'000'000, 16'000'000,
                                       17'000'000, 18'000'000, 19'000'000, 20'000'000, 21'000'000}));
  EXPECT_EQ(rounded(late.busy->elapsed_ms), (Values{1, 1, 1, 1, 1, 11, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(late.status().overruns(), 1U);
  EXPECT_EQ(late.status().beats_missed(), 10U);
  EXPECT_EQ(late.status().beats_run(), 12U);
  const auto overruns = late.rig.events_of(EventKind::overrun);
  ASSERT_EQ(overruns.size(), 1U);
  EXPECT_EQ(overruns[0].beat, 15U);
  EXPECT_EQ(overruns[0].value, 10);
}

TEST(Overrun, AMissedTurnIsTakenAtTheNextBeatAndThePhaseStays) {
  Late late(OverrunPolicy::skip);
  EXPECT_EQ(late.slow->beats, (Beats{2, 15, 20})) << "those of 8 and 14 are one turn, on 15";
  EXPECT_EQ(rounded(late.slow->elapsed_ms), (Values{6, 13, 5}));
  EXPECT_EQ(rounded(late.slow->dt_ms), (Values{6, 6, 6}));
}

TEST(Overrun, StopGoesSafeInTheFirstBeatThatKnowsAndEndsTheRunAsFailed) {
  Late late(OverrunPolicy::stop);
  EXPECT_EQ(late.outcome, Outcome::failed);
  EXPECT_EQ(late.beats(), (Beats{0, 1, 2, 3, 4, 15}));
  EXPECT_EQ(late.device->written[0], (Values{-1, 0, 1, 2, 3, 4, -1, -1})) << "in beat 15, and at the end";
  EXPECT_EQ(late.slow->beats, (Beats{2})) << "nothing runs in that beat";
  EXPECT_EQ(late.status().beats_missed(), 10U);
  EXPECT_EQ(late.status().beats_run(), 6U);
  const auto faults = late.rig.events_of(EventKind::fault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].beat, 15U);
  EXPECT_EQ(faults[0].value, 10);
  EXPECT_STREQ(faults[0].text, "beats were missed");
}

TEST(Overrun, CatchUpRunsEveryBeat) {
  Late late(OverrunPolicy::catch_up);
  EXPECT_EQ(late.outcome, Outcome::done);
  Values written{-1};
  for (int beat = 0; beat < 22; ++beat) written.push_back(beat);
  written.push_back(-1);
  EXPECT_EQ(late.device->written[0], written);
  EXPECT_EQ(late.rig.rows.size(), 22U);
  EXPECT_EQ(late.rig.rows[5].head.time_ns, 5'000'000);
  EXPECT_EQ(rounded(late.busy->elapsed_ms), Values(22, 1));
  EXPECT_EQ(late.slow->beats, (Beats{2, 8, 14, 20}));
  EXPECT_EQ(rounded(late.slow->elapsed_ms), (Values{6, 6, 6, 6}));
  EXPECT_EQ(late.status().overruns(), 0U);
  EXPECT_EQ(late.status().beats_missed(), 0U);
  EXPECT_EQ(late.status().beats_run(), 22U);
}

}  // namespace
}  // namespace tactus::test
