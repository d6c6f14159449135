#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "kernel/timeout_queue.hpp"

namespace tactus::kernel {

/// What the ready queue needs of a task; lies in the task, so the queue takes no memory.
struct ReadyNode {
  Priority priority = 0;
  ReadyNode* next = nullptr;
  ReadyNode* previous = nullptr;
};

/// The tasks that could run: a ring for each of the 256 priorities, first in first out within one, and a
/// bitmap that tells which rings hold somebody. Every operation takes the same time however many tasks there
/// are.
class ReadyQueue {
 public:
  /// Adds a node behind the others of its priority.
  void push_back(ReadyNode& node) noexcept { link(node); }

  /// Adds a node before the others of its priority: for one that was pre-empted, which keeps its turn.
  void push_front(ReadyNode& node) noexcept {
    link(node);
    rings_[node.priority] = &node;
  }

  /// Takes out a node that is in the queue.
  void remove(ReadyNode& node) noexcept {
    ReadyNode*& head = rings_[node.priority];
    if (node.next == &node) {
      head = nullptr;
      const unsigned word = node.priority / 64U;
      words_[word] &= ~(std::uint64_t{1} << node.priority % 64U);
      if (words_[word] == 0) used_words_ &= ~(1U << word);
      return;
    }
    node.previous->next = node.next;
    node.next->previous = node.previous;
    if (head == &node) head = node.next;
  }

  /// Takes out the first node of the most urgent priority; null when empty.
  ReadyNode* pop() noexcept {
    const int priority = top();
    if (priority < 0) return nullptr;
    ReadyNode* const node = rings_[static_cast<Priority>(priority)];
    remove(*node);
    return node;
  }

  /// The most urgent priority in the queue, or -1.
  [[nodiscard]] int top() const noexcept {
    if (used_words_ == 0) return -1;
    const auto word = static_cast<unsigned>(std::bit_width(used_words_) - 1);
    return static_cast<int>(word) * 64 + static_cast<int>(std::bit_width(words_[word])) - 1;
  }

 private:
  /// Puts a node at the end of its ring, which is the place before the head.
  void link(ReadyNode& node) noexcept {
    ReadyNode*& head = rings_[node.priority];
    if (head == nullptr) {
      head = node.next = node.previous = &node;
      words_[node.priority / 64U] |= std::uint64_t{1} << node.priority % 64U;
      used_words_ |= 1U << node.priority / 64U;
      return;
    }
    node.next = head;
    node.previous = head->previous;
    head->previous->next = &node;
    head->previous = &node;
  }

  std::array<ReadyNode*, 256> rings_{};
  std::array<std::uint64_t, 4> words_{};
  unsigned used_words_ = 0;  ///< bit n is set when words_[n] has one
};

}  // namespace tactus::kernel
