#pragma once

// Random programs for the kernel, and what a run of one is compared by.

#include <array>
#include <compare>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "kernel/flags.hpp"
#include "kernel/mutex.hpp"
#include "kernel/result.hpp"
#include "kernel/rw_lock.hpp"
#include "kernel/semaphore.hpp"
#include "kernel/time.hpp"

namespace tactus::kernel::test {

enum class Op : std::uint8_t {
  consume,
  consume_locked,  // within a scheduler lock
  sleep,
  yield,
  lock,
  unlock,
  acquire,
  release,
  meet,  // a barrier
  set_flags,
  wait_flags,
  wait_condition,
  signal,
  broadcast,
  signal_and_wait,
  lock_read,
  lock_write,
  unlock_rw,
  set_priority,
  suspend,
  resume,
  count
};

/// One step of a task. What makes no sense when its turn comes (to unlock what is not held) is left out.
struct Step {
  enum class Limit : std::uint8_t { none, at_once, within };
  Op op{};
  std::size_t object = 0;  // or task
  Duration length = 0;     // of the work, the sleep or the limit
  Limit limit = Limit::none;
  Priority priority = 0;
  std::uint64_t bits = 0;
  Flags::Match match = Flags::Match::any;
  Flags::OnExit on_exit = Flags::OnExit::clear;
};

struct Actor {
  Priority priority = 0;
  Duration quantum = 0;
  std::vector<Step> steps{};
};

/// The objects that all programs use.
inline constexpr std::array<MutexOptions, 4> mutex_options{
    MutexOptions{}, MutexOptions{.recursive = true},
    MutexOptions{.protocol = Protocol::ceiling, .ceiling = 7}, MutexOptions{.protocol = Protocol::none}};
inline constexpr std::size_t condition_mutex = 1;  // with which all wait for the one condition
inline constexpr std::array<SemaphoreOptions, 2> semaphore_options{
    SemaphoreOptions{.maximum = 2}, SemaphoreOptions{.maximum = 3, .order = Order::fifo}};
inline constexpr std::array preferences{Preference::arrival, Preference::readers, Preference::writers};
inline constexpr std::size_t parties = 3;
inline constexpr Priority most_urgent = 7;  // the ceiling bars nobody

using Program = std::vector<Actor>;

/// A program of `actors` tasks with `steps` steps each.
inline Program random_program(std::uint32_t seed, std::size_t actors, std::size_t steps) {
  std::mt19937 random{seed};
  auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random()) % end; };
  Program program(actors);
  for (Actor& actor : program) {
    actor.priority = static_cast<Priority>(below(most_urgent + 1));
    actor.quantum = below(3) == 0 ? 1 + below(5) : 0;
    for (std::size_t i = 0; i < steps; ++i) {
      Step& step = actor.steps.emplace_back();
      step.op = static_cast<Op>(below(static_cast<std::uint32_t>(Op::count)));
      step.object = below(60);  // of how many there are, the remainder
      step.length = below(8);
      step.limit = static_cast<Step::Limit>(below(3));
      step.priority = static_cast<Priority>(below(most_urgent + 1));
      step.bits = 1 + below(15);
      step.match = below(2) == 0 ? Flags::Match::any : Flags::Match::all;
      step.on_exit = below(2) == 0 ? Flags::OnExit::keep : Flags::OnExit::clear;
      // Only a mutex is sure to come: what else is waited for needs a limit.
      if (step.limit == Step::Limit::none && step.op != Op::lock) step.limit = Step::Limit::within;
    }
  }
  return program;
}

/// What a task saw when a step of its was done.
struct Event {
  Time time = 0;
  std::size_t task = 0;
  std::size_t step = 0;
  Op op{};
  Result result = Result::ok;
  Priority priority = 0;
  std::uint64_t seen = 0;

  bool operator==(const Event&) const = default;
};

inline std::string text_of(const Event& event) {
  return "at " + std::to_string(event.time) + " task " + std::to_string(event.task) + " step " +
         std::to_string(event.step) + " op " + std::to_string(static_cast<int>(event.op)) + " " +
         name_of(event.result) + " priority " + std::to_string(event.priority) + " saw " +
         std::to_string(event.seen);
}

/// A task more urgent than all resumes those that are suspended, as often as this.
inline constexpr Duration keeper_period = 40;
inline constexpr Priority keeper_priority = 250;

}  // namespace tactus::kernel::test
