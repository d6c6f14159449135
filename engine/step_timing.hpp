#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

#include "engine/histogram.hpp"

namespace tactus {

/// The durations of all steps of one program, in ticks: a histogram each, their equal buckets side by side,
/// since steps that follow each other mostly take about as long. So a beat walks through a few rows of memory
/// instead of visiting a page for each step.
class StepTable {
 public:
  explicit StepTable(std::size_t steps)
      : stride_(stride(steps)),
        counts_(std::make_unique<std::atomic<std::uint64_t>[]>(stride_ * Buckets::count)) {}

  /// Real-time; one task.
  void enter(std::size_t step, std::uint64_t ticks) {
    std::atomic<std::uint64_t>& count = counts_[Buckets::of(ticks) * stride_ + step];
    // relaxed: each figure stands alone, and the only writer needs no atomic increment.
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  /// Any thread.
  HistogramCounts counts(std::size_t step) const;

 private:
  /// An odd number of cache lines: rows at a distance of a power of two would fight for the same places in
  /// the cache.
  static constexpr std::size_t stride(std::size_t steps) {
    constexpr std::size_t per_line = 64 / sizeof(std::uint64_t);
    return ((steps + per_line - 1) / per_line | 1) * per_line;
  }

  std::size_t stride_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
};

/// The durations of one component's steps over its whole life: those in the running program, and those before
/// it. Immutable but for what the engine enters into the table.
class StepTiming {
 public:
  /// `predecessor`: of the same instance in the program before, null for a new one.
  StepTiming(std::shared_ptr<const StepTable> table, std::size_t step, const StepTiming* predecessor);

  /// Ordinary domain, any thread.
  HistogramCounts counts() const;

  /// True if `other` is about the same instance, in another program.
  bool same_instance(const StepTiming& other) const { return instance_ == other.instance_; }

 private:
  std::shared_ptr<const StepTable> table_;
  std::size_t step_;
  std::shared_ptr<const StepTable> last_table_;  // of the program before, which may still be running
  std::size_t last_step_ = 0;
  HistogramCounts earlier_;               // of all programs before that
  std::shared_ptr<const char> instance_;  // equal for all programs of one instance
};

}  // namespace tactus
