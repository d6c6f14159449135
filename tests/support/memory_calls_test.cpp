// The count that other tests rely on counts, each way there is.

#include "tests/support/memory_calls.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <thread>

#include "tests/support/sanitized.hpp"

namespace tactus::test {
namespace {

constexpr MemoryCalls one_of_each{.taken = 1, .given_back = 1};

/// Keeps the optimiser from leaving out memory that nobody uses.
void* used(void* memory) {
  asm volatile("" : "+r"(memory) : : "memory");
  return memory;
}

TEST(MemoryCalls, AreCountedEachWay) {
  EXPECT_EQ(memory_calls_in([] { std::free(used(std::malloc(1))); }), one_of_each);
  EXPECT_EQ(memory_calls_in([] { std::free(used(std::calloc(1, 1))); }), one_of_each);
#ifndef TACTUS_SANITIZED  // not every sanitizer tells of this one
  EXPECT_EQ(memory_calls_in([] { std::free(used(std::aligned_alloc(64, 64))); }), one_of_each);
#endif
  EXPECT_EQ(memory_calls_in([] { ::operator delete(used(::operator new(1))); }), one_of_each);
  EXPECT_EQ(memory_calls_in([] { ::operator delete[](used(::operator new[](1))); }), one_of_each);
  constexpr std::align_val_t wide{128};
  EXPECT_EQ(memory_calls_in([] { ::operator delete(used(::operator new(1, wide)), wide); }), one_of_each);
  void* block = std::malloc(1);
  EXPECT_EQ(memory_calls_in([&] { block = used(std::realloc(block, 100'000)); }), one_of_each);
  std::free(block);
}

TEST(MemoryCalls, AreThoseOfTheThread) {
  const MemoryCalls before = memory_calls();
  MemoryCalls there;
  std::thread thread([&] { there = memory_calls_in([] { std::free(used(std::malloc(1))); }); });
  const MemoryCalls made = memory_calls();
  thread.join();
  EXPECT_EQ(there, one_of_each);
  EXPECT_GT((made - before).taken, 0U) << "a thread takes some of its maker";
}

}  // namespace
}  // namespace tactus::test
