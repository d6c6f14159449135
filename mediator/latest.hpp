// Latest: the newest whole value, never torn, for consumers that are known when the mediator is made. Nobody
// waits for anybody: not the producer for a slow consumer, not a consumer for the producer, whoever pre-empts
// whom, on one core or several. What a consumer did not look at in time is overwritten; who needs every value
// takes a Fifo, and who is not known beforehand (another process, a screen) reads a Blackboard.
//
//   tactus::Latest<Pose> pose(2);              // two consumers
//   pose.write({x, y});                        // producer
//   auto reader = pose.reader(0);              // first consumer, once
//   const Pose& now = reader.read();           // first consumer, each time; valid until its next read()
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

#include "mediator/cache_line.hpp"
#include "mediator/latest_index.hpp"

namespace tactus {

/// Buffers of one C++ type, each on cache lines of its own.
template <class T>
class TypedSlots {
  static_assert(std::is_nothrow_copy_assignable_v<T>, "a real-time write must not throw");

 public:
  using Reference = T&;
  using ConstReference = const T&;
  using Setting = T;

  explicit TypedSlots(std::size_t count, const T& initial = T{}) : slots_(std::make_unique<Slot[]>(count)) {
    for (std::size_t i = 0; i < count; ++i) slots_[i].value = initial;
  }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return slots_[i].value; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return slots_[i].value; }
  void assign(std::size_t i, const T& value) noexcept { slots_[i].value = value; }

 private:
  struct alignas(cache_line) Slot {
    T value{};
  };
  std::unique_ptr<Slot[]> slots_;
};

/// Buffers of a number of bytes that is known at run time, each on cache lines of its own, zeroed at first.
class BlockSlots {
 public:
  using Reference = std::span<std::byte>;
  using ConstReference = std::span<const std::byte>;
  using Setting = std::size_t;

  BlockSlots(std::size_t count, std::size_t bytes)
      : bytes_(bytes), stride_(round_up(bytes, cache_line)), block_(count * stride_) {}
  [[nodiscard]] Reference operator[](std::size_t i) noexcept { return {block_.data() + i * stride_, bytes_}; }
  [[nodiscard]] ConstReference operator[](std::size_t i) const noexcept {
    return {block_.data() + i * stride_, bytes_};
  }
  /// `value` may be shorter than the block; what is left of the block then keeps older bytes.
  void assign(std::size_t i, ConstReference value) noexcept {
    std::copy_n(value.data(), std::min(value.size(), bytes_), block_.data() + i * stride_);
  }

 private:
  std::size_t bytes_;
  std::size_t stride_;
  AlignedBlock block_;
};

/// The mediator: an index protocol and the buffers it speaks of. Use it by its names Latest<T> and
/// LatestBlock.
///
/// Construction and destruction: ordinary domain. All else: any domain, wait-free, one producer, one thread
/// at a time for each consumer number. The preemption argument stands in latest_index.hpp.
template <class Slots, class Orders = LatestOrders>
class BasicLatest {
  using Mailbox = typename LatestIndex<Orders>::Mailbox;

 public:
  using Reference = typename Slots::Reference;
  using ConstReference = typename Slots::ConstReference;

  /// One consumer's end: a handle, cheap to copy, valid as long as the mediator. All copies are the same
  /// consumer.
  class Reader {
   public:
    /// The newest whole value, in place; it stays as it is until this consumer's next read().
    /// Before the first write() that is the initial value.
    [[nodiscard]] ConstReference read() noexcept { return (*slots_)[mailbox_->newest()]; }
    /// Whether there is a value that this consumer has not read.
    [[nodiscard]] bool has_new() const noexcept { return mailbox_->has_new(); }

   private:
    friend class BasicLatest;
    Reader(Mailbox& mailbox, const Slots& slots) noexcept : mailbox_(&mailbox), slots_(&slots) {}
    Mailbox* mailbox_;
    const Slots* slots_;
  };

  /// For `consumers` known consumers, 0 to 62; throws std::invalid_argument for more. `setting` is the
  /// buffers': the initial value of a Latest<T>, the number of bytes of a LatestBlock. Takes all its memory
  /// here.
  BasicLatest(std::size_t consumers, const typename Slots::Setting& setting)
      : index_(consumers), slots_(index_.buffers(), setting) {}
  explicit BasicLatest(std::size_t consumers) requires std::constructible_from<Slots, std::size_t>
      : index_(consumers), slots_(index_.buffers()) {}

  /// Producer: puts out a value; it is copied.
  void write(ConstReference value) noexcept {
    slots_.assign(index_.writing(), value);
    index_.publish();
  }
  /// Producer, in place: where the next value is to be written. It holds some older value, not always the
  /// last one.
  [[nodiscard]] Reference slot() noexcept { return slots_[index_.writing()]; }
  /// Producer: puts out what stands in slot().
  void publish() noexcept { index_.publish(); }

  /// The end of consumer `i` < consumers().
  [[nodiscard]] Reader reader(std::size_t i) noexcept { return {index_.mailbox(i), slots_}; }
  [[nodiscard]] std::size_t consumers() const noexcept { return index_.consumers(); }

 private:
  LatestIndex<Orders> index_;
  Slots slots_;
};

/// The newest value of a C++ type: `Latest<Pose> pose(consumers, initial)`.
template <class T>
using Latest = BasicLatest<TypedSlots<T>>;

/// The newest block of bytes, for instance a frame: `LatestBlock frame(consumers, layout.bytes())`.
using LatestBlock = BasicLatest<BlockSlots>;

}  // namespace tactus
