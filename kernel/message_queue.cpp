#include "kernel/message_queue.hpp"

#include <cstring>

#include "kernel/call.hpp"

namespace tactus::kernel {

MessageQueue::MessageQueue(Kernel& kernel, const char* name, std::span<std::byte> memory,
                           std::size_t item_size) noexcept
    : senders_(kernel, "room in queue", name, Order::priority),
      receivers_(kernel, "an item in queue", name, Order::priority),
      memory_(memory),
      item_size_(item_size),
      capacity_(memory.size() / item_size) {}

void MessageQueue::push(const void* item) noexcept {
  std::size_t place = first_ + size_++;
  if (place >= capacity_) place -= capacity_;
  std::memcpy(&memory_[place * item_size_], item, item_size_);
}

Result MessageQueue::send(const void* item, WaitLimit limit) noexcept {
  const Call call(senders_, "Queue::send");
  if (Task* const receiver = receivers_.first()) {
    std::memcpy(WaitQueue::request_of(*receiver), item, item_size_);
    receivers_.wake(*receiver);
    call.reschedule();
    return Result::ok;
  }
  // A sender that waits lends its item: the request is read only.
  if (size_ == capacity_) return call.wait(senders_, limit, const_cast<void*>(item));
  push(item);
  return Result::ok;
}

Result MessageQueue::receive(void* item, WaitLimit limit) noexcept {
  const Call call(receivers_, "Queue::receive");
  Task* const sender = senders_.first();
  if (size_ > 0) {
    std::memcpy(item, &memory_[first_ * item_size_], item_size_);
    if (++first_ == capacity_) first_ = 0;
    --size_;
    if (sender == nullptr) return Result::ok;
    push(WaitQueue::request_of(*sender));
  } else if (sender != nullptr) {  // no room at all: from hand to hand
    std::memcpy(item, WaitQueue::request_of(*sender), item_size_);
  } else {
    return call.wait(receivers_, limit, item);
  }
  senders_.wake(*sender);
  call.reschedule();
  return Result::ok;
}

}  // namespace tactus::kernel
