// What a beat costs against a bare loop of virtual calls over the same components, and how it grows with
// their number. All variants of one size run in one process, interleaved by Google Benchmark's repetitions.

#include <benchmark/benchmark.h>

#include <ctime>

#include <memory>
#include <vector>

#include "components/controller/controller.hpp"
#include "components/generator/generator.hpp"
#include "engine/engine.hpp"
#include "engine/program_builder.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
#include "kernel/stack.hpp"

namespace {

using namespace tactus;

class Ramp : public Generator {
 public:
  Output value{*this, "value"};
  void update(const Beat& beat) override { value = static_cast<double>(beat.number); }
};

/// A first-order lag: small, but with state, a parameter and ports, as most components are.
class Lag : public Controller {
 public:
  Input u{*this, "u"};
  Parameter<double> share{*this, "share", {.initial = 0.25}, "of the new value in the output"};
  Output y{*this, "y"};
  double state = 0;
  void update(const Beat&) override { y = state += share * (u - state); }
};

std::unique_ptr<Program> chain_of(std::size_t steps, std::uint64_t number = 1,
                                  const Program* running = nullptr) {
  ProgramBuilder builder(Period::ns(1'000'000), number, running);
  const auto add = [&builder](const std::string& name, PluginKind kind, std::shared_ptr<Component> instance) {
    NewPart part;
    part.name = name;
    part.plugin = kind == PluginKind::generator ? "ramp" : "lag";
    part.kind = kind;
    part.settings = instance->make_settings();
    part.instance = std::move(instance);
    return builder.add(std::move(part));
  };
  std::size_t last = add("ramp", PluginKind::generator, std::make_shared<Ramp>());
  for (std::size_t i = 1; i < steps; ++i) {
    const std::size_t next = add("lag" + std::to_string(i), PluginKind::controller, std::make_shared<Lag>());
    builder.connect(next, 0, {last, 0, 0, 0});
    last = next;
  }
  return builder.build();
}

/// The processor time of this thread: what other programs do on the machine meanwhile does not count.
std::int64_t thread_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

constexpr std::size_t steps_in_all = 2'000'000;  // in one measurement, whatever the size of the program

/// One measurement a Google Benchmark iteration: the time of so many beats, without building and tearing
/// down.
template <class Run>
void measure(benchmark::State& state, std::size_t beats, Run run) {
  for ([[maybe_unused]] auto iteration : state) {
    const std::int64_t ns = run(beats);
    state.SetIterationTime(static_cast<double>(ns) * 1e-9);
  }
  const double steps = static_cast<double>(state.range(0));
  const double all = static_cast<double>(state.iterations()) * static_cast<double>(beats);
  state.counters["ns_per_beat"] =
      benchmark::Counter(all * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["ns_per_step"] =
      benchmark::Counter(all * steps * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

std::int64_t run_engine(EngineOptions options, std::size_t steps, std::size_t beats) {
  kernel::VirtualPort port;
  kernel::Kernel kernel(port);
  options.virtual_time = true;
  options.record_bytes = 0;
  options.beats = beats;
  Engine engine(kernel, options);
  auto program = chain_of(steps);
  benchmark::DoNotOptimize(engine.offer(program));
  benchmark::DoNotOptimize(engine.command(EngineCommand::start));
  kernel::Stack stack;
  kernel::Task task(kernel, "engine", 100, kernel::Entry::member<&Engine::run>(engine), stack);
  task.start();
  const std::int64_t begun = thread_ns();
  kernel.run();
  return thread_ns() - begun;
}

/// The least that anybody could do: the same components, bound in the same way, called one after the other.
std::int64_t run_bare(std::size_t steps, std::size_t beats) {
  const auto program = chain_of(steps);
  Supervision supervision;
  std::vector<Component*> components;
  for (Part& part : program->parts) {
    part.instance->bind(part.settings);
    part.instance->bind_frame(part.values, part.statuses);
    part.instance->bind_supervision(supervision);
    for (std::size_t i = 0; i < part.wires.size(); ++i) {
      part.instance->inputs()[i]->bind(part.wires[i].value, part.wires[i].status, true);
    }
    components.push_back(part.instance.get());
  }
  const std::int64_t begun = thread_ns();
  Beat beat{0, 0, 1e-3, 1e-3};
  for (; beat.number < beats; ++beat.number) {
    beat.time_ns += 1'000'000;
    for (Component* component : components) component->update(beat);
    benchmark::ClobberMemory();
  }
  return thread_ns() - begun;
}

std::size_t beats_for(std::size_t steps) { return steps_in_all / (steps + 20); }

void bare_loop(benchmark::State& state) {
  const auto steps = static_cast<std::size_t>(state.range(0));
  measure(state, beats_for(steps), [steps](std::size_t beats) { return run_bare(steps, beats); });
}

void engine_timing_beat(benchmark::State& state) {
  const auto steps = static_cast<std::size_t>(state.range(0));
  measure(state, beats_for(steps),
          [steps](std::size_t beats) { return run_engine({.timing = TimingDetail::beat}, steps, beats); });
}

void engine_timing_steps(benchmark::State& state) {
  const auto steps = static_cast<std::size_t>(state.range(0));
  measure(state, beats_for(steps),
          [steps](std::size_t beats) { return run_engine({.timing = TimingDetail::steps}, steps, beats); });
}

void time_stamp(benchmark::State& state) {
  for ([[maybe_unused]] auto iteration : state) benchmark::DoNotOptimize(ticks_now());
}

void histogram_entry(benchmark::State& state) {
  Histogram histogram;
  std::uint64_t value = 1;
  for ([[maybe_unused]] auto iteration : state)
    histogram.enter((value = value * 6364136223846793005U + 1) >> 52U);
}

/// The part of a swap that every beat could pay: the look at the buffer, and the exchange itself.
void exchange_of_programs(benchmark::State& state) {
  SwingingBuffer<int> buffer;
  auto fresh = std::make_unique<int>(1);
  int* running = nullptr;
  for ([[maybe_unused]] auto iteration : state) {
    benchmark::DoNotOptimize(buffer.offer(fresh));
    int* const next = buffer.take();
    buffer.hand_back(running);
    running = next;
    fresh = buffer.reclaim();
    if (fresh == nullptr) fresh = std::make_unique<int>(1);
  }
  buffer.hand_back(running);
}

BENCHMARK(time_stamp);
BENCHMARK(histogram_entry);
BENCHMARK(exchange_of_programs);
BENCHMARK(bare_loop)->RangeMultiplier(4)->Range(1, 4096)->UseManualTime();
BENCHMARK(engine_timing_beat)->RangeMultiplier(4)->Range(1, 4096)->UseManualTime();
BENCHMARK(engine_timing_steps)->RangeMultiplier(4)->Range(1, 4096)->UseManualTime();

}  // namespace
