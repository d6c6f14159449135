// A count that one thread keeps and any thread may read.
#pragma once

#include <atomic>
#include <cstdint>

#include "mediator/cache_line.hpp"

namespace tactus {

/// Counts events of one thread; any thread reads the count. 64 bits: at one event a nanosecond it lasts for
/// 584 years. Both ends wait-free. It has a cache line of its own, so that counting slows down no neighbour.
class alignas(cache_line) Counter {
 public:
  /// The owner's side: one more.
  void add() noexcept {
    // Not a read-modify-write: only the owner writes, so a load and a store are enough, and cheaper.
    // relaxed: the count carries no other data with it.
    count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  /// Any thread: the count, which may be a moment old.
  [[nodiscard]] std::uint64_t read() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace tactus
