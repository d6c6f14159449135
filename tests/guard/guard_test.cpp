// Each guard catches who does what it forbids, and nobody else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <thread>

#include "guard/report.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "tests/engine/rig.hpp"
#include "tests/guard/offences.hpp"

namespace tactus::guard {

/// How a failed test shows it.
void PrintTo(const Finding& finding, std::ostream* stream) { *stream << to_text(finding); }

}  // namespace tactus::guard

namespace tactus::test {
namespace {

using guard::Finding;
using guard::Kind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

guard::Guards& guards() {
  guard::Guards* const found = tactus_guards(guard::interface_version);
  if (found == nullptr) std::abort();
  return *found;
}

/// Does at beat `when` what it is told to.
class Offender : public Generator {
 public:
  Output y{*this, "y"};
  bool (*deed)() = nullptr;
  std::uint64_t when = 30;
  std::uint64_t until = 31;  ///< and at each beat before this one
  bool succeeded = true;
  void update(const Beat& beat) override {
    y = 1;
    if (beat.number >= when && beat.number < until && deed != nullptr) succeeded = deed() && succeeded;
  }
};

/// Speaks to the system on each of its calls, as a driver does.
class Talker : public FakeDevice {
 public:
  bool allocates = false;
  DeviceResult advance(const Beat&) override { return speak(); }
  DeviceResult read(const ChannelGroup&, std::span<double> values, std::span<Status>) override {
    for (double& value : values) value = 0;
    return speak();
  }
  DeviceResult write(const ChannelGroup&, std::span<const double>) override { return speak(); }

 private:
  DeviceResult speak() const {
    if (allocates) ::operator delete(::operator new(8));
    return getppid() >= 0 ? DeviceResult::ok() : DeviceResult::failed("no parent");
  }
};

/// All that the guards of this process have found so far.
std::vector<Finding> all_findings() { return guard::Report(guards()).findings(); }

/// What they found while `work` was done.
template <class Work>
std::vector<Finding> findings_of(const Work& work) {
  const std::vector<Finding> before = all_findings();
  work();
  std::vector<Finding> after = all_findings();
  std::erase_if(after, [&](const Finding& finding) {
    return std::ranges::count(before, to_text(finding), [](const Finding& old) { return to_text(old); }) > 0;
  });
  return after;
}

/// What they find in a run of a program, on a thread that they know nothing of yet.
std::vector<Finding> findings_of_run(Bench& bench, EngineOptions options = {.beats = 40}) {
  options.watch = &guards();
  options.record_bytes = std::size_t{1} << 20U;
  return findings_of([&] {
    std::thread thread([&] {
      Rig rig(options);
      EXPECT_EQ(rig.run(bench.build()), Outcome::done);
    });
    thread.join();
  });
}

MATCHER_P3(Is, component, kind, what, "") {
  return arg.component == component && arg.kind == to_string(kind) && arg.what == std::string(what);
}

/// Whether this machine can hand system calls to a program at all.
bool can_stop_system_calls() {
  return prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0, 0, 0) == 0;
}

class EachOffence : public testing::TestWithParam<Offence> {};

TEST_P(EachOffence, IsFound) {
  const Offence& offence = GetParam();
  if (offence.kind == Kind::system_call && !can_stop_system_calls())
    GTEST_SKIP() << "Linux here can't hand them to a program";
  prepare_offences();
  Bench bench;
  const auto offender = bench.add<Offender>("offender");
  offender->deed = offence.commit;
  bench.add<Counter>("innocent");
  const std::vector<Finding> found = findings_of_run(bench);
  EXPECT_TRUE(offender->succeeded) << "a call that was noted does what it always does";
  EXPECT_THAT(found, Contains(Is("offender", offence.kind, offence.what)));
  for (const Finding& finding : found) {
    if (finding.kind == to_string(Kind::page_fault)) continue;  // whoever comes after a fork meets some
    EXPECT_EQ(finding.component, "offender");
    EXPECT_EQ(finding.beat, 30U) << to_text(finding);
    EXPECT_THAT(finding.caller, HasSubstr("guard_test)")) << "in a function of this program";
  }
}

INSTANTIATE_TEST_SUITE_P(Guard, EachOffence, testing::ValuesIn(offences().begin(), offences().end()),
                         [](const auto& about) { return std::string(about.param.name); });

TEST(Guard, APageThatOnlyTheDiskHas) {
  prepare_offences();
  if (cold_page() == nullptr) GTEST_SKIP() << "this file system keeps its pages in memory";
  Bench bench;
  bench.add<Offender>("reader")->deed = [] { return *cold_page() == 'x'; };
  EXPECT_THAT(findings_of_run(bench), Contains(Is("reader", Kind::page_fault, "major")));
}

TEST(Guard, NothingIsFoundWhereNothingIsDone) {
  Bench bench;
  bench.add<Counter>("counter");
  bench.add<Gain>("gain");
  bench.connect("gain.u", "counter.count", 3);
  EXPECT_THAT(findings_of_run(bench, {.beats = 1000}), IsEmpty())
      << "records, events and timing are written, too";
  EXPECT_EQ(guards().missing().empty(), can_stop_system_calls());
}

TEST(Guard, CountsAndTellsWhoAndWhere) {
  Bench bench;
  const auto offender = bench.add<Offender>("offender");
  offender->deed = [] { return getppid() > 0; };
  offender->when = 4;  // still without page faults
  offender->until = 12;
  const std::vector<Finding> found = findings_of_run(bench);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].count, 8U);
  EXPECT_THAT(to_text(found[0]),
              testing::StartsWith("offender: system call, getppid, 8 times, first on beat 4, by "));
  EXPECT_THAT(found[0].caller, HasSubstr("CountsAndTellsWhoAndWhere"));
}

TEST(Guard, DevicesMaySpeakToTheSystemButNotAllocate) {
  for (const bool allocates : {false, true}) {
    const auto device = std::make_shared<Talker>();
    device->allocates = allocates;
    Bench bench;
    bench.add_device(device);
    bench.add_scanner("in", device, {{.signal = "x", .channel = 0}});
    bench.add_actuator("out", device, {{.signal = "x", .channel = 4, .low = -5, .high = 5, .slew = 100}});
    bench.connect("out.x", "in.x");
    const std::vector<Finding> found = findings_of_run(bench);
    if (!allocates) {
      EXPECT_THAT(found, IsEmpty());
      continue;
    }
    for (const char* const name : {"rig", "in", "out"}) {
      EXPECT_THAT(found, Contains(Is(name, Kind::allocation, "malloc")));
      EXPECT_THAT(found, Contains(Is(name, Kind::allocation, "free")));
    }
  }
}

TEST(Guard, TheFirstBeatsMayBringInPages) {
  for (const std::uint64_t beat : {15U, 16U}) {
    prepare_offences();
    Bench bench;
    const auto offender = bench.add<Offender>("offender");
    offender->when = beat;
    offender->until = beat + 1;
    offender->deed = [] { return offences().back().commit(); };
    const std::vector<Finding> found = findings_of_run(bench);
    EXPECT_TRUE(offender->succeeded);
    const auto fault = Is("offender", Kind::page_fault, "minor");
    EXPECT_EQ(
        std::ranges::count_if(found, [&](const Finding& each) { return testing::Matches(fault)(each); }),
        beat < 16 ? 0 : 1);
  }
}

/// Does it on its last breath.
class LateOffender : public Offender {
 public:
  void stop() override { succeeded = getppid() > 0; }
};

TEST(Guard, TheEndOfAComponentIsOnTheBeat) {
  Bench bench;
  bench.add<LateOffender>("offender");
  EXPECT_THAT(findings_of_run(bench), ElementsAre(Is("offender", Kind::system_call, "getppid")));
}

TEST(Guard, ChainsAreOnTheBeatOnTheirOwnCore) {
  constexpr kernel::LinuxOptions unprivileged{.priority = 0, .lock_memory = false, .dma_latency = false};
  kernel::LinuxPort port{unprivileged}, other_port{unprivileged};
  kernel::Kernel kernel(port), other_kernel(other_port);
  Engine engine(kernel, {.period = millisecond, .beats = 60, .watch = &guards()});
  ChainTask chain_task(other_kernel);
  engine.add_chain(chain_task);
  Bench bench;
  bench.add<Counter>("beside");
  const auto offender = bench.add_to<Offender>(bench.add_chain("slow", {4, 0}), "offender");
  offender->deed = [] { return getppid() > 0; };
  offender->until = 60;
  auto program = bench.build();
  ASSERT_TRUE(engine.offer(program));
  ASSERT_TRUE(engine.command(EngineCommand::start));
  const std::vector<Finding> found = findings_of([&] {
    kernel::Stack stack, other_stack;
    kernel::Task task(kernel, "engine", 100, kernel::Entry::member<&Engine::run>(engine), stack);
    kernel::Task other(other_kernel, "chain", 100, kernel::Entry::member<&ChainTask::run>(chain_task),
                       other_stack);
    task.start();
    other.start();
    std::thread other_core([&] { other_kernel.run(); });
    std::thread core([&] { kernel.run(); });
    core.join();
    other_core.join();
  });
  const auto is_call = [](const Finding& finding) { return finding.kind != to_string(Kind::page_fault); };
  std::vector<Finding> calls;
  std::ranges::copy_if(found, std::back_inserter(calls), is_call);
  EXPECT_THAT(calls, ElementsAre(Is("offender", Kind::system_call, "getppid")))
      << "the engine may wake the chain's core";
}

TEST(Guard, FindingsThatThereIsNoRoomForAreCounted) {
  const std::uint64_t before = guards().untold();
  Bench bench;
  bench.add<Offender>("offender")->deed = [] {
    for (long number = 600; number < 800; ++number) syscall(number);  // there are none of these
    return true;
  };
  const std::vector<Finding> found = findings_of_run(bench);
  EXPECT_LE(found.size(), 64U);
  EXPECT_EQ(found.size() + guards().untold() - before, 200U);
}

}  // namespace
}  // namespace tactus::test
