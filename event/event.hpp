#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "event/delegate.hpp"
#include "event/ring.hpp"

namespace tactus {

/// The payload of an event that carries no data.
struct Nothing {};

/// The policies of an event; all of them combine.
struct EventOptions {
  /// Queued: how many firings may wait to be handled, none of them lost. A firing that finds the queue full
  /// is dropped and counted. With 0 the event is not queued: one firing may wait, and a newer one takes its
  /// place (they coalesce), which is counted as well.
  std::size_t queued = 0;
  /// Prioritised: listeners, and completers, run by priority, higher first, equals as registered.
  /// Without it the order is that of registration alone.
  bool prioritised = false;
  /// One-off: each firing runs one only of all the listeners and completers. With `prioritised` it is one of
  /// the highest priority; among equals they take turns, in the order of registration.
  bool one_off = false;
};

/// When a listener runs.
enum class Handling : std::uint8_t {
  synchronous,   ///< within `fire`
  asynchronous,  ///< within `handle_pending`
};

/// What became of a firing when `fire` returned.
enum class Fired : std::uint8_t {
  done,       ///< everything has run, the completers as well
  pending,    ///< the synchronous listeners have run; the rest waits for `handle_pending`
  deferred,   ///< fired by the event's own listener or completer: waits until the present firing is done
  prevented,  ///< the guard said no
  coalesced,  ///< took the place of a firing that was waiting already
  overflow,   ///< the queue was full: all that should have waited is dropped
};

/// Names a registration, so that it can be undone; false when the registration was refused.
struct [[nodiscard]] Registration {
  enum class Refusal : std::uint8_t {
    none,
    firing,  ///< the event is being fired or handled: registering belongs to configuration time
    empty,   ///< there is nothing to call
  };
  std::uint32_t id = 0;
  Refusal refusal = Refusal::none;

  explicit operator bool() const noexcept { return id != 0; }
};

/// What has become of all firings so far. Those not counted in the last three are still waiting.
struct EventCounts {
  std::uint64_t prevented = 0;   ///< calls of `fire` that the guard prevented; not counted in `fired`
  std::uint64_t fired = 0;       ///< all others
  std::uint64_t completed = 0;   ///< firings with all their listeners and completers run
  std::uint64_t coalesced = 0;   ///< firings whose place was taken by a newer one
  std::uint64_t overflowed = 0;  ///< firings dropped because the queue was full
};

/// An event: the mediator between those that notice something and those that must act on it.
///
/// `fire` runs the *synchronous* listeners and leaves the *asynchronous* ones to `handle_pending`; the
/// *completers* run when all listeners of that firing have. Each is told the event, the number of the firing
/// and the payload. One queue serves all asynchronous listeners, since a firing is handled as a whole.
///
/// Listeners and completers of one event never nest. When one of them fires the same event again, that firing
/// waits until the present one is done and runs before the outermost call returns. An event that fires itself
/// for ever cannot hold that call: it runs at most one queue of such firings, the rest waits for the next
/// call. A listener may remove itself or any other, which then does not run any more, not even for the firing
/// at hand; it can't register. `handle_pending` called by a listener of the same event does nothing.
///
/// Domain: one task owns an event, that is, fires and handles it; another task reaches it through a mediator
/// such as a Fifo, whose reader fires. Constructor and registration belong to the ordinary domain (they take
/// memory); the rest is real-time safe and never allocates. Listeners, completers and guards must not throw
/// (the program would end) and must outlive their registration; a `Subscription` sees to that by itself.
template <typename Payload = Nothing>
class Event {
  static_assert(std::is_trivially_copyable_v<Payload> && std::default_initializable<Payload>,
                "a payload is copied through the queue: make it plain data");

 public:
  /// One firing, as listeners, completers and guard see it.
  struct Firing {
    const Event* event = nullptr;  ///< the event that fired
    std::uint64_t number = 0;      ///< counts the firings of this event, from 1
    Payload payload{};             ///< what it carries
  };
  using Listener = Delegate<void(const Firing&)>;
  using Guard = Delegate<bool(const Firing&)>;

  explicit Event(std::string name, const EventOptions& options = {})
      : name_(std::move(name)),
        options_(options),
        pending_(std::max<std::size_t>(options.queued, 1)),
        deferred_(std::max<std::size_t>(options.queued, 1)) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() = default;

  std::string_view name() const noexcept { return name_; }
  const EventOptions& options() const noexcept { return options_; }
  const EventCounts& counts() const noexcept { return counts_; }
  /// Expires with the event: whoever may outlive it looks here before removing a registration.
  std::weak_ptr<const void> life() const noexcept { return life_; }
  /// The number of firings that wait for `handle_pending`.
  std::size_t pending() const noexcept { return pending_.size(); }

  /// Registers a listener. Refused, with the reason, during firing or handling.
  Registration add_listener(const Listener& listener, Handling handling = Handling::synchronous,
                            int priority = 0) {
    return add(handling == Handling::synchronous ? synchronous : asynchronous, listener, priority);
  }

  /// Registers a function that runs when all listeners of a firing have. Refused like a listener.
  Registration add_completer(const Listener& completer, int priority = 0) {
    return add(completion, completer, priority);
  }

  /// Undoes a registration, at any time and in real time too; false when there is no such registration.
  /// Takes time in proportion to the number of registrations.
  bool remove(Registration registration) noexcept {
    for (auto& stage : stages_) {
      for (Slot& slot : stage) {
        if (registration && slot.id == registration.id) {
          slot.id = 0;
          return true;
        }
      }
    }
    return false;
  }

  /// Sets the predicate that is evaluated at each call of `fire` and prevents the firing when false; an empty
  /// one takes it away. It must only look. Think first whether a state machine says it better.
  void set_guard(const Guard& guard) noexcept { guard_ = guard; }

  /// Fires the event.
  Fired fire(const Payload& payload = {}) noexcept {
    Job job{{this, counts_.fired + 1, payload}, 0};
    if (guard_ && !guard_(job.firing)) {
      ++counts_.prevented;
      return Fired::prevented;
    }
    job.firing.number = ++counts_.fired;
    if (busy_) return wait_in(deferred_, job, Fired::deferred);
    busy_ = true;
    // Firings left over by an event that fires itself go first.
    const Fired result = deferred_.empty() ? perform(job) : wait_in(deferred_, job, Fired::deferred);
    perform_deferred();
    busy_ = false;
    return result;
  }

  /// Handles what is pending at this moment, oldest first, at most `limit` firings: for each its asynchronous
  /// listeners, then its completers. Returns the number handled.
  std::size_t handle_pending(std::size_t limit = std::numeric_limits<std::size_t>::max()) noexcept {
    if (busy_) return 0;
    busy_ = true;
    const std::size_t count = std::min(limit, pending_.size());
    Job job;
    for (std::size_t i = 0; i < count && pending_.take(job); ++i) {
      run(asynchronous, job);
      complete(job);
    }
    perform_deferred();
    busy_ = false;
    return count;
  }

 private:
  enum Stage : std::uint8_t { synchronous, asynchronous, completion };
  static constexpr std::size_t stage_count = 3;

  struct Slot {
    Listener call;
    int priority;
    std::uint32_t id;         // 0: removed; the place is cleared at the next registration
    std::uint64_t last_turn;  // one-off: the firing in which it was chosen last
  };

  struct Job {
    Firing firing;
    std::uint32_t only = 0;  // one-off: the registration that was chosen; 0 for all
  };

  Registration add(Stage stage, const Listener& call, int priority) {
    if (busy_) return {0, Registration::Refusal::firing};
    if (!call) return {0, Registration::Refusal::empty};
    auto& slots = stages_[stage];
    std::erase_if(slots, [](const Slot& slot) { return slot.id == 0; });
    auto place = slots.end();
    if (options_.prioritised) {
      place = std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return s.priority < priority; });
    }
    slots.insert(place, {call, priority, ++last_id_, 0});
    return {last_id_};
  }

  static bool takes_part(const Slot& slot, const Job& job) noexcept {
    return slot.id != 0 && (job.only == 0 || job.only == slot.id);
  }

  void run(Stage stage, const Job& job) noexcept {
    for (const Slot& slot : stages_[stage]) {
      if (takes_part(slot, job)) slot.call(job.firing);
    }
  }

  void complete(const Job& job) noexcept {
    run(completion, job);
    ++counts_.completed;
  }

  Fired perform(Job& job) noexcept {
    if (options_.one_off) job.only = choose(job.firing.number);
    run(synchronous, job);
    const auto& later = stages_[asynchronous];
    if (std::any_of(later.begin(), later.end(), [&](const Slot& slot) { return takes_part(slot, job); })) {
      return wait_in(pending_, job, Fired::pending);
    }
    complete(job);
    return Fired::done;
  }

  void perform_deferred() noexcept {
    Job job;
    for (std::size_t left = deferred_.capacity(); left > 0 && deferred_.take(job); --left) perform(job);
  }

  Fired wait_in(Ring<Job>& ring, const Job& job, Fired kept) noexcept {
    if (ring.put(job)) return kept;
    if (options_.queued != 0) {
      ++counts_.overflowed;
      return Fired::overflow;
    }
    ring.replace_newest(job);
    ++counts_.coalesced;
    return Fired::coalesced;
  }

  // The one to run in this firing, 0 if there is none.
  std::uint32_t choose(std::uint64_t number) noexcept {
    Slot* best = nullptr;
    for (auto& stage : stages_) {
      for (Slot& slot : stage) {
        if (slot.id != 0 && (best == nullptr || precedes(slot, *best))) best = &slot;
      }
    }
    if (best == nullptr) return 0;
    best->last_turn = number;
    return best->id;
  }

  bool precedes(const Slot& a, const Slot& b) const noexcept {
    if (options_.prioritised && a.priority != b.priority) return a.priority > b.priority;
    if (a.last_turn != b.last_turn) return a.last_turn < b.last_turn;
    return a.id < b.id;
  }

  std::string name_;
  EventOptions options_;
  EventCounts counts_;
  Guard guard_;
  std::array<std::vector<Slot>, stage_count> stages_;
  Ring<Job> pending_;   // waiting for their asynchronous listeners
  Ring<Job> deferred_;  // fired during a firing or handling of this same event
  std::shared_ptr<const void> life_ = std::make_shared<char>();
  std::uint32_t last_id_ = 0;
  bool busy_ = false;
};

}  // namespace tactus
