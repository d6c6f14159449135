#include "kernel/ready_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <random>
#include <vector>

namespace tactus::kernel {
namespace {

TEST(ReadyQueue, EmptyHasNoTop) {
  ReadyQueue queue;
  EXPECT_EQ(queue.top(), -1);
  EXPECT_EQ(queue.pop(), nullptr);
}

TEST(ReadyQueue, HoldsEveryPriority) {
  ReadyQueue queue;
  std::array<ReadyNode, 256> nodes;
  for (unsigned i = 0; i < 256; ++i) {
    nodes[i].priority = static_cast<Priority>(i * 37U);  // 37 is odd: each priority comes once
    queue.push_back(nodes[i]);
  }
  for (int priority = 255; priority >= 0; --priority) {
    EXPECT_EQ(queue.top(), priority);
    ReadyNode* const node = queue.pop();
    ASSERT_NE(node, nullptr);
    EXPECT_EQ(node->priority, priority);
  }
  EXPECT_EQ(queue.top(), -1);
}

// A map of deques is the same thing, slower.
TEST(ReadyQueue, AgreesWithAReferenceModel) {
  std::mt19937 random{7};
  ReadyQueue queue;
  std::map<int, std::deque<ReadyNode*>, std::greater<>> model;
  std::array<ReadyNode, 64> nodes;
  std::vector<ReadyNode*> out;
  out.reserve(nodes.size());
  for (ReadyNode& node : nodes) out.push_back(&node);
  for (int step = 0; step < 200'000; ++step) {
    const auto choice = random() % 5;
    if (choice < 2 && !out.empty()) {
      ReadyNode* const node = out.back();
      out.pop_back();
      node->priority = static_cast<Priority>(random() % 256);
      if (choice == 0) {
        queue.push_back(*node);
        model[node->priority].push_back(node);
      } else {
        queue.push_front(*node);
        model[node->priority].push_front(node);
      }
    } else if (choice == 2 && !model.empty()) {  // somebody in the middle
      auto ring = std::next(model.begin(), static_cast<std::ptrdiff_t>(random() % model.size()));
      auto place = ring->second.begin() + static_cast<std::ptrdiff_t>(random() % ring->second.size());
      queue.remove(**place);
      out.push_back(*place);
      ring->second.erase(place);
      if (ring->second.empty()) model.erase(ring);
    } else if (choice > 2) {
      ReadyNode* const node = queue.pop();
      ASSERT_EQ(node, model.empty() ? nullptr : model.begin()->second.front());
      if (node == nullptr) continue;
      out.push_back(node);
      model.begin()->second.pop_front();
      if (model.begin()->second.empty()) model.erase(model.begin());
    }
    ASSERT_EQ(queue.top(), model.empty() ? -1 : model.begin()->first);
  }
}

}  // namespace
}  // namespace tactus::kernel
