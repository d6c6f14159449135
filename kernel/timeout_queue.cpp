#include "kernel/timeout_queue.hpp"

#include <bit>
#include <utility>

namespace tactus::kernel {

bool TimeoutQueue::before(const Timeout& a, const Timeout& b) noexcept {
  if (a.when != b.when) return a.when < b.when;
  if (a.priority != b.priority) return a.priority > b.priority;
  return a.arrival_ < b.arrival_;
}

/// The link that holds node `number`. Nodes are numbered from 1 row by row, so the bits of the number below
/// its highest one spell the way down from the root: 0 is left, 1 is right.
Timeout** TimeoutQueue::slot(std::size_t number, Timeout*& parent) noexcept {
  Timeout** link = &root_;
  parent = nullptr;
  for (int bit = static_cast<int>(std::bit_width(number)) - 2; bit >= 0; --bit) {
    parent = *link;
    link = (number >> bit & 1U) != 0 ? &parent->right_ : &parent->left_;
  }
  return link;
}

Timeout** TimeoutQueue::link_to(Timeout& node) noexcept {
  if (node.parent_ == nullptr) return &root_;
  return node.parent_->left_ == &node ? &node.parent_->left_ : &node.parent_->right_;
}

void TimeoutQueue::insert(Timeout& timeout) noexcept {
  timeout.arrival_ = arrivals_++;
  timeout.left_ = timeout.right_ = nullptr;
  timeout.queued_ = true;
  *slot(++size_, timeout.parent_) = &timeout;
  sift_up(timeout);
}

void TimeoutQueue::remove(Timeout& timeout) noexcept {
  if (!timeout.queued_) return;
  timeout.queued_ = false;
  Timeout* parent = nullptr;
  Timeout** const last_link = slot(size_--, parent);
  Timeout& last = *std::exchange(*last_link, nullptr);
  if (&last == &timeout) return;
  replace(timeout, last);
  // The last node may belong above or below its new place, never both.
  sift_up(last);
  sift_down(last);
}

void TimeoutQueue::set_priority(Timeout& timeout, Priority priority) noexcept {
  timeout.priority = priority;
  if (!timeout.queued_) return;
  sift_up(timeout);
  sift_down(timeout);
}

/// Puts `by`, which is in no place, where `old` was.
void TimeoutQueue::replace(Timeout& old, Timeout& by) noexcept {
  *link_to(old) = &by;
  by.parent_ = old.parent_;
  by.left_ = old.left_;
  by.right_ = old.right_;
  if (by.left_ != nullptr) by.left_->parent_ = &by;
  if (by.right_ != nullptr) by.right_->parent_ = &by;
}

void TimeoutQueue::swap_with_parent(Timeout& child) noexcept {
  Timeout& parent = *child.parent_;
  *link_to(parent) = &child;
  const bool was_left = parent.left_ == &child;
  Timeout* const sibling = was_left ? parent.right_ : parent.left_;
  child.parent_ = std::exchange(parent.parent_, &child);
  parent.left_ = std::exchange(child.left_, was_left ? &parent : sibling);
  parent.right_ = std::exchange(child.right_, was_left ? sibling : &parent);
  if (sibling != nullptr) sibling->parent_ = &child;
  if (parent.left_ != nullptr) parent.left_->parent_ = &parent;
  if (parent.right_ != nullptr) parent.right_->parent_ = &parent;
}

void TimeoutQueue::sift_up(Timeout& node) noexcept {
  while (node.parent_ != nullptr && before(node, *node.parent_)) swap_with_parent(node);
}

void TimeoutQueue::sift_down(Timeout& node) noexcept {
  for (;;) {
    Timeout* next = node.left_;
    if (node.right_ != nullptr && before(*node.right_, *next)) next = node.right_;
    if (next == nullptr || !before(*next, node)) return;
    swap_with_parent(*next);
  }
}

}  // namespace tactus::kernel
