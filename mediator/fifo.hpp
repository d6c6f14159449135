// Fifo: every value, in order, from one producer to one consumer; bounded, and neither ever waits for the
// other. When it is full the producer is told, and it is the mediator that counts what was dropped for that
// reason.
//
//   tactus::Fifo<Sample> samples(1000);        // memory is taken here and never again
//   samples.push_or_drop(sample);              // producer, real-time
//   while (samples.try_pop(sample)) ...        // consumer
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "mediator/counter.hpp"
#include "mediator/ring_index.hpp"

namespace tactus {

/// Bounded single-producer single-consumer queue. Construction: ordinary domain. All else: any domain,
/// wait-free; one thread at a time for each end. The preemption argument stands in ring_index.hpp.
template <class T, class Orders = RingOrders>
class Fifo {
  static_assert(std::is_nothrow_copy_assignable_v<T>, "a real-time push must not throw");

 public:
  /// Room for exactly `capacity` values, 1 to 2^31 (std::invalid_argument otherwise).
  explicit Fifo(std::size_t capacity)
      : index_(checked(capacity)),
        mask_(std::bit_ceil(capacity) - 1),
        slots_(std::make_unique<T[]>(mask_ + 1)) {}

  /// Producer: puts `value` at the end; false, and nothing done, if there is no room.
  [[nodiscard]] bool try_push(const T& value) noexcept {
    const auto position = index_.write_position();
    if (!index_.has_room(position, 1)) return false;
    at(position) = value;
    index_.publish(position + 1);
    return true;
  }
  /// Producer: puts `value` at the end, or counts it as dropped.
  void push_or_drop(const T& value) noexcept {
    if (!try_push(value)) drops_.add();
  }
  /// Producer, in place: where the next value is to be written, or null if there is no room. It holds an old
  /// value.
  [[nodiscard]] T* reserve() noexcept {
    const auto position = index_.write_position();
    return index_.has_room(position, 1) ? &at(position) : nullptr;
  }
  /// Producer: puts out what reserve() gave. Only after a reserve() that was not null.
  void commit() noexcept { index_.publish(index_.write_position() + 1); }
  /// Producer: counts a value as dropped that never came to a push.
  void count_drop() noexcept { drops_.add(); }

  /// Consumer: takes the oldest value; false, and `value` untouched, if there is none.
  [[nodiscard]] bool try_pop(T& value) noexcept {
    const auto position = index_.read_position();
    if (index_.available(position) == 0) return false;
    value = at(position);
    index_.give_back(position + 1);
    return true;
  }
  /// Consumer, in place: the oldest value, or null if there is none. It stays until pop().
  [[nodiscard]] T* front() noexcept {
    const auto position = index_.read_position();
    return index_.available(position) > 0 ? &at(position) : nullptr;
  }
  /// Consumer: takes the oldest value away. Only after a front() that was not null.
  void pop() noexcept { index_.give_back(index_.read_position() + 1); }
  /// Consumer: calls `use` with each value that is there now, oldest first, at most `most` of them, and gives
  /// their places back all at once. Returns how many. `use` must not throw.
  template <std::invocable<T&> Use>
  std::size_t consume(Use&& use, std::size_t most = SIZE_MAX) noexcept {
    const auto position = index_.read_position();
    const std::size_t count = std::min<std::size_t>(index_.available(position), most);
    for (std::size_t i = 0; i < count; ++i) use(at(position + i));
    if (count > 0) index_.give_back(position + count);
    return count;
  }

  /// Any thread: how many values were dropped since construction.
  [[nodiscard]] std::uint64_t drops() const noexcept { return drops_.read(); }
  /// Any thread: how many values wait, which may be a moment old.
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return index_.capacity(); }

 private:
  static std::size_t checked(std::size_t capacity) {
    if (capacity >= 1 && capacity <= std::size_t{1} << 31U) return capacity;
    throw std::invalid_argument("Fifo: capacity " + std::to_string(capacity) + ", must be 1 to 2^31");
  }
  [[nodiscard]] T& at(std::uint64_t position) noexcept { return slots_[position & mask_]; }

  RingIndex<Orders> index_;
  const std::size_t mask_;  // memory is rounded up to a power of two, so that no division finds the slot
  const std::unique_ptr<T[]> slots_;
  Counter drops_;
};

}  // namespace tactus
