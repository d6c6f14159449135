// The index protocol behind Latest: who may touch which buffer. It moves numbers only; the buffers
// themselves, typed or a run-time number of bytes, are somebody else's (see latest.hpp).
//
// With one consumer this is the triple buffer: one buffer being written, one being read, and the newest
// between the two, passed by one atomic exchange. With N consumers each has a mailbox of its own, all
// mailboxes name the same newest buffer, and N + 2 buffers are enough: N being read, the newest, and one
// being written.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "mediator/cache_line.hpp"

namespace tactus {

/// The memory orders of the protocol. A policy, so that the tests can show what weaker ones break.
struct LatestOrders {
  /// The producer's exchange. release: a consumer that takes the number sees the buffer complete.
  /// acquire: when the exchange tells that the consumer has moved on, the consumer's last look at the buffer
  /// that it left is over before the producer writes there again.
  static constexpr std::memory_order publish = std::memory_order_acq_rel;
  /// The consumer's exchange, the other half of both: acquire to see the buffer, release to have left the old
  /// one.
  static constexpr std::memory_order take = std::memory_order_acq_rel;
};

/// Hands buffer numbers from one producer to up to 62 consumers. Wait-free: publish() is one exchange a
/// consumer and a search in one machine word; newest() is one load, and one exchange if there is something
/// new.
///
/// Why nobody touches a buffer that another one uses. The producer knows at every moment what consumer i may
/// hold: its exchange returns `taken` if the consumer took the newest since the last publish(), and otherwise
/// the consumer still holds what it held. So the producer writes neither to the newest (any consumer may take
/// it now) nor to what it last knew each consumer to hold.
///
/// | stopped                                      | what the others see                                    |
/// |----------------------------------------------|--------------------------------------------------------|
/// | producer, while it writes its buffer         | nothing of it: no mailbox names that buffer; they read |
/// |                                              | the newest                                             |
/// | producer, between the exchanges of publish() | some the new value, the others the one before, each    |
/// |                                              | whole; for each consumer on its own, values never go   |
/// |                                              | back                                                   |
/// | producer, after the exchanges                | the new value; what is left to do is private           |
/// | consumer, between its load and its exchange  | the producer replaces the mail; the exchange then      |
/// |                                              | takes the still newer one                              |
/// | consumer, while it reads its buffer          | the producer finds `taken` or its own mail unread, and |
/// |                                              | in both cases leaves that buffer alone, for ever if    |
/// |                                              | need be                                                |
template <class Orders = LatestOrders>
class LatestIndex {
 public:
  using Index = std::uint32_t;
  static constexpr std::size_t max_consumers = 62;

  /// One consumer's end. Exactly one thread at a time may use it.
  class alignas(cache_line) Mailbox {
   public:
    /// The newest buffer. The consumer may read it until it calls newest() again.
    [[nodiscard]] Index newest() noexcept {
      // relaxed: only a hint whether the exchange is worth its price; the exchange does the ordering.
      if (mail_.load(std::memory_order_relaxed) != taken) front_ = mail_.exchange(taken, Orders::take);
      return front_;
    }
    /// Whether newest() would return something that this consumer has not had yet.
    [[nodiscard]] bool has_new() const noexcept { return mail_.load(std::memory_order_relaxed) != taken; }

   private:
    friend class LatestIndex;
    // The two share a line on purpose: the consumer needs both, and writes front_ only when it has just taken
    // mail_.
    std::atomic<Index> mail_{taken};
    Index front_ = 0;
  };

  /// Ordinary domain. Buffer 0 is the one that consumers read before anything was published.
  explicit LatestIndex(std::size_t consumers)
      : consumers_(consumers <= max_consumers
                       ? consumers
                       : throw std::invalid_argument(
                             "Latest: more than 62 consumers; put a second Latest behind it")),
        mailboxes_(std::make_unique<Mailbox[]>(consumers)) {}

  [[nodiscard]] std::size_t consumers() const noexcept { return consumers_; }
  /// How many buffers the owner must have; all numbers are below this.
  [[nodiscard]] std::size_t buffers() const noexcept { return consumers_ + 2; }
  /// The end of consumer `i` < consumers(). It does not move as long as the index lives.
  [[nodiscard]] Mailbox& mailbox(std::size_t i) noexcept { return mailboxes_[i]; }

  /// Producer: the buffer that it may write to now.
  [[nodiscard]] Index writing() const noexcept { return writing_; }

  /// Producer: the buffer writing() is complete; it becomes the newest, and another one is to be written.
  void publish() noexcept {
    std::uint64_t in_use = bit(writing_);
    for (std::size_t i = 0; i < consumers_; ++i) {
      std::uint8_t held = held_[i];  // loaded before the exchange, which the processor lets no load overtake
      if (mailboxes_[i].mail_.exchange(writing_, Orders::publish) == taken) held_[i] = held = newest_;
      in_use |= bit(held);
    }
    newest_ = writing_;
    writing_ = static_cast<std::uint8_t>(std::countr_one(in_use));
  }

 private:
  static constexpr Index taken = ~Index{0};
  static_assert(std::atomic<Index>::is_always_lock_free);

  static constexpr std::uint64_t bit(std::uint8_t index) noexcept { return std::uint64_t{1} << index; }

  const std::size_t consumers_;
  const std::unique_ptr<Mailbox[]> mailboxes_;
  // The producer's alone, one cache line: what each consumer held when the producer last looked.
  alignas(cache_line) std::array<std::uint8_t, max_consumers> held_{};
  std::uint8_t newest_ = 0;
  std::uint8_t writing_ = 1;
};

}  // namespace tactus
