// The beat takes no memory and gives none back, a swap, an overrun and a device's error included.

#include <gtest/gtest.h>

#include "tests/engine/rig.hpp"
#include "tests/support/memory_calls.hpp"

namespace tactus::test {
namespace {

/// Watches from its first update to its last but one.
class Watch : public Generator {
 public:
  Output y{*this, "y"};
  std::uint64_t last = 0;
  bool sin = false;
  MemoryCalls calls;
  Engine* engine = nullptr;
  std::unique_ptr<Program>* next = nullptr;
  FakeDevice* device = nullptr;
  Actuator* actuator = nullptr;
  void update(const Beat& beat) override {
    y = 0;
    if (beat.number == 1) calls = memory_calls();
    if (sin && beat.number == 5)
      ::operator delete(::operator new(8));  // as calls: these may not be optimised away
    if (next != nullptr && beat.number == 10) std::ignore = engine->offer(*next);
    device->status = beat.number % 10 < 7 ? Status::good : Status::bad;
    actuator->force_safe(0, beat.number % 20 < 10);
    if (beat.number == last) calls = memory_calls() - calls;
  }
};

MemoryCalls calls_in_a_run(bool sin, bool swap) {
  Rig rig({.beats = 102});
  const auto device = std::make_shared<FakeDevice>();
  device->times.reserve(200);
  for (auto& channel : device->written) channel.reserve(200);
  const auto fill = [&device](Bench& bench) {
    const auto watch = bench.add<Watch>("watch");
    watch->last = 100;
    bench.add_device(device);
    watch->device = device.get();
    const OnBad on_bad{.hold_ns = 1'000'000, .then = OnBad::Then::substitute, .value = 1};
    bench.add_scanner("in", device,
                      {{.signal = "x", .channel = 0, .jump = 500, .stuck_ns = 1, .on_bad = on_bad}});
    bench.add<Counter>("slow", {}, {7, 3});
    bench.add<Sum>("sum");
    watch->actuator =
        bench
            .add_actuator("out", device,
                          {{.signal = "x", .channel = 4, .low = -5, .high = 5, .slew = 100, .safe_slew = 50},
                           {.signal = "y", .channel = 5}})
            .get();
    bench.connect("out.y", "in.x");
    bench.safe_order({"out.y"});
    bench.connect("sum.a", "in.x");
    bench.connect("sum.b", "slow.count", 3);
    bench.connect("out.x", "sum.sum");
    bench.save_state({.every = 3});
    return watch;
  };
  Bench first;
  const auto watch = fill(first);
  watch->sin = sin;
  auto program = first.build();
  Bench second(2, program.get(), Period::ns(500'000));
  fill(second);
  second.add<Gain>("more");
  second.connect("more.u", "slow.count");
  auto next = second.build();
  if (swap) {
    watch->engine = &rig.engine();
    watch->next = &next;
  }
  EXPECT_EQ(rig.run(std::move(program)), Outcome::done);
  EXPECT_EQ(rig.engine().status().swaps(), swap ? 2U : 1U);
  return watch->calls;
}

TEST(Allocation, NoneOnTheBeat) { EXPECT_EQ(calls_in_a_run(false, false), no_memory_calls); }
TEST(Allocation, NoneInTheFirstBeatOfAnotherProgram) {
  EXPECT_EQ(calls_in_a_run(false, true), no_memory_calls);
}
TEST(Allocation, TheWatchSeesOneThatSins) { EXPECT_EQ(calls_in_a_run(true, false), (MemoryCalls{1, 1})); }

}  // namespace
}  // namespace tactus::test
