#pragma once
// What takes too long for the beat: some components that a task of their own computes, turn by turn.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/delay_line.hpp"
#include "engine/guard.hpp"
#include "engine/pulse.hpp"
#include "engine/rate.hpp"
#include "engine/step.hpp"
#include "engine/step_timing.hpp"
#include "engine/watch.hpp"
#include "kernel/kernel.hpp"
#include "mediator/status.hpp"

namespace tactus {

struct Program;

/// One chain in one program. Its steps are a piece of the program's table; its frames stand in a block of its
/// own, so that the beat and the chain never touch the same memory at the same time. At the chain's turn,
/// every `every` beats, the beat takes over what the chain computed on the turn before, gives it the inputs
/// of the beat before, and lets it go. So what is in a frame does not depend on how long the computation
/// took.
///
/// Belongs to the beat while the chain's task is idle, and to the task during a turn; see ChainTask.
struct Chain {
  /// From the program's block to the chain's.
  struct Latch {
    std::size_t from, to;
  };

  Chain(std::string chain_name, Schedule schedule, Period period)
      : name(std::move(chain_name)), turn(schedule, period) {}

  std::string name;
  Rate turn;  ///< which its steps share
  std::size_t first_step = 0, steps = 0;
  std::size_t first = 0, signals = 0;  ///< where its frames appear in the program's block
  std::size_t rate = 0;                ///< of Program::rates: when that happened last
  std::vector<Latch> inputs;
  std::vector<double> values;  ///< its own block: its signals, then what its inputs need
  std::vector<Status> statuses;
  std::vector<DelayLine> delays;  ///< within the chain, counted in its turns
  Guard guard;
  const Step* step = nullptr;  ///< that is at work, or at fault
  bool ran = false;            ///< there is something to deliver

  /// One turn: all steps in their order, of the program that it belongs to; their durations go into that
  /// one's table if `timed`; `lane` tells at which it is. Real-time; the chain's task.
  void take_turn(const Program& program, bool timed, kernel::Kernel& kernel, Watch* watch,
                 Pulse::Lane& lane) noexcept;
  /// The end of its components, all of them; the first fault stays in `guard`, its step in `step`. Real-time;
  /// the chain's task.
  void stop(const Program& program, Watch* watch) noexcept;

  // The beat's side, while the task is idle.

  /// What was computed on the last turn, into the program's block.
  void deliver(double* program_values, Status* program_statuses) const;
  /// Nothing came: what is in the program's block is old, or as bad as it was.
  void grow_stale(Status* program_statuses) const;
  /// What its inputs read in the program's block.
  void latch(const double* program_values, const Status* program_statuses);
};

}  // namespace tactus
