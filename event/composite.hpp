#pragma once

#include <algorithm>
#include <deque>

#include "event/event.hpp"
#include "event/subscription.hpp"

namespace tactus {

/// AND: fires when each of its parts has fired at least once since it fired last, then starts anew.
///
/// It is an event as any other (without payload), so composites nest to any depth; it is fired by its parts
/// only, within their synchronous stage, and shares their task. A part that fires more than once in a round
/// counts as once. A part may go first; the composite then waits for it in vain.
class AllOf : public Event<> {
 public:
  using Event<>::Event;

  /// Adds a part; ordinary domain. Throws std::logic_error while that event is being fired or handled.
  template <typename Payload>
  AllOf& add(Event<Payload>& event) {
    parts_.emplace_back(*this, event);
    return *this;
  }

 private:
  using Event<>::fire;

  struct Part {
    template <typename Payload>
    Part(AllOf& all, Event<Payload>& event)
        : owner(all), subscription(event, method<&Part::on_fired>(*this)) {}

    void on_fired() noexcept {
      fired = true;
      owner.fire_if_all();
    }

    AllOf& owner;
    bool fired = false;
    Subscription subscription;
  };

  void fire_if_all() noexcept {
    if (!std::all_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.fired; })) return;
    for (Part& part : parts_) part.fired = false;
    fire();
  }

  std::deque<Part> parts_;  // never moves a part: the events refer to it
};

/// OR: fires whenever one of its parts fires, as long as one is left. Otherwise as `AllOf`.
class AnyOf : public Event<> {
 public:
  using Event<>::Event;

  /// Adds a part; ordinary domain. Throws std::logic_error while that event is being fired or handled.
  template <typename Payload>
  AnyOf& add(Event<Payload>& event) {
    parts_.emplace_back(event, method<&AnyOf::on_part_fired>(*this));
    return *this;
  }

 private:
  using Event<>::fire;

  void on_part_fired() noexcept { fire(); }

  std::deque<Subscription> parts_;
};

}  // namespace tactus
