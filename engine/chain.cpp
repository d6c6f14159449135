#include "engine/chain.hpp"

#include <algorithm>
#include <span>

#include "engine/program.hpp"
#include "engine/time_stamp.hpp"

namespace tactus {

void Chain::take_turn(const Program& program, bool timed, kernel::Kernel& kernel, Watch* watch,
                      Pulse::Lane& lane) noexcept {
  for (DelayLine& delay : delays) delay.shift();
  for (std::size_t i = first_step; i < first_step + steps; ++i) {
    step = &program.steps[i];
    lane.enter(static_cast<std::uint32_t>(i));
    const std::uint64_t begun = ticks_now();
    guard([&] {
      const Watched scope(watch, program.stint(i));
      step->run();
    });
    if (guard.fault().raised()) return;
    if (timed) program.durations->enter(i, ticks_now() - begun);
    kernel.yield();  // the beat goes first, where it shares the core
  }
}

void Chain::stop(const Program& program, Watch* watch) noexcept {
  for (std::size_t i = first_step; i < first_step + steps; ++i) {
    if (!guard.fault().raised()) step = &program.steps[i];
    guard([&] {
      const Watched scope(watch, program.first_stint(i, turn.beat().number));
      program.steps[i].component->stop();
    });
  }
}

void Chain::deliver(double* program_values, Status* program_statuses) const {
  std::copy_n(values.data(), signals, program_values + first);
  std::copy_n(statuses.data(), signals, program_statuses + first);
}

void Chain::grow_stale(Status* program_statuses) const {
  for (Status& status : std::span(program_statuses + first, signals)) status = worst(status, Status::stale);
}

void Chain::latch(const double* program_values, const Status* program_statuses) {
  for (const Latch& input : inputs) {
    values[input.to] = program_values[input.from];
    statuses[input.to] = program_statuses[input.from];
  }
}

}  // namespace tactus
