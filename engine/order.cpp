#include "engine/order.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace tactus {
namespace {

/// Follows unmet needs from any node left over until one comes up twice: what lies between is a loop.
std::vector<std::size_t> find_loop(const std::vector<OrderNode>& nodes, const std::vector<bool>& done) {
  std::size_t at = static_cast<std::size_t>(std::find(done.begin(), done.end(), false) - done.begin());
  std::vector<std::size_t> path;
  while (std::find(path.begin(), path.end(), at) == path.end()) {
    path.push_back(at);
    const std::vector<std::size_t>& needs = nodes[at].needs;
    at = *std::find_if(needs.begin(), needs.end(), [&](std::size_t need) { return !done[need]; });
  }
  return {std::find(path.begin(), path.end(), at), path.end()};
}

}  // namespace

Order push_order(const std::vector<OrderNode>& nodes) {
  std::vector<std::size_t> unmet(nodes.size());
  std::vector<std::vector<std::size_t>> needed_by(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    unmet[i] = nodes[i].needs.size();
    for (const std::size_t need : nodes[i].needs) needed_by[need].push_back(i);
  }

  using Candidate = std::pair<std::size_t, std::size_t>;  // stage, position
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> ready;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (unmet[i] == 0) ready.emplace(nodes[i].stage, i);
  }

  Order order;
  std::vector<bool> done(nodes.size(), false);
  while (!ready.empty()) {
    const std::size_t next = ready.top().second;
    ready.pop();
    done[next] = true;
    order.sequence.push_back(next);
    for (const std::size_t dependent : needed_by[next]) {
      if (--unmet[dependent] == 0) ready.emplace(nodes[dependent].stage, dependent);
    }
  }
  if (order.sequence.size() < nodes.size()) order.loop = find_loop(nodes, done);
  return order;
}

}  // namespace tactus
