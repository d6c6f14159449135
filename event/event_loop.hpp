#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "event/event.hpp"
#include "event/subscription.hpp"

namespace tactus {

/// A loop with an asynchronous exit event: runs a function whenever the event `work` has fired, and leaves
/// when the event `exit` has, always between two runs of the function, never within one.
///
/// How often the function runs when `work` fires faster than it can follow is the policy of `work`: queued,
/// once for each firing; else once for those that coalesced. The loop waits with the function that it is
/// given (in a real-time task, the kernel's wait; it fires the events, from what a mediator brought), and so
/// depends on no thread and no operating system. It belongs to the task that owns the two events.
template <typename Payload = Nothing>
class EventLoop {
 public:
  using Work = typename Event<Payload>::Listener;

  /// Ordinary domain; all arguments must outlive the loop. `wait` returns when something may have happened;
  /// it may return too often. Throws std::logic_error when an event is being fired, or `work` or `wait`
  /// empty.
  template <typename ExitPayload>
  EventLoop(Event<Payload>& work, const Work& function, Event<ExitPayload>& exit, Delegate<void()> wait)
      : work_(work),
        wait_(wait),
        function_(work, function, Subscription::Moment::asynchronous),
        leave_(exit, method<&EventLoop::leave>(*this)) {
    if (!wait)
      throw std::logic_error("event loop on '" + std::string(work.name()) + "': nothing to wait with");
  }

  /// Runs until `exit` has fired; returns the number of runs of the function. When both events have fired the
  /// function runs once more first; what is then left in the queue of `work` stays there. An exit that
  /// came before the call counts; each call uses one up. Real-time safe when `wait` and the function are.
  std::uint64_t run() noexcept {
    std::uint64_t runs = 0;
    for (;;) {
      while (work_.pending() == 0 && !leave_asked_) wait_();
      runs += work_.handle_pending(1);
      if (leave_asked_) break;
    }
    leave_asked_ = false;
    return runs;
  }

 private:
  void leave() noexcept { leave_asked_ = true; }

  Event<Payload>& work_;
  Delegate<void()> wait_;
  bool leave_asked_ = false;
  Subscription function_;
  Subscription leave_;
};

}  // namespace tactus
