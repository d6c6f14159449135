#include "engine/chain.hpp"

#include <algorithm>

#include "engine/time_stamp.hpp"

namespace tactus {

void Chain::take_turn(const Step* table, StepTable* durations, kernel::Kernel& kernel,
                      Pulse::Lane& lane) noexcept {
  for (DelayLine& delay : delays) delay.shift();
  for (std::size_t i = first_step; i < first_step + steps; ++i) {
    step = table + i;
    lane.enter(static_cast<std::uint32_t>(i));
    const std::uint64_t begun = ticks_now();
    guard([this] { step->run(); });
    if (guard.fault().raised()) return;
    if (durations != nullptr) durations->enter(i, ticks_now() - begun);
    kernel.yield();  // the beat goes first, where it shares the core
  }
}

void Chain::stop(const Step* table) noexcept {
  for (std::size_t i = first_step; i < first_step + steps; ++i) {
    guard([&] { table[i].component->stop(); });
  }
}

void Chain::deliver(double* program_values, Status* program_statuses) const {
  std::copy_n(values.data(), signals, program_values + first);
  std::copy_n(statuses.data(), signals, program_statuses + first);
}

void Chain::latch(const double* program_values, const Status* program_statuses) {
  for (const Latch& input : inputs) {
    values[input.to] = program_values[input.from];
    statuses[input.to] = program_statuses[input.from];
  }
}

}  // namespace tactus
