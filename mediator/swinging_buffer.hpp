// SwingingBuffer: hands a whole object (a program, a table) into the real-time domain by one atomic pointer,
// and the one that it replaces back out. Memory is taken and given back on the ordinary side only, and the
// real-time side pays one load on a beat where nothing waits.
//
//   ordinary side                                  real-time side, at a beat boundary
//   if (!buffer.offer(program)) ...later...        if (Program* next = buffer.take()) {
//   while (auto old = buffer.reclaim()) ...          buffer.hand_back(running); running = next; }
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <memory>

#include "mediator/cache_line.hpp"
#include "mediator/fifo.hpp"

namespace tactus {

/// The memory orders of the exchange; those of the way back are RingOrders. A policy, as there.
struct SwingingOrders : RingOrders {
  /// The ordinary side's store of the pointer. release: the object is complete before it can be seen.
  static constexpr std::memory_order offer = std::memory_order_release;
  /// The real-time side's exchange. acquire: it sees the object complete.
  static constexpr std::memory_order take = std::memory_order_acquire;
};

/// Exchange of whole objects between one ordinary thread and one real-time task. Wait-free on both sides.
///
/// One object is pending at most. An object offered and not yet reclaimed (pending, in use or on its way
/// back) is *on loan*; offer() refuses past `most_on_loan`, and the way back is a Fifo with as many places.
/// So hand_back() always finds room: it can't fail, wait or allocate. A list through the objects would have
/// no such limit, but it needs a compare-and-swap loop and room in every T; a limit that the ordinary side
/// can meet (by reclaiming) is cheaper than a loop that the real-time side can't.
///
/// | stopped                                      | what the other side sees                               |
/// |----------------------------------------------|--------------------------------------------------------|
/// | ordinary side, before the store in offer()   | nothing pending                                        |
/// | ordinary side, after it                      | the object, complete; or nothing again if withdraw()   |
/// |                                              | comes first                                            |
/// | real-time side, between the load and the     | withdraw() gets the object, and the exchange then      |
/// | exchange of take()                           | finds null: one side gets it, never both               |
/// | real-time side, after take()                 | the old object stays on loan, reclaim() finds nothing  |
/// |                                              | yet; offer() may already make another one pending      |
/// | real-time side, after hand_back()            | the old object, which the real-time side has left      |
/// | ordinary side, anywhere in reclaim()         | hand_back() has its place all the same                 |
template <class T, class Orders = SwingingOrders>
class SwingingBuffer {
 public:
  /// Ordinary domain. `most_on_loan` objects, at least 1 (std::invalid_argument otherwise), can be offered
  /// and not yet reclaimed: one running, one just handed back and one pending take three.
  explicit SwingingBuffer(std::size_t most_on_loan = 8) : returned_(most_on_loan) {}
  SwingingBuffer(const SwingingBuffer&) = delete;
  SwingingBuffer& operator=(const SwingingBuffer&) = delete;

  /// Deletes what is pending and what was handed back. What the real-time side has taken is the real-time
  /// side's until it hands it back: it must have stopped by now and handed back all (on_loan() then counts
  /// those inside).
  ~SwingingBuffer() {
    withdraw();
    while (reclaim() != nullptr) {
    }
    assert(on_loan_ == 0 && "an object was taken and never handed back");
  }

  /// Ordinary side: makes `object` the pending one and takes it over. False, and `object` untouched, while
  /// another is pending, or `most_on_loan` are out and reclaim() must come first. `object` must not be null.
  [[nodiscard]] bool offer(std::unique_ptr<T>& object) noexcept {
    assert(object != nullptr);
    if (pending() || on_loan_ == returned_.capacity()) return false;
    // A store is enough: only this side makes the pointer non-null, and it is null.
    pending_.store(object.release(), Orders::offer);
    ++on_loan_;
    return true;
  }
  /// Ordinary side: takes the pending object back; null if there is none (any more).
  std::unique_ptr<T> withdraw() noexcept {
    // relaxed: if it succeeds the object never left this thread; if not there is nothing to order.
    T* const object = pending_.exchange(nullptr, std::memory_order_relaxed);
    if (object != nullptr) --on_loan_;
    return std::unique_ptr<T>(object);
  }
  /// Ordinary side: the object that was handed back longest ago; null if there is none.
  std::unique_ptr<T> reclaim() noexcept {
    T* object = nullptr;
    if (returned_.try_pop(object)) --on_loan_;
    return std::unique_ptr<T>(object);
  }
  /// Any thread: whether an object waits to be taken. On the ordinary side a "no" stays true until the next
  /// offer().
  [[nodiscard]] bool pending() const noexcept {
    // relaxed: nobody follows the pointer because of this answer.
    return pending_.load(std::memory_order_relaxed) != nullptr;
  }
  /// Ordinary side: how many objects were offered and have come back neither by withdraw() nor by reclaim().
  [[nodiscard]] std::size_t on_loan() const noexcept { return on_loan_; }

  /// Real-time side: the pending object, which is the caller's until it hands it back; null if there is none,
  /// at the price of one load.
  [[nodiscard]] T* take() noexcept {
    if (!pending()) return nullptr;
    return pending_.exchange(nullptr, Orders::take);  // null if withdraw() came between
  }
  /// Real-time side: gives back an object that take() returned, each once, and does not touch it any more.
  /// Null is allowed and does nothing. Never fails, waits or allocates.
  void hand_back(T* object) noexcept {
    if (object == nullptr) return;
    [[maybe_unused]] const bool had_room = returned_.try_push(object);
    assert(had_room && "an object was handed back that take() did not give");
  }

 private:
  static_assert(std::atomic<T*>::is_always_lock_free);

  alignas(cache_line) std::atomic<T*> pending_{nullptr};
  std::size_t on_loan_ = 0;  // the ordinary side's alone
  Fifo<T*, Orders> returned_;
};

}  // namespace tactus
