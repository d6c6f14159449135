#pragma once
#include <atomic>
#include <cstdint>

#include "engine/engine_state.hpp"
#include "engine/histogram.hpp"

namespace tactus {

/// What anyone may know of the running engine at any moment. Written by the beat, read by any thread.
class EngineStatus {
 public:
  EngineState state() const { return state_.load(std::memory_order_relaxed); }
  std::uint64_t program() const { return program_.load(std::memory_order_relaxed); }
  std::uint64_t beat() const { return beat_.load(std::memory_order_relaxed); }
  std::uint64_t beats_run() const { return beats_run_.load(std::memory_order_relaxed); }
  std::uint64_t overruns() const { return overruns_.load(std::memory_order_relaxed); }
  std::uint64_t beats_missed() const { return beats_missed_.load(std::memory_order_relaxed); }
  std::uint64_t faults() const { return faults_.load(std::memory_order_relaxed); }
  std::uint64_t swaps() const { return swaps_.load(std::memory_order_relaxed); }
  std::uint64_t safe_writes_failed() const { return safe_writes_failed_.load(std::memory_order_relaxed); }
  std::uint64_t chain_turns_missed() const { return chain_turns_missed_.load(std::memory_order_relaxed); }
  /// What components had to tell on a beat and there was no room for.
  std::uint64_t announcements_lost() const { return announcements_lost_.load(std::memory_order_relaxed); }
  std::int64_t time_ns() const { return time_ns_.load(std::memory_order_relaxed); }
  bool inhibited() const { return inhibited_.load(std::memory_order_relaxed); }

  Histogram latency;   ///< ns from the scheduled instant of a beat to its first instruction; real time only
  Histogram duration;  ///< ticks from there to the end of the beat
  Histogram exchange;  ///< ticks that exchanging the program took within a beat

 private:
  friend class Engine;
  // relaxed throughout: each is a figure on its own, nothing is read because of it.
  template <class T>
  static void put(std::atomic<T>& place, T value) {
    place.store(value, std::memory_order_relaxed);
  }
  static void add(std::atomic<std::uint64_t>& count, std::uint64_t more = 1) {
    put(count, count.load(std::memory_order_relaxed) + more);
  }

  std::atomic<EngineState> state_{EngineState::idle};
  std::atomic<std::uint64_t> program_{0};
  std::atomic<std::uint64_t> beat_{0};
  std::atomic<std::uint64_t> beats_run_{0};
  std::atomic<std::uint64_t> overruns_{0};
  std::atomic<std::uint64_t> beats_missed_{0};
  std::atomic<std::uint64_t> faults_{0};
  std::atomic<std::uint64_t> swaps_{0};
  std::atomic<std::uint64_t> safe_writes_failed_{0};
  std::atomic<std::uint64_t> chain_turns_missed_{0};
  std::atomic<std::uint64_t> announcements_lost_{0};
  std::atomic<std::int64_t> time_ns_{0};
  std::atomic<bool> inhibited_{false};
};

}  // namespace tactus
