#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "event/event.hpp"

namespace tactus {

/// A registration with an event that ends with this object, or with the event if that goes first.
/// Ordinary domain.
class Subscription {
 public:
  /// At which moment of a firing to be called.
  enum class Moment : std::uint8_t { synchronous, asynchronous, completion };

  /// Registers `call`; throws std::logic_error when the event refuses.
  template <typename Payload>
  Subscription(Event<Payload>& event, const typename Event<Payload>::Listener& call,
               Moment moment = Moment::synchronous, int priority = 0)
      : registration_(enter(event, call, moment, priority)),
        remove_(method<&Event<Payload>::remove>(event)),
        life_(event.life()) {
    if (!registration_) {
      throw std::logic_error("event '" + std::string(event.name()) +
                             "': can't register while it is being fired or handled, or with nothing to call");
    }
  }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  ~Subscription() {
    if (!life_.expired()) remove_(registration_);
  }

 private:
  template <typename Payload>
  static Registration enter(Event<Payload>& event, const typename Event<Payload>::Listener& call,
                            Moment moment, int priority) {
    if (moment == Moment::completion) return event.add_completer(call, priority);
    return event.add_listener(
        call, moment == Moment::synchronous ? Handling::synchronous : Handling::asynchronous, priority);
  }

  Registration registration_;
  Delegate<bool(Registration)> remove_;
  std::weak_ptr<const void> life_;
};

}  // namespace tactus
