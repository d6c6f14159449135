#pragma once

#include <cstddef>
#include <span>

#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// What `Queue` is made of: items as bytes, in memory of the caller's.
class MessageQueue {
 public:
  /// Room for `memory.size() / item_size` items; none makes every send wait for its receive.
  MessageQueue(Kernel& kernel, const char* name, std::span<std::byte> memory, std::size_t item_size) noexcept;

  Result send(const void* item, WaitLimit limit) noexcept;
  Result receive(void* item, WaitLimit limit) noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  void push(const void* item) noexcept;

  WaitQueue senders_;
  WaitQueue receivers_;
  std::span<std::byte> memory_;
  std::size_t item_size_;
  std::size_t capacity_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace tactus::kernel
