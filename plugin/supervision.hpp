#pragma once

namespace tactus {

/// Where the first fault of a beat is noted. The engine looks at it after every step and, when it is raised,
/// skips what is left of the beat and writes the safe values. Real-time; one task.
class FaultLatch {
 public:
  /// `reason` and `signal` must be literals or live as long as the program. Only the first fault of a beat
  /// counts.
  void raise(const char* reason, const char* signal = "", double value = 0) {
    if (!raised_) *this = FaultLatch(reason, signal, value, false);
  }
  /// The way to end a run that is complete, such as a record that has been played to its end.
  void finish(const char* reason) {
    if (!raised_) *this = FaultLatch(reason, "", 0, true);
  }
  void clear() { *this = FaultLatch(); }

  FaultLatch() = default;
  bool raised() const { return raised_; }
  bool finished() const { return finished_; }
  const char* reason() const { return reason_; }
  const char* signal() const { return signal_; }
  double value() const { return value_; }

 private:
  FaultLatch(const char* reason, const char* signal, double value, bool finished)
      : raised_(true), finished_(finished), reason_(reason), signal_(signal), value_(value) {}

  bool raised_ = false;
  bool finished_ = false;
  const char* reason_ = "";
  const char* signal_ = "";
  double value_ = 0;
};

/// What the engine shares with the components of the running program.
struct Supervision {
  FaultLatch fault;
  bool inhibited = false;    ///< everything runs, but outputs stay at their safe values
  bool safe_wanted = false;  ///< some output has to be safe: the engine sees to it before the beat ends
};

}  // namespace tactus
