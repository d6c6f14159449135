#pragma once
#include <atomic>

#include "engine/program.hpp"
#include "kernel/doorbell.hpp"
#include "kernel/kernel.hpp"
#include "mediator/baton.hpp"

namespace tactus {

/// The task that runs one chain, of one program after the other, on the beat's kernel or on another core's.
/// It and the beat have the chain by turns: the beat, which never waits, finds it idle or not.
class ChainTask {
 public:
  /// `kernel` is the one that the task runs on.
  explicit ChainTask(kernel::Kernel& kernel) : kernel_(kernel), bell_(kernel) {}

  /// Before the run: who watches the chain; null: nobody.
  void set_watch(Watch* watch) { watch_ = watch; }
  /// Before it runs: where it tells at which step it is.
  void show_work_in(Pulse::Lane& lane) { lane_ = &lane; }

  // The beat's side; one task.

  /// Looks whether the chain is at rest; `idle` says so until the next look, so that a whole beat sees the
  /// same.
  bool look() { return idle_ = baton_.held_by(Baton::Side::first); }
  bool idle() const { return idle_; }
  /// While idle: the program that has the chain from now on, and where the durations of its steps go.
  void assign(Program& program, std::size_t chain, bool timed) {
    program_ = &program;
    chain_ = chain;
    timed_ = timed;
  }
  /// While idle: begins a turn. A system call only if the chain's kernel sleeps on another core.
  void begin_turn() {
    idle_ = false;
    baton_.pass_to(Baton::Side::second);
    bell_.ring();
  }
  /// Lets the task stop its components and end, after the turn at hand.
  void end();

  /// The body of the task.
  void run();

 private:
  kernel::Kernel& kernel_;
  kernel::Doorbell bell_;
  Baton baton_;
  Program* program_ = nullptr;  // these belong to whoever holds the baton
  std::size_t chain_ = 0;
  bool timed_ = true;
  Watch* watch_ = nullptr;
  Pulse::Lane unwatched_;
  Pulse::Lane* lane_ = &unwatched_;
  std::atomic<bool> ending_{false};
  bool idle_ = true;
};

}  // namespace tactus
