#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/saved_state.hpp"
#include "mediator/status.hpp"

namespace tactus {

/// Gives one signal a given number of beats later: how a user closes a loop. Memory is taken when it is made.
class DelayLine {
 public:
  /// A signal's place in a block of frames, or one that reads like it.
  struct Place {
    double* value;
    Status* status;
  };

  /// `target` is where the delayed value appears; `initial` stands there at first.
  DelayLine(Place source, Place target, std::size_t beats, double initial)
      : source_(source), target_(target), values_(beats - 1, initial), statuses_(beats - 1, Status::good) {
    *target.value = initial;
    *target.status = Status::good;
  }

  /// At the beginning of a beat, while the source still holds the value of the beat before. Real-time.
  void shift() {
    if (!primed_) {  // before the first beat the source holds nothing yet
      primed_ = true;
      return;
    }
    double value = *source_.value;
    Status status = *source_.status;
    if (!values_.empty()) {
      std::swap(value, values_[position_]);
      std::swap(status, statuses_[position_]);
      if (++position_ == values_.size()) position_ = 0;
    }
    *target_.value = value;
    *target_.status = status;
  }

  /// Goes on where a delay of as many beats stood in the program before. Real-time: an exchange of two
  /// vectors.
  void take_over(DelayLine& predecessor) {
    values_.swap(predecessor.values_);
    statuses_.swap(predecessor.statuses_);
    position_ = predecessor.position_;
    primed_ = predecessor.primed_;
    *target_.value = *predecessor.target_.value;
    *target_.status = *predecessor.target_.status;
  }

  /// What is saved of it, beside the target, which stands in a block of frames; see StateVisitor.
  void state(StateVisitor& visitor) {
    visitor.visit("delay.values", values_.data(), values_.size());
    visit_statuses(visitor, "delay.statuses", statuses_);
    visitor.visit("delay.position", position_);
    visitor.visit("delay.primed", primed_);
  }

  std::size_t beats() const { return values_.size() + 1; }

 private:
  Place source_;
  Place target_;
  std::vector<double> values_;  // those still on their way, in a ring
  std::vector<Status> statuses_;
  std::size_t position_ = 0;
  bool primed_ = false;
};

}  // namespace tactus
