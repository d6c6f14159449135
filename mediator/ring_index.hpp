// The index protocol behind Fifo and RecordFifo: how far the producer has written and the consumer has read.
// It moves positions only; what a position means, a slot or a byte, is its owner's.
//
// A position counts from the start and never wraps (64 bits), so full and empty can't be confused and no
// place is lost to tell them apart. Each end keeps a copy of the position that it last saw of the other, and
// looks again only when that copy says "full" or "empty": most calls touch no cache line of the other core.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mediator/cache_line.hpp"

namespace tactus {

/// The memory orders of the protocol. A policy, so that the tests can show what weaker ones break.
struct RingOrders {
  /// Producer's store of its position. release: what it wrote into the places comes before.
  static constexpr std::memory_order publish = std::memory_order_release;
  /// Consumer's look at it. acquire: what it reads from the places comes after.
  static constexpr std::memory_order see_published = std::memory_order_acquire;
  /// Consumer's store of its position. release: its reads of the places it gives back come before.
  static constexpr std::memory_order give_back = std::memory_order_release;
  /// Producer's look at it. acquire: what it writes into those places comes after.
  static constexpr std::memory_order see_given_back = std::memory_order_acquire;
};

/// Positions of a bounded single-producer single-consumer ring. Wait-free: every call is at most one load and
/// one store of a shared position.
///
/// | stopped                                      | what the other end sees                                |
/// |----------------------------------------------|--------------------------------------------------------|
/// | producer, before or while it writes          | nothing of it: its position has not moved              |
/// | producer, after the store in publish()       | the new places, complete                               |
/// | consumer, before or while it reads           | places in use: a full ring stays full, nothing is      |
/// |                                              | overwritten                                            |
/// | consumer, after the store in give_back()     | free places                                            |
/// | either, between its look at the other and    | the other only adds room, or contents: a "yes" stays   |
/// | its next step                                | true, a "no" was true when it was asked                |
template <class Orders = RingOrders>
class RingIndex {
 public:
  using Position = std::uint64_t;

  explicit RingIndex(Position capacity) noexcept : capacity_(capacity) { producer_.bound = capacity; }

  [[nodiscard]] Position capacity() const noexcept { return capacity_; }

  /// Producer: where it writes next. It hands this to has_room(), so that it is loaded once.
  [[nodiscard]] Position write_position() const noexcept { return producer_.own(); }
  /// Producer: whether `places` are free from write_position() on.
  [[nodiscard]] bool has_room(Position write_position, Position places) noexcept {
    if (places <= producer_.bound - write_position) return true;
    producer_.bound = consumer_.position.load(Orders::see_given_back) + capacity_;
    return places <= producer_.bound - write_position;
  }
  /// Producer: all before `next` is written; that is where it writes next.
  void publish(Position next) noexcept { producer_.position.store(next, Orders::publish); }

  /// Consumer: where it reads next. It hands this to available(), so that it is loaded once.
  [[nodiscard]] Position read_position() const noexcept { return consumer_.own(); }
  /// Consumer: how many places may be read from read_position() on; 0 only if there is truly none.
  [[nodiscard]] Position available(Position read_position) noexcept {
    if (consumer_.bound == read_position) consumer_.bound = producer_.position.load(Orders::see_published);
    return consumer_.bound - read_position;
  }
  /// Consumer: all before `next` has been read; that is where it reads next.
  void give_back(Position next) noexcept { consumer_.position.store(next, Orders::give_back); }

  /// Any thread: places in use, which may be a moment old.
  [[nodiscard]] Position size() const noexcept {
    // acquire: the consumer had seen as much published, so the second load can't give less than the first.
    const Position read = consumer_.position.load(std::memory_order_acquire);
    const Position written = producer_.position.load(std::memory_order_relaxed);
    return std::min(written - read, capacity_);  // the ring may have moved on between the two loads
  }

 private:
  /// One end, on a cache line of its own. The other end's looks at `position` slow down its owner only when
  /// it is about to store, never when it loads.
  struct alignas(cache_line) End {
    std::atomic<Position> position{0};
    Position bound = 0;  ///< how far it may go without another look at the other end

    /// relaxed: the position as its owner sees it, who alone writes it.
    [[nodiscard]] Position own() const noexcept { return position.load(std::memory_order_relaxed); }
  };
  static_assert(std::atomic<Position>::is_always_lock_free);

  const Position capacity_;
  End producer_;
  End consumer_;
};

}  // namespace tactus
