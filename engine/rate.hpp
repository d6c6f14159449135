#pragma once
#include <cstdint>
#include <utility>

#include "engine/layout.hpp"
#include "heartbeat/period.hpp"
#include "plugin/beat.hpp"
#include "plugin/configurable.hpp"

namespace tactus {

/// A schedule at work: tells whether its components have their turn on a beat, and how long it is since the
/// last one. All components of one schedule share it, so that the beat decides once for all of them; only one
/// that modes switch on and off has its own.
/// Real-time; one task.
class Rate {
 public:
  Rate(Schedule schedule, Period period) : schedule_(schedule), period_(period) {
    beat_.dt = period.seconds() * static_cast<double>(schedule.every);
  }

  /// Moves to beat `number`. A turn that fell on a beat that was missed is
  /// taken now; the phase stays.
  void advance(std::uint64_t number, std::int64_t time_ns) {
    due_ = active_ && number >= next_;
    if (!due_) return;
    before_ = {beat_, next_, ran_, resumed_};
    beat_.resumed = std::exchange(resumed_, false);
    beat_.elapsed = ran_ ? period_.seconds() * static_cast<double>(number - beat_.number) : beat_.dt;
    beat_.number = number;
    beat_.time_ns = time_ns;
    ran_ = true;
    next_ = turn_from(number + 1);
  }

  /// Whether its turn has come by beat `number`.
  bool comes_due(std::uint64_t number) const { return number >= next_; }
  /// Lets the turn that has come by beat `number` go by; the phase stays.
  void skip(std::uint64_t number) {
    due_ = false;
    next_ = turn_from(number + 1);
  }

  /// Its component is no longer active: a turn that has come on this beat already is taken back.
  void rest() {
    active_ = false;
    take_back();
  }
  /// The turn that has come on this beat was not taken: it comes again.
  void take_back() {
    if (!std::exchange(due_, false)) return;
    beat_ = before_.beat;
    next_ = before_.next;
    ran_ = before_.ran;
    resumed_ = before_.resumed;
  }
  /// Its component is active again: a turn that was missed meanwhile comes on the beat at hand, if `advance`
  /// is called for it again.
  void resume() {
    active_ = true;
    resumed_ = true;
  }
  bool active() const { return active_; }

  /// Before the first beat of its program, `number`; `predecessor` is the same schedule in the program
  /// before, or this one itself if it goes on as restored, or null.
  void begin(std::uint64_t number, const Rate* predecessor) {
    const bool missed = predecessor != nullptr && predecessor->next_ < number;
    next_ = missed ? number : turn_from(number);
    if (predecessor == nullptr) return;
    active_ = predecessor->active_;
    resumed_ = predecessor->resumed_;
    ran_ = predecessor->ran_;
    beat_.number = predecessor->beat_.number;
    beat_.time_ns = predecessor->beat_.time_ns;
  }
  /// What is saved of it; see StateVisitor.
  void state(StateVisitor& visitor) {
    visitor.visit("rate.next", next_);
    visitor.visit("rate.ran", ran_);
    visitor.visit("rate.beat", beat_.number);
    visitor.visit("rate.time", beat_.time_ns);
    visitor.visit("rate.active", active_);
    visitor.visit("rate.resumed", resumed_);
  }

  bool due() const { return due_; }
  const Beat& beat() const { return beat_; }
  /// The number of the beat on which it ran last; `never` before the first time.
  std::uint64_t last_run() const { return ran_ ? beat_.number : never; }
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  const Schedule& schedule() const { return schedule_; }

 private:
  /// The first turn at or after `number`.
  std::uint64_t turn_from(std::uint64_t number) const {
    const std::uint64_t phase = number % schedule_.every;
    const std::uint64_t wait =
        schedule_.offset >= phase ? schedule_.offset - phase : schedule_.every - phase + schedule_.offset;
    return number + wait;
  }

  struct Moment {
    Beat beat;
    std::uint64_t next;
    bool ran;
    bool resumed;
  };

  Schedule schedule_;
  Period period_;
  Beat beat_;
  Moment before_{};  // the turn of this beat
  std::uint64_t next_ = 0;
  bool due_ = false;
  bool ran_ = false;
  bool active_ = true;
  bool resumed_ = false;  // the next turn is the first one after a rest
};

}  // namespace tactus
