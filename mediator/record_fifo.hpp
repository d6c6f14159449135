// RecordFifo: the promise of Fifo for records of different sizes, written and read where they stand. It
// carries whole beats from the engine to the Reporter: the engine fills the record in place, the Reporter
// reads it in place.
//
//   if (std::byte* place = fifo.reserve(bytes)) { fill(place); fifo.commit(); } else { fifo.count_drop(); }
//   for (auto record = fifo.front(); record.data() != nullptr; record = fifo.front()) { store(record);
//   fifo.pop(); }
//
// In the ring each record is a header of 8 bytes and its bytes, rounded up to 8. A record is never split:
// where it does not fit before the end of the ring, a header without bytes marks the rest as padding and it
// starts anew at the beginning. Padding and the record after it are published together, so padding is never
// the last thing there.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>

#include "mediator/cache_line.hpp"
#include "mediator/counter.hpp"
#include "mediator/ring_index.hpp"

namespace tactus {

/// Bounded single-producer single-consumer queue of byte records. Construction: ordinary domain. All else:
/// any domain, wait-free; one thread at a time for each end. The preemption argument is that of
/// ring_index.hpp, with one addition: a reserve() without commit() has published nothing, and the next
/// reserve() starts where it did.
template <class Orders = RingOrders>
class BasicRecordFifo {
  using Position = typename RingIndex<Orders>::Position;

 public:
  /// Records start on multiples of this many bytes.
  static constexpr std::size_t alignment = 8;

  /// At least `bytes` of memory, headers included, rounded up to a power of two from 64 bytes to 2 GiB (more
  /// is std::invalid_argument). A record of n bytes takes 8 more, rounded up to 8.
  explicit BasicRecordFifo(std::size_t bytes)
      : ring_(std::bit_ceil(std::max(checked(bytes), cache_line))), index_(ring_.size()) {}

  /// Producer: room for a record of `bytes`, contiguous and 8-byte aligned; null if it does not fit now, or
  /// never (bytes > largest()). It holds old bytes. Nothing is put out before commit().
  [[nodiscard]] std::byte* reserve(std::size_t bytes) noexcept {
    if (bytes > largest()) return nullptr;
    const std::size_t needed = sizeof(Header) + round_up(bytes, alignment);
    const Position position = index_.write_position();
    const std::size_t padding = to_end(position) < needed ? to_end(position) : 0;
    if (!index_.has_room(position, padding + needed)) return nullptr;
    producer_.padding = padding;
    producer_.bytes = bytes;
    return at(position + padding) + sizeof(Header);
  }
  /// Producer: puts out the record that the last reserve() gave room for. Only after one that was not null,
  /// once.
  void commit() noexcept {
    const Position position = index_.write_position();
    const Position record = position + producer_.padding;
    if (producer_.padding > 0) put_header(position, {.bytes = padding_mark});
    put_header(record,
               {.bytes = static_cast<std::uint32_t>(producer_.bytes), .dropped_before = producer_.gap});
    producer_.gap = 0;
    index_.publish(record + sizeof(Header) + round_up(producer_.bytes, alignment));
  }
  /// Producer: a record could not be put out. It is counted, and the next record tells that one is missing
  /// before it.
  void count_drop() noexcept {
    drops_.add();
    if (producer_.gap < std::numeric_limits<std::uint32_t>::max()) ++producer_.gap;
  }

  /// Consumer: the oldest record, in place; it stays until pop(). A null data() if there is none.
  [[nodiscard]] std::span<const std::byte> front() noexcept {
    if (index_.available(index_.read_position()) == 0) return {};
    const Position record = front_position();
    return {at(record) + sizeof(Header), header(record).bytes};
  }
  /// Consumer: how many records were dropped between the one before front() and front() itself.
  /// Only after a front() that was not null.
  [[nodiscard]] std::uint32_t dropped_before() const noexcept {
    return header(front_position()).dropped_before;
  }
  /// Consumer: takes the oldest record away. Only after a front() that was not null.
  void pop() noexcept {
    const Position record = front_position();
    index_.give_back(record + sizeof(Header) + round_up(header(record).bytes, alignment));
  }

  /// Any thread: how many records were dropped since construction.
  [[nodiscard]] std::uint64_t drops() const noexcept { return drops_.read(); }
  /// Any thread: bytes in use, headers and padding included, which may be a moment old.
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }
  /// Bytes of the ring.
  [[nodiscard]] std::size_t capacity() const noexcept { return ring_.size(); }
  /// The largest record that is sure to fit once the consumer has taken everything: wherever the ring stands
  /// then, one half of it is free in one piece.
  [[nodiscard]] std::size_t largest() const noexcept { return ring_.size() / 2 - sizeof(Header); }

 private:
  struct Header {
    std::uint32_t bytes = 0;
    std::uint32_t dropped_before = 0;
  };
  static_assert(sizeof(Header) == alignment, "the rest of the ring always has room for a padding header");
  static constexpr std::uint32_t padding_mark = std::numeric_limits<std::uint32_t>::max();
  /// What the producer alone uses, apart from what the consumer reads.
  struct alignas(cache_line) Producer {
    std::size_t padding = 0;  ///< of the last reserve(): bytes to skip before its record
    std::size_t bytes = 0;    ///< of the last reserve(): its record
    std::uint32_t gap = 0;    ///< records dropped since the last commit(); stays at its largest value beyond
  };

  static std::size_t checked(std::size_t bytes) {
    if (bytes > std::size_t{1} << 31U) throw std::invalid_argument("RecordFifo: more than 2 GiB asked for");
    return bytes;
  }

  [[nodiscard]] std::size_t offset(Position position) const noexcept { return position & (ring_.size() - 1); }
  [[nodiscard]] std::size_t to_end(Position position) const noexcept {
    return ring_.size() - offset(position);
  }
  [[nodiscard]] std::byte* at(Position position) noexcept { return ring_.data() + offset(position); }
  [[nodiscard]] const std::byte* at(Position position) const noexcept {
    return ring_.data() + offset(position);
  }

  void put_header(Position position, Header value) noexcept {
    std::memcpy(at(position), &value, sizeof value);
  }
  [[nodiscard]] Header header(Position position) const noexcept {
    Header value;
    std::memcpy(&value, at(position), sizeof value);
    return value;
  }
  /// Where the oldest record's header is: past the padding, if the ring has some there.
  [[nodiscard]] Position front_position() const noexcept {
    const Position position = index_.read_position();
    return header(position).bytes == padding_mark ? position + to_end(position) : position;
  }

  AlignedBlock ring_;
  RingIndex<Orders> index_;
  Producer producer_;
  Counter drops_;
};

/// The record queue with its proper memory orders.
using RecordFifo = BasicRecordFifo<>;

}  // namespace tactus
