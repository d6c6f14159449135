#pragma once
// Every late beat explains itself: how long each step took, over the whole run and in the ten worst beats.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tactus {

/// The ten longest beats and what each of their steps took. Memory is taken for the steps of one program.
/// Written by the engine at the end of a beat; read by anyone through a counter that tells when it changed
/// meanwhile.
class WorstBeats {
 public:
  static constexpr std::size_t kept = 10;

  struct Entry {
    std::uint64_t beat = 0;
    std::uint64_t latency = 0;           ///< ticks from the scheduled instant to the first step
    std::uint64_t duration = 0;          ///< ticks from the first step to the end of the beat
    std::vector<std::uint64_t> steps{};  ///< ticks of each step that ran; 0 for one that did not
  };

  explicit WorstBeats(std::size_t steps);

  /// Real-time: a comparison; for a new worst beat a copy of its stamps.
  void enter(std::uint64_t beat, std::uint64_t latency, std::uint64_t duration,
             std::span<const std::uint64_t> stamps) {
    if (latency + duration > least_) replace(beat, latency, duration, stamps);
  }

  /// The entries, worst first. Ordinary domain; empty if the engine kept changing them while they were
  /// copied.
  std::vector<Entry> snapshot() const;

 private:
  struct Slot {
    std::atomic<std::uint64_t> beat{0};
    std::atomic<std::uint64_t> latency{0};
    std::atomic<std::uint64_t> duration{0};
    std::unique_ptr<std::atomic<std::uint64_t>[]> steps;
  };
  void replace(std::uint64_t beat, std::uint64_t latency, std::uint64_t duration,
               std::span<const std::uint64_t> stamps);

  std::size_t steps_;
  std::array<Slot, kept> slots_;
  std::uint64_t least_ = 0;                // of the kept ones; the writer's own
  std::atomic<std::uint64_t> version_{0};  // odd while a slot is being replaced
};

}  // namespace tactus
