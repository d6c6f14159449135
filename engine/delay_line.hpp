#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "mediator/status.hpp"

namespace tactus {

/// Gives one signal a given number of beats later: how a user closes a loop. Memory is taken when it is made.
class DelayLine {
 public:
  /// `target` is where the delayed value appears, in the same block as `source`; `initial` stands there at
  /// first.
  DelayLine(std::size_t source, std::size_t target, std::size_t beats, double initial)
      : source_(source),
        target_(target),
        beats_(beats),
        values_(beats - 1, initial),
        statuses_(beats - 1, Status::good) {}

  /// At the beginning of a beat, while the source still holds the value of the beat before. Real-time.
  void shift(std::span<double> values, std::span<Status> statuses) {
    if (!primed_) {  // before the first beat the source holds nothing yet
      primed_ = true;
      return;
    }
    double value = values[source_];
    Status status = statuses[source_];
    if (!values_.empty()) {
      std::swap(value, values_[position_]);
      std::swap(status, statuses_[position_]);
      if (++position_ == values_.size()) position_ = 0;
    }
    values[target_] = value;
    statuses[target_] = status;
  }

  /// Goes on where the same delay of the program before stood. Real-time: an exchange of two vectors.
  void take_over(DelayLine& predecessor) {
    values_.swap(predecessor.values_);
    statuses_.swap(predecessor.statuses_);
    position_ = predecessor.position_;
    primed_ = predecessor.primed_;
  }

  std::size_t target() const { return target_; }
  std::size_t beats() const { return beats_; }

 private:
  std::size_t source_;
  std::size_t target_;
  std::size_t beats_;
  std::vector<double> values_;  // those still on their way, in a ring
  std::vector<Status> statuses_;
  std::size_t position_ = 0;
  bool primed_ = false;
};

}  // namespace tactus
