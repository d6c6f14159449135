#pragma once
#include <cstddef>
#include <vector>

namespace tactus {

/// What decides about the order of a component within a beat.
struct OrderNode {
  std::size_t stage = 0;             ///< breaks ties: lower goes first
  std::vector<std::size_t> needs{};  ///< nodes that must run before
};

struct Order {
  std::vector<std::size_t> sequence;  ///< of all nodes; shorter if there is a loop
  std::vector<std::size_t> loop;  ///< the members of one loop, each needing the next; empty if there is none
};

/// The push order: topological, ties by stage, then by position.
Order push_order(const std::vector<OrderNode>& nodes);

}  // namespace tactus
