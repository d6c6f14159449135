#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/time.hpp"

namespace tactus::kernel {

/// Urgency, 0 to 255; higher is more urgent.
using Priority = std::uint8_t;

/// Something that is to happen at a time. Lies in the object that it serves, so the queue takes no memory.
struct Timeout {
  using Expire = void (*)(Timeout&);

  explicit Timeout(Expire on_expire) noexcept : expire(on_expire) {}
  Timeout(const Timeout&) = delete;
  Timeout& operator=(const Timeout&) = delete;

  Time when = forever;
  Priority priority = 0;
  Expire
      expire;  ///< called by the kernel, with interrupts masked, once the time has come and it left the queue

 private:
  friend class TimeoutQueue;
  std::uint64_t arrival_ = 0;
  Timeout* parent_ = nullptr;
  Timeout* left_ = nullptr;
  Timeout* right_ = nullptr;
  bool queued_ = false;
};

/// Time-outs ordered by time, then priority (more urgent first), then arrival: a total order, so that equal
/// times never depend on luck. A binary heap whose nodes are the time-outs themselves: insert and remove take
/// at most log2(n) steps, the first is known at once, and nothing is allocated.
class TimeoutQueue {
 public:
  /// Adds a time-out that is in no queue.
  void insert(Timeout& timeout) noexcept;

  /// Takes a time-out out; does nothing if it is in no queue.
  void remove(Timeout& timeout) noexcept;

  /// Changes the priority of a time-out, which keeps its arrival.
  void set_priority(Timeout& timeout, Priority priority) noexcept;

  /// The next to expire, or null.
  [[nodiscard]] Timeout* first() const noexcept { return root_; }
  [[nodiscard]] bool empty() const noexcept { return root_ == nullptr; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  static bool before(const Timeout& a, const Timeout& b) noexcept;
  Timeout** slot(std::size_t number, Timeout*& parent) noexcept;
  Timeout** link_to(Timeout& node) noexcept;
  void swap_with_parent(Timeout& child) noexcept;
  void replace(Timeout& old, Timeout& by) noexcept;
  void sift_up(Timeout& node) noexcept;
  void sift_down(Timeout& node) noexcept;

  Timeout* root_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t arrivals_ = 0;
};

}  // namespace tactus::kernel
