// Ten thousand swaps between two programs while a 1 kHz loop runs in real time: the ordinary domain builds,
// offers and reclaims on one thread, the Reporter's side drains on another, the engine runs on a third.
// Between them the same loop runs as many beats without a swap, so that the machine's own lateness is known.

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "kernel/port/linux/linux_port.hpp"
#include "tests/engine/rig.hpp"
#include "tests/support/sanitized.hpp"

namespace tactus::test {
namespace {

constexpr std::uint64_t swaps_wanted = 10'000;
constexpr int witnesses = 20;

/// Puts out the number of the program whose settings it reads.
class Witness : public Controller {
 public:
  Input kept{*this, "kept"};
  Parameter<double> program{*this, "program", {}, "number of the program"};
  Output number{*this, "number"};
  void update(const Beat&) override { number = program; }
};

std::unique_ptr<Program> make_program(std::uint64_t number, const Program* running) {
  Bench bench(number, running);
  bench.add<Counter>("kept");
  // The two programs differ in how many components they have, in their places and in their wiring.
  const int count = number % 2 == 0 ? witnesses : witnesses / 2;
  if (number % 2 == 0) bench.add<Counter>("only-in-even");
  for (int i = 0; i < count; ++i) {
    bench.add<Witness>("w" + std::to_string(i), {{"program", static_cast<double>(number)}});
    bench.connect("w" + std::to_string(i) + ".kept", "kept.count");
  }
  return bench.build();
}

/// What the process holds. The sanitizers keep what is freed; they are asked for what is not.
long kilobytes_held() {
#ifdef TACTUS_SANITIZED
  return static_cast<long>(__sanitizer_get_current_allocated_bytes() / 1024);
#else
  std::ifstream statm("/proc/self/statm");
  long total = 0;
  long resident = 0;
  statm >> total >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
#endif
}

/// The Reporter's side: checks each record as it comes.
struct Checker {
  std::uint64_t beats = 0;
  std::uint64_t mixed = 0;
  std::uint64_t lost_state = 0;
  double last_count = 0;
  std::uint64_t last_beat = 0;

  void drain(RecordFifo& records) {
    for (auto bytes = records.front(); bytes.data() != nullptr; bytes = records.front()) {
      check(BeatView(bytes));
      records.pop();
    }
  }
  void check(const BeatView& view) {
    const auto values = view.values();
    const bool even = view.head().program % 2 == 0;
    const std::size_t first = even ? 2 : 1;  // after the counters
    const std::size_t expected = first + static_cast<std::size_t>(even ? witnesses : witnesses / 2);
    bool whole = values.size() == expected;
    for (std::size_t i = first; i < values.size(); ++i)
      whole &= values[i] == static_cast<double>(view.head().program);
    mixed += whole ? 0U : 1U;
    lost_state += values[0] == last_count + 1 ? 0U : 1U;
    last_count = values[0];
    last_beat = view.head().beat;
    ++beats;
  }
};

/// Counts the beats of some stretches of the run.
struct Stretch {
  std::uint64_t beats = 0;
  std::uint64_t missed = 0;
  bool open = false;
  void begin(const EngineStatus& status) { add(status, -1), open = true; }
  void end(const EngineStatus& status) {
    if (open) add(status, 1);
    open = false;
  }

 private:
  void add(const EngineStatus& status, int sign) {
    beats += static_cast<std::uint64_t>(sign) * status.beats_run();
    missed += static_cast<std::uint64_t>(sign) * status.beats_missed();
  }
};

TEST(SwapStress, TenThousandSwapsInRealTime) {
  kernel::LinuxPort port;
  kernel::Kernel kernel(port);
  Engine engine(kernel, {.period = millisecond});
  auto program = make_program(1, nullptr);
  const Program* running = program.get();
  ASSERT_TRUE(engine.offer(program));
  ASSERT_TRUE(engine.command(EngineCommand::start));

  kernel::Stack stack;
  kernel::Task task(kernel, "engine", 100, kernel::Entry::member<&Engine::run>(engine), stack);
  task.start();
  std::thread real_time([&kernel] { kernel.run(); });

  Checker checker;
  std::atomic<bool> ended{false};
  std::thread reporter([&] {
    while (!ended.load(std::memory_order_acquire)) {  // acquire: the engine's last records, too
      checker.drain(*engine.records());
      EngineEvent event;
      while (engine.events().try_pop(event)) {
      }
      std::this_thread::yield();
    }
    checker.drain(*engine.records());
  });

  const EngineStatus& status = engine.status();
  long after_warm_up = 0;
  std::uint64_t swapped = 0;
  Stretch swapping, calm;
  for (; swapped < swaps_wanted; ++swapped) {
    if (swapped % 100 == 0) {
      swapping.end(status);
      calm.begin(status);
      const std::uint64_t until = status.beats_run() + 110;
      while (status.beats_run() < until) std::this_thread::yield();
      calm.end(status);
      swapping.begin(status);
    }
    auto next = make_program(swapped + 2, running);
    const Program* const offered = next.get();
    while (status.program() != running->number()) std::this_thread::yield();
    ASSERT_TRUE(engine.offer(next));
    while (status.program() != offered->number()) std::this_thread::yield();
    running = offered;
    while (engine.reclaim() != nullptr) {
    }
    if (swapped == swaps_wanted / 10) after_warm_up = kilobytes_held();
  }
  swapping.end(status);
  const long growth = kilobytes_held() - after_warm_up;

  while (!engine.command(EngineCommand::stop)) std::this_thread::yield();
  real_time.join();
  ended.store(true, std::memory_order_release);  // release: pairs with the reporter's look
  reporter.join();

  EXPECT_EQ(status.swaps(), swaps_wanted + 1);
  EXPECT_EQ(checker.mixed, 0U) << "each beat comes wholly from one program";
  EXPECT_EQ(checker.lost_state, 0U) << "the kept component counts every beat run";
  EXPECT_EQ(engine.record_drops(), 0U);
  EXPECT_EQ(checker.beats, status.beats_run());
  EXPECT_EQ(status.beats_run() + status.beats_missed(), checker.last_beat + 1)
      << "every beat is run or counted as missed";
  EXPECT_LT(growth, 2048) << "kB";
  // A swap that cost a beat would cost ten thousand; what a shared machine does to either is far below that.
  EXPECT_LT(swapping.missed, 3 * calm.missed + swaps_wanted / 20);
  const HistogramCounts exchange = status.exchange.counts();
  RecordProperty("exchange_p50_ns", std::to_string(exchange.percentile(0.5) * ns_per_tick()));
  std::printf(
      "%lu swaps; missed %lu of %lu beats with swaps, %lu of %lu without; "
      "exchange, binding and start p50 %.0f ns, p99 %.0f ns; memory %+ld kB\n",
      swaps_wanted, swapping.missed, swapping.beats, calm.missed, calm.beats,
      exchange.percentile(0.5) * ns_per_tick(), exchange.percentile(0.99) * ns_per_tick(), growth);
}

}  // namespace
}  // namespace tactus::test
