// Real-time code must not allocate: the global operator new counts, and nothing here may move the count.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "event/composite.hpp"
#include "event/event.hpp"
#include "event/event_loop.hpp"
#include "tests/event/engine_like_machine.hpp"

namespace {
std::uint64_t allocations = 0;

void* allocate(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

void* allocate(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto a = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(a, (size + a - 1) / a * a)) return memory;
  throw std::bad_alloc();
}
}  // namespace

// noinline: the compiler must not look through them and take malloc and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) { return allocate(size); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return allocate(size); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, alignment);
}
[[gnu::noinline]] void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, alignment);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace tactus {
namespace {

template <typename Function>
std::uint64_t allocations_in(Function&& function) {
  const std::uint64_t before = allocations;
  function();
  return allocations - before;
}

TEST(Allocation, TheCountCounts) {
  EXPECT_EQ(allocations_in([] { Event<>("a name that is too long for the short string", {.queued = 5}); }),
            4u)
      << "name, queue, queue for re-entrant firings, token of life";
}

TEST(Allocation, FiringAndHandlingAllocateNothingUnderAnyPolicy) {
  for (std::size_t policy = 0; policy < 8; ++policy) {
    Event<double> event("value", {.queued = (policy & 1u) != 0 ? 4u : 0u,
                                  .prioritised = (policy & 2u) != 0,
                                  .one_off = (policy & 4u) != 0});
    int runs = 0;
    auto refire = [&] {
      if (++runs % 2 == 0) event.fire(1.0);
    };
    ASSERT_TRUE(event.add_listener(refire));
    ASSERT_TRUE(event.add_listener(refire, Handling::asynchronous, 3));
    ASSERT_TRUE(event.add_completer(refire));
    const Registration gone = event.add_listener([] {});
    event.set_guard([](const Event<double>::Firing& firing) { return firing.payload > 0.0; });
    EXPECT_EQ(allocations_in([&] {
                event.remove(gone);
                for (int i = 0; i < 1000; ++i) {
                  event.fire(i % 10);
                  if (i % 7 == 0) event.handle_pending();
                }
              }),
              0u);
    EXPECT_GT(runs, 100);
    EXPECT_GT(event.counts().coalesced + event.counts().overflowed, 0u) << "the full queue was met too";
  }
}

TEST(Allocation, CompositesAllocateNothing) {
  Event a("a");
  Event b("b");
  AllOf both("both");
  AnyOf any("any");
  both.add(a).add(b);
  any.add(both).add(a);
  EXPECT_EQ(allocations_in([&] {
              for (int i = 0; i < 100; ++i) {
                a.fire();
                b.fire();
              }
            }),
            0u);
  EXPECT_EQ(any.counts().fired, 200u);
}

TEST(Allocation, TheEventLoopAllocatesNothing) {
  Event work("work", {.queued = 2});
  Event exit("exit");
  int left = 100;
  auto wait = [&] {
    if (left-- > 0) {
      work.fire();
    } else {
      exit.fire();
    }
  };
  EventLoop loop(
      work, [] {}, exit, wait);
  std::uint64_t runs = 0;
  EXPECT_EQ(allocations_in([&] { runs = loop.run(); }), 0u);
  EXPECT_EQ(runs, 100u);
}

TEST(Allocation, TheStateMachineAllocatesNothing) {
  using test::Trigger;
  test::Experiment experiment;
  auto& machine = experiment.machine;
  Event alarm("alarm");
  machine.on(alarm, Trigger::fault);
  std::uint64_t recorded = 0;
  auto record = [&recorded] { ++recorded; };
  ASSERT_TRUE(machine.changed().add_listener(record, Handling::asynchronous));
  EXPECT_EQ(allocations_in([&] {
              machine.post(Trigger::load);
              for (int i = 0; i < 100; ++i) {
                machine.post(Trigger::start);
                machine.step();
                machine.post(Trigger::pause);
                machine.post(Trigger::resume);
                experiment.fail_next_beat = i % 3 == 0;
                machine.step();
                alarm.fire();
                machine.post(Trigger::reset);
                machine.post(Trigger::stop);
                machine.changed().handle_pending();
                machine.restore(test::State::ready);
              }
            }),
            0u);
  EXPECT_EQ(recorded, machine.counts().transitions);
}

}  // namespace
}  // namespace tactus
