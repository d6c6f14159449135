// Baton: lets two sides use the same memory by turns. Whoever holds the baton may read and write what it
// stands for; passing it on ends that.
#pragma once

#include <atomic>
#include <cstdint>

namespace tactus {

/// Why each memory order is what it is. A policy, so that the tests can weaken them one by one.
struct BatonOrders {
  /// The store that passes the baton. release: all that the holder did comes before what the other side does.
  static constexpr std::memory_order pass = std::memory_order_release;
  /// The look at who holds it. acquire: all that the other side did has been done.
  static constexpr std::memory_order look = std::memory_order_acquire;
};

/// Between two tasks, on whatever cores, or processes. Wait-free: one load, one store; nobody waits here.
///
/// | stopped                       | what the other side sees                                      |
/// |-------------------------------|---------------------------------------------------------------|
/// | the holder, anywhere          | that the baton is away; it goes on with what else it has to do |
/// | the other side, anywhere      | the holder notices nothing                                    |
template <class Orders = BatonOrders>
class BasicBaton {
 public:
  enum class Side : std::uint8_t { first, second };

  explicit BasicBaton(Side holder = Side::first) : holder_(holder) {}
  BasicBaton(const BasicBaton&) = delete;
  BasicBaton& operator=(const BasicBaton&) = delete;

  /// True from when the other side has passed it until this side does. To be asked by that side.
  [[nodiscard]] bool held_by(Side side) const noexcept { return holder_.load(Orders::look) == side; }
  /// By the holder, to the other side.
  void pass_to(Side side) noexcept { holder_.store(side, Orders::pass); }

 private:
  std::atomic<Side> holder_;
};

using Baton = BasicBaton<>;

}  // namespace tactus
