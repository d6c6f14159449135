// More than there is room for, in one beat: the work stays bounded, what does not fit is counted and told.

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"

namespace tactus::test {
namespace {

using Values = std::vector<double>;

/// Has so much to say on one beat.
class Crier : public Generator {
 public:
  std::vector<int> cries{};  // beat by beat
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    y = static_cast<double>(beat.number);
    const int count = beat.number < cries.size() ? cries[beat.number] : 0;
    for (int i = 0; i < count; ++i)
      supervision().announcements.add(Announcements::Kind::interlock, "crier", "something happened", i);
  }
};

struct Market {
  Bench bench;
  std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
  std::shared_ptr<Crier> crier;

  Market() {
    bench.add_device(device);
    crier = bench.add<Crier>("crier");
    bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .high = 1e6, .safe = -1}});
    bench.connect("out.x", "crier.y");
  }
};

TEST(Flood, TenThousandAnnouncementsInOneBeat) {
  Market market;
  market.crier->cries = {0, 0, 0, 10'000, 1};
  Rig rig({.beats = 6});
  EXPECT_EQ(rig.run(market.bench.build()), Outcome::done);
  const auto told = rig.events_of(EventKind::interlock);
  ASSERT_EQ(told.size(), 33U) << "32 of beat 3, one of beat 4";
  for (std::size_t i = 0; i < 32; ++i) {
    EXPECT_EQ(told[i].beat, 3U);
    EXPECT_EQ(told[i].value, static_cast<double>(i));
  }
  EXPECT_EQ(told[32].beat, 4U);
  const auto gaps = rig.events_of(EventKind::gap);
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].beat, 3U);
  EXPECT_EQ(gaps[0].value, 9968);
  EXPECT_EQ(rig.engine().status().announcements_lost(), 9968U);
  EXPECT_EQ(market.device->written[0], (Values{-1, 0, 1, 2, 3, 4, 5, -1}));
  EXPECT_EQ(rig.rows.size(), 6U);
}

TEST(Flood, EventsThatTheReporterDoesNotTakeAreCountedAndHoldUpNoBeat) {
  Market market;
  market.crier->cries = std::vector<int>(400, 25);  // ten thousand, beat after beat
  Rig rig({.beats = 400, .events = 128}, Clock::real);
  EXPECT_EQ(rig.run(market.bench.build()), Outcome::done);
  EXPECT_EQ(rig.events.size() + rig.engine().event_drops(), 10'000U + rig.engine().status().swaps() + 6)
      << "the command to start and five changes of state beside";
  EXPECT_GE(rig.events.size(), 128U);
  EXPECT_LT(rig.events.size(), 300U) << "what a fifo of 128 holds";
  EXPECT_EQ(rig.engine().status().beats_run(), 400U);
  EXPECT_EQ(market.device->written[0].size(), 402U);
}

TEST(Flood, TenThousandCommandsBetweenTwoBeats) {
  Market market;
  Rig rig({.beats = 6});
  int accepted = 0;
  World world(rig, {{2'500'000,
                     [&] {
                       for (int i = 0; i < 10'000; ++i)
                         accepted += rig.engine().command(EngineCommand::acknowledge) ? 1 : 0;
                     }},
                    after_beat(3, rig, EngineCommand::acknowledge)});
  EXPECT_EQ(rig.run(market.bench.build()), Outcome::done);
  EXPECT_GE(accepted, 64);
  EXPECT_LT(accepted, 200) << "who gives them is told that there is no room";
  std::map<std::uint64_t, int> by_beat;
  for (const EngineEvent& event : rig.events_of(EventKind::command)) {
    if (event.text == std::string(to_string(EngineCommand::acknowledge))) ++by_beat[event.beat];
  }
  // They are obeyed before the beat's number moves on.
  EXPECT_EQ(by_beat, (std::map<std::uint64_t, int>{{2, accepted}, {3, 1}}));
  EXPECT_EQ(market.device->written[0], (Values{-1, 0, 1, 2, 3, 4, 5, -1}));
}

}  // namespace
}  // namespace tactus::test
