// What the swinging buffer costs the real-time side: on each beat where nothing waits, and on the one with a
// swap.
#include "mediator/swinging_buffer.hpp"

#include <benchmark/benchmark.h>

#include <memory>

namespace tactus::bench {
namespace {

void take_nothing(benchmark::State& state) {
  SwingingBuffer<int> buffer;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(buffer.take());
}

/// The whole way of one object, both sides on one thread: offer, take, hand back, reclaim.
void exchange(benchmark::State& state) {
  SwingingBuffer<int> buffer;
  auto object = std::make_unique<int>(1);
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(buffer.offer(object));
    buffer.hand_back(buffer.take());
    object = buffer.reclaim();
  }
}

BENCHMARK(take_nothing)->Repetitions(9)->ReportAggregatesOnly();
BENCHMARK(exchange)->Repetitions(9)->ReportAggregatesOnly();

}  // namespace
}  // namespace tactus::bench
