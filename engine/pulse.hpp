#pragma once
// What the engine shows of itself to its supervisor, which is another process: a page of memory that both
// map.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "engine/engine_state.hpp"

namespace tactus {

/// Who is responsible for the outputs.
enum class PulsePhase : std::uint32_t {
  idle,      ///< nothing has been written to an output yet
  driving,   ///< outputs may be live
  released,  ///< the engine has made them safe and writes nothing any more
};

/// One beat as it was measured.
struct BeatTiming {
  std::uint64_t beat = 0;
  std::int64_t late_ns = 0;      ///< from the scheduled instant to the first instruction
  std::int64_t duration_ns = 0;  ///< from there to the end
};

/// The pulse of a running engine. Written by the real-time domain: wait-free, a few stores a tick. Read by
/// anyone at any moment, also after the writer was killed in the middle of whatever it did. There are no
/// pointers inside: it works wherever the memory is mapped.
class Pulse {
 public:
  static constexpr std::size_t most_chains = 15;
  static constexpr std::size_t beats_kept = 64;

  /// What one task of the engine is at. Written by that task.
  class Lane {
   public:
    static constexpr std::uint32_t nothing = ~std::uint32_t{0};  ///< it waits for its next turn
    static constexpr std::uint32_t engine = nothing - 1;         ///< the engine's own work
    static constexpr std::uint32_t device = 0x8000'0000;         ///< this and more: a device is told the time
    // relaxed: it tells nothing of other memory; a killed process leaves what it stored last.
    void enter(std::uint32_t what) noexcept { what_.store(what, std::memory_order_relaxed); }
    [[nodiscard]] std::uint32_t what() const noexcept { return what_.load(std::memory_order_relaxed); }

   private:
    std::atomic<std::uint32_t> what_{nothing};
  };

  // The engine's side.

  /// Once a tick, whatever the state: the supervisor is fed. `now` is CLOCK_MONOTONIC.
  void tick(std::int64_t now_ns) noexcept {
    // relaxed: only the engine writes the count.
    const std::uint64_t next = ticks_.load(std::memory_order_relaxed) + 1;
    tick_ns_.store(now_ns, std::memory_order_relaxed);
    // release: who sees the new count sees the time that belongs to it.
    ticks_.store(next, std::memory_order_release);
  }
  void enter(PulsePhase phase) noexcept {
    // release: who sees `released` knows that the safe values are written.
    phase_.store(phase, std::memory_order_release);
  }
  void enter_state(EngineState state) noexcept { state_.store(state, std::memory_order_relaxed); }
  /// At a swap, before anything of the new program can reach an output.
  void enter_program(std::uint64_t number) noexcept { program_.store(number, std::memory_order_relaxed); }
  void enter_beat(const BeatTiming& timing, std::int64_t time_ns) noexcept {
    // relaxed: only the engine writes the count.
    const std::uint64_t count = beats_.load(std::memory_order_relaxed);
    Slot& slot = slots_[count % beats_kept];
    slot.beat.store(timing.beat, std::memory_order_relaxed);
    slot.late_ns.store(timing.late_ns, std::memory_order_relaxed);
    slot.duration_ns.store(timing.duration_ns, std::memory_order_relaxed);
    time_ns_.store(time_ns, std::memory_order_relaxed);
    // release: who sees the count sees the slot whole.
    beats_.store(count + 1, std::memory_order_release);
  }
  /// Of the beat: 0; of chain n: n + 1. Chains beyond `most_chains` share the last one.
  [[nodiscard]] Lane& lane(std::size_t task) noexcept { return lanes_[task < lanes ? task : lanes - 1]; }

  // The supervisor's side.

  // acquire, each: pairs with the release of the same word.
  [[nodiscard]] std::uint64_t ticks() const noexcept { return ticks_.load(std::memory_order_acquire); }
  [[nodiscard]] PulsePhase phase() const noexcept { return phase_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint64_t beats() const noexcept { return beats_.load(std::memory_order_acquire); }
  // relaxed: figures on their own, or of the word that was read before.
  [[nodiscard]] std::int64_t tick_ns() const noexcept { return tick_ns_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t time_ns() const noexcept { return time_ns_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t program() const noexcept { return program_.load(std::memory_order_relaxed); }
  [[nodiscard]] EngineState state() const noexcept { return state_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t at_work(std::size_t task) const noexcept {
    return lanes_[task < lanes ? task : lanes - 1].what();
  }
  /// The last beats, oldest first, once nobody writes any more. Ordinary domain.
  [[nodiscard]] std::vector<BeatTiming> last_beats() const {
    std::vector<BeatTiming> result;
    const std::uint64_t end = beats();
    // The oldest slot may have been in the making when the writer was killed: it is left out.
    for (std::uint64_t i = end < beats_kept ? 0 : end - beats_kept + 1; i < end; ++i) {
      const Slot& slot = slots_[i % beats_kept];
      result.push_back({slot.beat.load(std::memory_order_relaxed),
                        slot.late_ns.load(std::memory_order_relaxed),
                        slot.duration_ns.load(std::memory_order_relaxed)});
    }
    return result;
  }

 private:
  static constexpr std::size_t lanes = most_chains + 1;
  struct Slot {
    std::atomic<std::uint64_t> beat{0};
    std::atomic<std::int64_t> late_ns{0};
    std::atomic<std::int64_t> duration_ns{0};
  };

  std::atomic<std::uint64_t> ticks_{0};
  std::atomic<std::int64_t> tick_ns_{0};
  std::atomic<PulsePhase> phase_{PulsePhase::idle};
  std::atomic<EngineState> state_{EngineState::idle};
  std::atomic<std::uint64_t> program_{0};
  std::atomic<std::int64_t> time_ns_{0};  // virtual system time of the last beat
  std::atomic<std::uint64_t> beats_{0};
  std::array<Lane, lanes> lanes_;
  std::array<Slot, beats_kept> slots_;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic<PulsePhase>::is_always_lock_free &&
                  std::atomic<EngineState>::is_always_lock_free,
              "an atomic with a lock inside does not work between processes");
static_assert(std::is_standard_layout_v<Pulse>);

}  // namespace tactus
