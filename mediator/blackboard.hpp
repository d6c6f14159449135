// Blackboard: the newest whole block of bytes for readers that nobody knows beforehand: any number of them,
// in any process, each of which may be stopped or killed at any moment. Readers only read (a read-only
// mapping of the shared memory will do), so they can't affect the producer; the price is that a reader can be
// overtaken and must then try again, a bounded number of times.
//
// It is a seqlock with several slots. The producer writes publication n into slot n mod `slots` and then
// stores n into a counter. A reader looks at the counter, copies that slot, and looks again: the copy is
// whole unless the producer has meanwhile come round to the same slot. So a reader may take as long as six
// further publications, and a producer that dies while it writes leaves the publication before readable.
//
// There are no pointers inside: it works wherever the memory is mapped.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>

#include "mediator/cache_line.hpp"

namespace tactus {

/// The memory orders of the protocol. A policy, so that each reason has a name; the spin model
/// tests/models/mediator/blackboard.pml has a wrong variant for each, and it fails.
struct BlackboardOrders {
  /// Producer's store of the counter. release: the words of the publication come before.
  static constexpr std::memory_order publish = std::memory_order_release;
  /// Reader's first look at the counter. acquire: its loads of the words come after.
  static constexpr std::memory_order look = std::memory_order_acquire;
  /// Producer's store of a word. release: its store of the counter one publication ago comes before. Together
  /// with `load_word` this is what the usual fences of a seqlock do: who sees a word of a later publication
  /// sees the counter so far advanced that the second look tells.
  static constexpr std::memory_order store_word = std::memory_order_release;
  /// Reader's load of a word. acquire: its second look at the counter comes after.
  static constexpr std::memory_order load_word = std::memory_order_acquire;
};

/// What came of a try to read a Blackboard.
enum class ReadOutcome : std::uint8_t {
  ok,       ///< a whole publication was copied
  nothing,  ///< nothing has been published yet
  busy,     ///< overtaken on every try; what was copied is of no use
};

/// The board lives in memory that its owner provides, usually shared between processes; see create() and
/// open().
///
/// write(): one thread, wait-free, real-time. try_read(): any number of threads and processes, bounded.
///
/// | stopped                                      | what is seen                                           |
/// |----------------------------------------------|--------------------------------------------------------|
/// | producer, while it writes words (or killed)  | the publication before: the counter names another slot |
/// | producer, after the store of the counter     | the new publication                                    |
/// | reader, between its two looks (or killed)    | nothing: a reader writes only into its own copy        |
/// | reader, between its two looks, then going on | (itself) a whole copy, or that `slots` - 1             |
/// |                                              | publications have passed: then it tries again          |
/// | reader, after its second look                | a copy of its own, whole                               |
template <class Orders = BlackboardOrders>
class BasicBlackboard {
 public:
  /// How many publications the board holds. With 8 a reader may be overtaken by 6 without having to try
  /// again: even against a producer that writes 9 KB blocks without a pause, retries were then rare (with 4
  /// they were the rule).
  static constexpr std::uint64_t slots = 8;

  /// Memory that a board for blocks of `bytes` takes.
  [[nodiscard]] static constexpr std::size_t memory_needed(std::size_t bytes) noexcept {
    return sizeof(BasicBlackboard) + slots * stride(bytes) * sizeof(Word);
  }

  /// Ordinary domain: makes a board for blocks of `bytes` in `memory` before anybody else
  /// knows of it. It must begin on a cache line boundary and
  /// have memory_needed(bytes); null if it does not. The board needs no destruction.
  [[nodiscard]] static BasicBlackboard* create(std::span<std::byte> memory, std::size_t bytes) noexcept {
    if (!aligned(memory.data()) || memory.size() < memory_needed(bytes)) return nullptr;
    auto* const board = new (memory.data()) BasicBlackboard(bytes);
    for (std::size_t i = 0; i < slots * stride(bytes); ++i) new (board->words() + i) Word(0);
    return board;
  }

  /// Ordinary domain: the board that another one (or another process) created in `memory`; null if there is
  /// none, or one of another build, or less memory than it needs.
  [[nodiscard]] static const BasicBlackboard* open(std::span<const std::byte> memory) noexcept {
    if (!aligned(memory.data()) || memory.size() < sizeof(BasicBlackboard)) return nullptr;
    const void* const start = memory.data();
    const auto* const board = std::launder(static_cast<const BasicBlackboard*>(start));
    if (board->magic_ != magic || board->bytes_ > memory.size()) return nullptr;
    return memory.size() >= memory_needed(board->bytes_) ? board : nullptr;
  }

  /// Bytes of one block.
  [[nodiscard]] std::size_t size() const noexcept { return bytes_; }
  /// Any thread: how many blocks have been published so far.
  [[nodiscard]] std::uint64_t published() const noexcept {
    return published_.load(std::memory_order_relaxed);
  }

  /// Producer: publishes a block of size() bytes; of a shorter one the rest is zero, of a longer one the rest
  /// is cut.
  void write(std::span<const std::byte> block) noexcept {
    // relaxed: only the producer writes the counter.
    const std::uint64_t next = published_.load(std::memory_order_relaxed) + 1;
    Word* const slot = words() + (next % slots) * stride(bytes_);
    const std::size_t whole = std::min<std::size_t>(block.size(), bytes_) / sizeof(std::uint64_t);
    for (std::size_t i = 0; i < whole; ++i) slot[i].store(word_at(block, i), Orders::store_word);
    for (std::size_t i = whole; i < words_for(bytes_); ++i)
      slot[i].store(end_word(block, i), Orders::store_word);
    published_.store(next, Orders::publish);
  }

  /// Reader: copies the newest block into `block` (as much as fits), trying at most `most_tries` times.
  [[nodiscard]] ReadOutcome try_read(std::span<std::byte> block, unsigned most_tries) const noexcept {
    for (unsigned tries = 0; tries < most_tries; ++tries) {
      const std::uint64_t before = published_.load(Orders::look);
      if (before == 0) return ReadOutcome::nothing;
      copy_out(words() + (before % slots) * stride(bytes_), block);
      // relaxed: the acquire loads of the words have put this look after them.
      const std::uint64_t after = published_.load(std::memory_order_relaxed);
      // Publication `before + slots` goes to the same slot. The producer starts it when it has published the
      // one before that, so up to there the copy is whole.
      if (after - before < slots - 1) return ReadOutcome::ok;
    }
    return ReadOutcome::busy;
  }

  /// The same for a value of a trivially copyable type of size() bytes.
  template <class T>
  requires(std::is_trivially_copyable_v<T> &&
           !std::is_convertible_v<const T&, std::span<const std::byte>>) void write(const T& value) noexcept {
    write(std::as_bytes(std::span(&value, 1)));
  }
  template <class T>
  requires(std::is_trivially_copyable_v<T> && !std::is_convertible_v<T&, std::span<std::byte>>)
      [[nodiscard]] ReadOutcome try_read(T& value, unsigned most_tries) const noexcept {
    return try_read(std::as_writable_bytes(std::span(&value, 1)), most_tries);
  }

 private:
  // The payload is atomic words, because a reader may look at a word while it is written: it then finds the
  // old or the new word, and the second look at the counter sorts it out. Plain memory would be a data race.
  using Word = std::atomic<std::uint64_t>;
  static_assert(Word::is_always_lock_free, "an atomic with a lock inside does not work between processes");
  static constexpr std::uint64_t magic = 0x7461'6374'7573'0001;  // "tactus", layout 1

  explicit BasicBlackboard(std::size_t bytes) noexcept : bytes_(bytes) {}

  static constexpr std::size_t words_for(std::size_t bytes) noexcept {
    return round_up(bytes, sizeof(Word)) / sizeof(Word);
  }
  /// Words from one slot to the next: slots share no cache line.
  static constexpr std::size_t stride(std::size_t bytes) noexcept {
    return round_up(bytes, cache_line) / sizeof(Word);
  }
  static bool aligned(const std::byte* memory) noexcept {
    return memory != nullptr && reinterpret_cast<std::uintptr_t>(memory) % cache_line == 0;
  }
  static std::uint64_t word_at(std::span<const std::byte> block, std::size_t word) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, block.data() + word * sizeof value, sizeof value);
    return value;
  }
  /// A word of which `block` has only a part, or nothing: what is missing is zero.
  static std::uint64_t end_word(std::span<const std::byte> block, std::size_t word) noexcept {
    std::uint64_t value = 0;
    const std::size_t offset = word * sizeof value;
    if (offset < block.size()) {
      std::memcpy(&value, block.data() + offset, std::min(sizeof value, block.size() - offset));
    }
    return value;
  }
  void copy_out(const Word* slot, std::span<std::byte> block) const noexcept {
    const std::size_t bytes = std::min<std::size_t>(block.size(), bytes_);
    const std::size_t whole = bytes / sizeof(std::uint64_t);
    for (std::size_t i = 0; i < whole; ++i) {
      const std::uint64_t value = slot[i].load(Orders::load_word);
      std::memcpy(block.data() + i * sizeof value, &value, sizeof value);
    }
    if (bytes % sizeof(std::uint64_t) != 0) {
      const std::uint64_t value = slot[whole].load(Orders::load_word);
      std::memcpy(block.data() + whole * sizeof value, &value, bytes % sizeof value);
    }
  }

  Word* words() noexcept { return std::launder(reinterpret_cast<Word*>(this + 1)); }
  const Word* words() const noexcept { return std::launder(reinterpret_cast<const Word*>(this + 1)); }

  // One cache line: who reads the counter needs the others too.
  alignas(cache_line) std::atomic<std::uint64_t> published_{0};
  const std::uint64_t magic_ = magic;
  const std::uint64_t bytes_;
};

/// The board with its proper memory orders.
using Blackboard = BasicBlackboard<>;

}  // namespace tactus
