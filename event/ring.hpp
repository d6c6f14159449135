#pragma once

#include <cstddef>
#include <vector>

namespace tactus {

/// A first-in first-out queue of fixed capacity for use within one task: it has no synchronisation.
/// Memory is taken by the constructor only; everything else is real-time safe and takes constant time.
template <typename T>
class Ring {
 public:
  /// Ordinary domain. A ring of capacity 0 holds nothing.
  explicit Ring(std::size_t capacity) : slots_(capacity) {}

  /// The most elements that it holds.
  std::size_t capacity() const noexcept { return slots_.size(); }
  /// The number of elements in it now.
  std::size_t size() const noexcept { return size_; }
  /// Whether there is nothing in it.
  bool empty() const noexcept { return size_ == 0; }

  /// Adds a copy of `value` behind the others; false, and nothing done, when it is full.
  bool put(const T& value) noexcept {
    if (size_ == capacity()) return false;
    slots_[index(size_)] = value;
    ++size_;
    return true;
  }

  /// Overwrites the element put in last. The ring must not be empty.
  void replace_newest(const T& value) noexcept { slots_[index(size_ - 1)] = value; }

  /// Takes the oldest element out into `value`; false, and nothing done, when it is empty.
  bool take(T& value) noexcept {
    if (empty()) return false;
    value = slots_[oldest_];
    oldest_ = index(1);
    --size_;
    return true;
  }

 private:
  std::size_t index(std::size_t offset) const noexcept {
    const std::size_t i = oldest_ + offset;
    return i < capacity() ? i : i - capacity();
  }

  std::vector<T> slots_;
  std::size_t oldest_ = 0;
  std::size_t size_ = 0;
};

}  // namespace tactus
