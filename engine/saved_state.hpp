#pragma once
// State as numbers that stand side by side: what a checkpoint is made of.

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "mediator/status.hpp"
#include "plugin/configurable.hpp"

namespace tactus {

/// The names of the numbers that `owner` shows, behind its own: `loop.integral`, `motor.x[2]`. Ordinary
/// domain, while no beat uses the owner.
template <class Owner>
std::vector<std::string> state_names(const std::string& name, Owner& owner) {
  struct Names final : StateVisitor {
    std::string owner;
    std::vector<std::string> all{};
    using StateVisitor::visit;
    void visit(const char* part, double*, std::size_t count) override {
      for (std::size_t i = 0; i < count; ++i)
        all.push_back(owner + "." + part + (count == 1 ? "" : "[" + std::to_string(i) + "]"));
    }
  } names;
  names.owner = name;
  owner.state(names);
  return std::move(names.all);
}

/// Copies what `owner` shows to `to`, which has room for what state_names() told of it; if that is not as
/// much any more, the rest is not a number. Real-time.
template <class Owner>
void save_state(Owner& owner, std::span<double> to) {
  struct Saver final : StateVisitor {
    std::span<double> room;
    using StateVisitor::visit;
    void visit(const char*, double* values, std::size_t count) override {
      count = std::min(count, room.size());
      std::copy_n(values, count, room.data());
      room = room.subspan(count);
    }
  } saver;
  saver.room = to;
  owner.state(saver);
  std::ranges::fill(saver.room, std::numeric_limits<double>::quiet_NaN());
}

/// The way back. Ordinary domain, while no beat uses the owner.
template <class Owner>
void restore_state(Owner& owner, std::span<const double> from) {
  struct Restorer final : StateVisitor {
    std::span<const double> left;
    using StateVisitor::visit;
    void visit(const char*, double* values, std::size_t count) override {
      count = std::min(count, left.size());
      std::copy_n(left.data(), count, values);
      left = left.subspan(count);
    }
  } restorer;
  restorer.left = from;
  owner.state(restorer);
}

/// Shows statuses as numbers, some at a time.
inline void visit_statuses(StateVisitor& visitor, const char* name, std::span<Status> statuses) {
  std::array<double, 32> numbers{};
  while (!statuses.empty()) {
    const std::span<Status> some = statuses.first(std::min(statuses.size(), numbers.size()));
    std::ranges::transform(some, numbers.begin(), [](Status status) { return static_cast<double>(status); });
    visitor.visit(name, numbers.data(), some.size());
    std::transform(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(some.size()), some.begin(),
                   [](double number) { return static_cast<Status>(number); });
    statuses = statuses.subspan(some.size());
  }
}

}  // namespace tactus
