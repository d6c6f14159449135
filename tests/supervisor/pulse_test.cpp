#include "engine/pulse.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor/shared_pulse.hpp"

namespace tactus {
namespace {

TEST(Pulse, KeepsTheLastBeats) {
  Pulse pulse;
  EXPECT_TRUE(pulse.last_beats().empty());
  for (std::uint64_t beat = 0; beat < 10; ++beat) pulse.enter_beat({beat, 2, 3}, 5);
  EXPECT_EQ(pulse.last_beats().size(), 10U);
  for (std::uint64_t beat = 10; beat < 1000; ++beat) pulse.enter_beat({beat, 2, 3}, 5);
  const std::vector<BeatTiming> last = pulse.last_beats();
  ASSERT_EQ(last.size(), Pulse::beats_kept - 1);
  for (std::size_t i = 0; i < last.size(); ++i) EXPECT_EQ(last[i].beat, 1000 - last.size() + i);
  EXPECT_EQ(last.back().late_ns, 2);
  EXPECT_EQ(last.back().duration_ns, 3);
}

TEST(Pulse, ChainsBeyondTheLastLaneShareIt) {
  Pulse pulse;
  EXPECT_EQ(pulse.at_work(0), Pulse::Lane::nothing);
  pulse.lane(1000).enter(7);
  EXPECT_EQ(pulse.at_work(Pulse::most_chains), 7U);
  EXPECT_EQ(pulse.at_work(0), Pulse::Lane::nothing);
}

TEST(SharedPulse, IsTheSameInAnotherProcess) {
  const SharedPulse pulse;
  const pid_t child = fork();
  if (child == 0) {
    const SharedPulse same{FileDescriptor(dup(pulse.descriptor()))};
    same->tick(42);
    same->enter(PulsePhase::driving);
    same->enter_program(3);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(pulse->ticks(), 1U);
  EXPECT_EQ(pulse->tick_ns(), 42);
  EXPECT_EQ(pulse->phase(), PulsePhase::driving);
  EXPECT_EQ(pulse->program(), 3U);
}

TEST(SharedPulse, MemoryOfAnotherSizeIsRefused) {
  FileDescriptor other(memfd_create("other", MFD_CLOEXEC));
  ASSERT_EQ(ftruncate(other.number(), 100), 0);
  EXPECT_THROW(SharedPulse{std::move(other)}, std::runtime_error);
  const SharedPulse sealed;
  EXPECT_NE(ftruncate(sealed.descriptor(), 0), 0);
}

}  // namespace
}  // namespace tactus
