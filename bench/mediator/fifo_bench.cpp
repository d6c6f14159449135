// Fifo against the two single-producer single-consumer queues that people take otherwise.
#include "mediator/fifo.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>

#include "bench/mediator/other_core.hpp"
#include "mediator/record_fifo.hpp"
#ifdef TACTUS_BENCH_BOOST
#include <boost/lockfree/spsc_queue.hpp>
#endif
#ifdef TACTUS_BENCH_READERWRITERQUEUE
#include <readerwriterqueue/readerwriterqueue.h>
#endif

namespace tactus::bench {
namespace {

constexpr std::size_t capacity = 1024;

template <std::size_t count>
struct Words {
  std::array<std::uint64_t, count> words{};
};
using Word = Words<1>;
using Line = Words<8>;
using Page = Words<128>;

// The three queues under one name each for push and pop.
template <class T>
struct Ours {
  Fifo<T> queue{capacity};
  bool push(const T& value) { return queue.try_push(value); }
  bool pop(T& value) { return queue.try_pop(value); }
};
#ifdef TACTUS_BENCH_BOOST
template <class T>
struct Boost {
  boost::lockfree::spsc_queue<T> queue{capacity};
  bool push(const T& value) { return queue.push(value); }
  bool pop(T& value) { return queue.pop(value); }
};
#endif
#ifdef TACTUS_BENCH_READERWRITERQUEUE
template <class T>
struct Moodycamel {
  moodycamel::ReaderWriterQueue<T> queue{capacity};
  bool push(const T& value) { return queue.try_enqueue(value); }
  bool pop(T& value) { return queue.try_dequeue(value); }
};
#endif

/// One value in and out again, on one thread: what the operations themselves cost.
template <template <class> class Queue, class T>
void one_thread(benchmark::State& state) {
  Queue<T> queue;
  T value{};
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(queue.push(value));
    benchmark::DoNotOptimize(queue.pop(value));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// 64 values in, then 64 out, on one thread.
template <template <class> class Queue, class T>
void one_thread_burst(benchmark::State& state) {
  Queue<T> queue;
  T value{};
  for ([[maybe_unused]] auto _ : state) {
    for (int i = 0; i < 64; ++i) benchmark::DoNotOptimize(queue.push(value));
    for (int i = 0; i < 64; ++i) benchmark::DoNotOptimize(queue.pop(value));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(64 * state.iterations());
}

/// Pushed on this core, popped on the other, as fast as it goes; the time for one value.
template <template <class> class Queue, class T>
void two_threads(benchmark::State& state) {
  Queue<T> queue;
  const OtherCore consumer([&queue, value = T{}]() mutable { benchmark::DoNotOptimize(queue.pop(value)); });
  const T value{};
  for ([[maybe_unused]] auto _ : state) {
    while (!queue.push(value)) {
    }
  }
  state.SetItemsProcessed(state.iterations());
}

/// Records of `bytes` in place, on one thread.
void record_one_thread(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  RecordFifo fifo(1 << 20);
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(fifo.reserve(bytes));
    fifo.commit();
    benchmark::DoNotOptimize(fifo.front().data());
    fifo.pop();
    benchmark::ClobberMemory();
  }
}

void repeat(benchmark::internal::Benchmark* b) { b->Repetitions(9)->ReportAggregatesOnly(); }
void repeat_real(benchmark::internal::Benchmark* b) {
  b->Repetitions(9)->ReportAggregatesOnly()->UseRealTime();
}

#define TACTUS_COMPARE(Queue)                              \
  BENCHMARK(one_thread<Queue, Word>)->Apply(repeat);       \
  BENCHMARK(one_thread<Queue, Line>)->Apply(repeat);       \
  BENCHMARK(one_thread<Queue, Page>)->Apply(repeat);       \
  BENCHMARK(one_thread_burst<Queue, Word>)->Apply(repeat); \
  BENCHMARK(two_threads<Queue, Word>)->Apply(repeat_real); \
  BENCHMARK(two_threads<Queue, Line>)->Apply(repeat_real); \
  BENCHMARK(two_threads<Queue, Page>)->Apply(repeat_real)

TACTUS_COMPARE(Ours);
#ifdef TACTUS_BENCH_BOOST
TACTUS_COMPARE(Boost);
#endif
#ifdef TACTUS_BENCH_READERWRITERQUEUE
TACTUS_COMPARE(Moodycamel);
#endif
BENCHMARK(record_one_thread)->Arg(100)->Arg(1000)->Arg(10'000)->Apply(repeat);

}  // namespace
}  // namespace tactus::bench
