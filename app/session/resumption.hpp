#pragma once
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "interpreter/compiler.hpp"
#include "reporter/checkpoint.hpp"

namespace tactus {

/// What is measured is not what the state to go on with belongs to. The message is for the user.
class Disagreement : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A run that goes on from the last checkpoint of another one's recording. In virtual time the beats after
/// the checkpoint are computed again, and are the same; in real time the first beat is the one after the last
/// that was recorded. Ordinary domain, one thread.
class Resumption {
 public:
  /// Reads the recording, which is recovered first if its writer was killed. std::runtime_error, with the
  /// reason, if that can't be done.
  explicit Resumption(const std::string& recording);

  const Checkpoint& checkpoint() const { return checkpoint_; }
  /// A file that is not there yet, beside the recording: `run-2.h5` for `run.h5`.
  static std::string name_beside(const std::string& file);

  /// Puts the state into a program that was compiled from the checkpoint's specification. std::runtime_error
  /// if it does not fit. Once, before `verify`.
  void restore(const Compiled& compiled, bool virtual_time);
  /// Where the engine goes on; after `restore`.
  const Continuation& continuation() const { return continuation_; }
  /// Measures what there are bounds for, with the program's devices open, and leaves no trace in its state.
  /// Throws Disagreement, or DeviceError.
  void verify(Program& program) const;

 private:
  struct Expectation {
    CompiledBound bound;
    double value;
    Status status;
  };
  void check(const Expectation& expected, const Program& program) const;

  Checkpoint checkpoint_;
  std::vector<Expectation> expected_;
  Continuation continuation_;
};

}  // namespace tactus
