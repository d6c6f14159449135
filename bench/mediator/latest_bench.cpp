// Latest and Blackboard against a bare triple buffer, to a copied-out frame: what their promises cost beyond
// the least that any newest-value buffer must do.
#include "mediator/latest.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "bench/mediator/other_core.hpp"
#include "mediator/blackboard.hpp"
#include "mediator/cache_line.hpp"

namespace tactus::bench {
namespace {

template <std::size_t bytes>
struct Frame {
  std::array<std::uint64_t, bytes / 8> words{};
};
using Small = Frame<32>;
using Kilo = Frame<1024>;
using Nine = Frame<9216>;

/// The triple buffer of the textbooks: one producer, one consumer, one type, nothing else.
template <class T>
class BareTriple {
 public:
  void write(const T& value) {
    slots_[back_].value = value;
    back_ = middle_.exchange(back_ | fresh, std::memory_order_acq_rel) & 3U;
  }
  const T& read() {
    if ((middle_.load(std::memory_order_relaxed) & fresh) != 0) {
      front_ = middle_.exchange(front_, std::memory_order_acq_rel) & 3U;
    }
    return slots_[front_].value;
  }

 private:
  static constexpr std::uint32_t fresh = 4;
  struct alignas(cache_line) Slot {
    T value{};
  };
  std::array<Slot, 3> slots_;
  alignas(cache_line) std::atomic<std::uint32_t> middle_{0};
  alignas(cache_line) std::uint32_t back_ = 1;
  alignas(cache_line) std::uint32_t front_ = 2;
};

/// The same for blocks of a size that is known at run time.
class BareTripleBlock {
 public:
  explicit BareTripleBlock(std::size_t bytes) : bytes_(bytes), slots_(3 * bytes) {}
  void write(const void* value) {
    std::memcpy(slots_.data() + back_ * bytes_, value, bytes_);
    back_ = middle_.exchange(back_ | fresh, std::memory_order_acq_rel) & 3U;
  }
  const std::byte* read() {
    if ((middle_.load(std::memory_order_relaxed) & fresh) != 0) {
      front_ = middle_.exchange(front_, std::memory_order_acq_rel) & 3U;
    }
    return slots_.data() + front_ * bytes_;
  }

 private:
  static constexpr std::uint32_t fresh = 4;
  alignas(cache_line) std::atomic<std::uint32_t> middle_{0};
  alignas(cache_line) std::uint32_t back_ = 1;
  alignas(cache_line) std::uint32_t front_ = 2;
  const std::size_t bytes_;  // beside front_: nobody else writes there
  AlignedBlock slots_;
};

// Each buffer under the same two verbs, the second of which copies out.
template <class T>
struct Bare {
  std::unique_ptr<BareTriple<T>> buffer = std::make_unique<BareTriple<T>>();
  void write(const T& value) { buffer->write(value); }
  void read(T& value) { value = buffer->read(); }
};
template <class T>
struct BareBlock {
  std::unique_ptr<BareTripleBlock> buffer =
      std::make_unique<BareTripleBlock>(round_up(sizeof(T), cache_line));
  void write(const T& value) { buffer->write(&value); }
  void read(T& value) { std::memcpy(&value, buffer->read(), sizeof value); }
};
template <class T>
struct Typed {
  Latest<T> buffer{1};
  typename Latest<T>::Reader reader = buffer.reader(0);
  void write(const T& value) { buffer.write(value); }
  void read(T& value) { value = reader.read(); }
};
template <class T>
struct Block {
  LatestBlock buffer{1, sizeof(T)};
  LatestBlock::Reader reader = buffer.reader(0);
  void write(const T& value) { buffer.write(std::as_bytes(std::span(&value, 1))); }
  void read(T& value) { std::memcpy(&value, reader.read().data(), sizeof value); }
};
template <class T>
struct Board {
  AlignedBlock memory{Blackboard::memory_needed(sizeof(T))};
  Blackboard* board = Blackboard::create({memory.data(), memory.size()}, sizeof(T));
  std::uint64_t busy = 0;
  void write(const T& value) { board->write(value); }
  void read(T& value) {
    if (board->try_read(value, 10) == ReadOutcome::busy) ++busy;
  }
};
/// Four consumers are known; the one that is measured is the last.
template <class T>
struct Typed4 {
  Latest<T> buffer{4};
  typename Latest<T>::Reader reader = buffer.reader(3);
  void write(const T& value) { buffer.write(value); }
  void read(T& value) { value = reader.read(); }
};

/// A frame in, and the same frame copied out, on one thread.
template <template <class> class Buffer, class T>
void write_and_read(benchmark::State& state) {
  Buffer<T> buffer;
  T value{};
  for ([[maybe_unused]] auto _ : state) {
    buffer.write(value);
    buffer.read(value);
    benchmark::DoNotOptimize(value);
    benchmark::ClobberMemory();
  }
}

/// A frame copied out while the producer hammers on the other core.
template <template <class> class Buffer, class T>
void read_contended(benchmark::State& state) {
  Buffer<T> buffer;
  const OtherCore producer([&buffer, value = T{}]() mutable {
    ++value.words[0];
    buffer.write(value);
  });
  T value{};
  for ([[maybe_unused]] auto _ : state) {
    buffer.read(value);
    benchmark::DoNotOptimize(value);
    benchmark::ClobberMemory();
  }
  if constexpr (requires { buffer.busy; }) state.counters["busy"] = static_cast<double>(buffer.busy);
}

/// A frame put out while the consumer hammers on the other core.
template <template <class> class Buffer, class T>
void write_contended(benchmark::State& state) {
  Buffer<T> buffer;
  const OtherCore consumer([&buffer, value = T{}]() mutable {
    buffer.read(value);
    benchmark::DoNotOptimize(value);
  });
  T value{};
  for ([[maybe_unused]] auto _ : state) {
    ++value.words[0];
    buffer.write(value);
    benchmark::ClobberMemory();
  }
}

void repeat(benchmark::internal::Benchmark* b) { b->Repetitions(9)->ReportAggregatesOnly(); }

#define TACTUS_COMPARE(Buffer, T)                      \
  BENCHMARK(write_and_read<Buffer, T>)->Apply(repeat); \
  BENCHMARK(read_contended<Buffer, T>)->Apply(repeat); \
  BENCHMARK(write_contended<Buffer, T>)->Apply(repeat)

#define TACTUS_COMPARE_ALL(T)   \
  TACTUS_COMPARE(Bare, T);      \
  TACTUS_COMPARE(Typed, T);     \
  TACTUS_COMPARE(BareBlock, T); \
  TACTUS_COMPARE(Block, T);     \
  TACTUS_COMPARE(Board, T);     \
  TACTUS_COMPARE(Typed4, T)

TACTUS_COMPARE_ALL(Small);
TACTUS_COMPARE_ALL(Kilo);
TACTUS_COMPARE_ALL(Nine);

}  // namespace
}  // namespace tactus::bench
