// What a switch between tasks costs, beside the bare jump underneath it.
#include <benchmark/benchmark.h>

#include <boost/context/detail/fcontext.hpp>
#include <deque>
#include <string>

#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/context_switch.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/port/virtual/virtual_port.hpp"

namespace {

using namespace tactus::kernel;
namespace fcontext = boost::context::detail;

constexpr LinuxOptions unprivileged{.priority = 0, .lock_memory = false, .dma_latency = false};

void jump_back_for_ever(fcontext::transfer_t from) {
  for (;;) from = fcontext::jump_fcontext(from.fctx, nullptr);
}

/// The floor: there and back, two bare jumps an iteration.
void bare_jump(benchmark::State& state) {
  const Stack stack;
  const auto memory = stack.memory();
  auto other = fcontext::make_fcontext(memory.data() + memory.size(), memory.size(), &jump_back_for_ever);
  for ([[maybe_unused]] auto _ : state) other = fcontext::jump_fcontext(other, nullptr).fctx;
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(bare_jump);

/// There and back by the kernel's contexts: adds errno and the exception globals.
void context_switch(benchmark::State& state) {
  struct Pair {
    Context main;
    Stack stack;
    Context other{stack, &Pair::body, this};
    static void body(void* self) {
      auto& pair = *static_cast<Pair*>(self);
      for (;;) pair.other.switch_to(pair.main);
    }
  };
  Pair pair;
  pair.main.bind();
  for ([[maybe_unused]] auto _ : state) pair.main.switch_to(pair.other);
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(context_switch);

/// Two tasks yield to each other; range(0) others wait for a time, range(1) others wait for ever.
void yield(benchmark::State& state) {
  LinuxPort port{unprivileged};
  Kernel kernel{port};
  auto sleeper_body = [&] { kernel.sleep_until(3600 * second); };
  auto suspended_body = [&] { kernel.suspend(); };
  std::deque<Stack> stacks;
  std::deque<Task> others;
  auto add = [&](auto& body, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      others.emplace_back(kernel, "other", Priority{20}, Entry{body}, stacks.emplace_back(minimum_stack));
      others.back().start();
    }
  };
  add(sleeper_body, state.range(0));
  add(suspended_body, state.range(1));

  bool done = false;
  auto measured = [&] {
    for ([[maybe_unused]] auto _ : state) kernel.yield();
    done = true;
    kernel.stop();
  };
  auto partner = [&] {
    while (!done) kernel.yield();
  };
  const Stack stack_a, stack_b;
  Task a{kernel, "measured", 10, Entry{measured}, stack_a};
  Task b{kernel, "partner", 10, Entry{partner}, stack_b};
  a.start();
  b.start();
  kernel.run();
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(yield)
    ->ArgNames({"sleeping", "suspended"})
    ->Args({0, 0})
    ->Args({0, 1000})
    ->Args({1, 0})
    ->Args({1000, 0});

/// A virtual beat: wait for a release, with nothing else to do, and the time jumps to it.
void virtual_beat(benchmark::State& state) {
  VirtualPort port;
  Kernel kernel{port};
  auto body = [&] {
    Periodic periodic{kernel, {.period = {millisecond}}};
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(periodic.wait());
  };
  const Stack stack;
  Task task{kernel, "beat", 10, Entry{body}, stack};
  task.start();
  kernel.run();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(virtual_beat);

/// Sleep and expiry with range(0) other sleepers in the time-out queue: logarithmic, not linear.
void virtual_sleep_among(benchmark::State& state) {
  VirtualPort port;
  Kernel kernel{port};
  auto other_body = [&] { kernel.sleep_until(forever - 1); };
  std::deque<Stack> stacks;
  std::deque<Task> others;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    others.emplace_back(kernel, "other", Priority{20}, Entry{other_body}, stacks.emplace_back(minimum_stack));
    others.back().start();
  }
  auto body = [&] {
    for ([[maybe_unused]] auto _ : state) kernel.sleep_for(1);
    kernel.stop();
  };
  const Stack stack;
  Task task{kernel, "measured", 10, Entry{body}, stack};
  task.start();
  kernel.run();
}
BENCHMARK(virtual_sleep_among)->Arg(1)->Arg(10)->Arg(100)->Arg(1000);

}  // namespace
