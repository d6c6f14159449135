#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include "kernel/message_queue.hpp"

namespace tactus::kernel {

/// Up to `capacity` items on their way from tasks and handlers to tasks, in the order of sending. A capacity
/// of 0 makes every send wait for its receive. An item goes straight to the task that waits for it. For one
/// producer outside of the kernel take a lock-free fifo and a `Doorbell`.
template <class Item, std::size_t capacity>
class Queue {
  static_assert(std::is_trivially_copyable_v<Item>, "items are copied byte by byte, with interrupts masked");

 public:
  /// `name` must outlive it.
  Queue(Kernel& kernel, const char* name) noexcept : queue_(kernel, name, memory_, sizeof(Item)) {}

  /// *Task.* Puts an item behind the others: ok, timed_out while it is full, stopped or deleted. Senders that
  /// wait are served in order of priority. By handlers with `at_once`.
  Result send(const Item& item, WaitLimit limit = {}) noexcept { return queue_.send(&item, limit); }

  /// *Task.* Takes the oldest item: ok, timed_out while there is none, stopped or deleted. Receivers that
  /// wait are served in order of priority. By handlers with `at_once`.
  Result receive(Item& item, WaitLimit limit = {}) noexcept { return queue_.receive(&item, limit); }

  /// The items in it. The kernel's thread.
  [[nodiscard]] std::size_t size() const noexcept { return queue_.size(); }

 private:
  std::array<std::byte, capacity * sizeof(Item)> memory_;
  MessageQueue queue_;
};

}  // namespace tactus::kernel
