// The verbs that the real-time domain uses take and give back no memory: the global operators count.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <new>

#include "mediator/blackboard.hpp"
#include "mediator/fifo.hpp"
#include "mediator/latest.hpp"
#include "mediator/record_fifo.hpp"
#include "mediator/swinging_buffer.hpp"

namespace {

thread_local int memory_calls = 0;

void* take(std::size_t bytes, std::size_t alignment) {
  ++memory_calls;
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, rounded > 0 ? rounded : alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void give_back(void* memory) noexcept {
  ++memory_calls;
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t bytes) { return take(bytes, alignof(std::max_align_t)); }
void* operator new[](std::size_t bytes) { return take(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return take(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return take(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete[](void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { give_back(memory); }

namespace tactus {
namespace {

TEST(RealTime, TheCountWorks) {
  const int before = memory_calls;
  { const auto object = std::make_unique<int>(1); }
  EXPECT_EQ(memory_calls, before + 2);
}

TEST(RealTime, NoMemoryAfterConstruction) {
  Latest<int> latest(2);
  LatestBlock latest_block(1, 1000);
  auto reader = latest.reader(0);
  auto block_reader = latest_block.reader(0);
  Fifo<int> fifo(4);
  RecordFifo records(256);
  SwingingBuffer<int> swinging;
  auto object = std::make_unique<int>(1);
  ASSERT_TRUE(swinging.offer(object));
  AlignedBlock memory(Blackboard::memory_needed(100));
  Blackboard* const board = Blackboard::create({memory.data(), memory.size()}, 100);
  ASSERT_NE(board, nullptr);
  std::array<std::byte, 100> bytes{};

  const int before = memory_calls;
  int sum = 0;
  for (int i = 0; i < 10; ++i) {
    latest.write(i);
    sum += reader.read();
    latest_block.publish();
    sum += static_cast<int>(block_reader.read().size());
    fifo.push_or_drop(i);
    sum += fifo.drops() > 0 ? 1 : 0;
    if (records.reserve(60) != nullptr) {
      records.commit();
    } else {
      records.count_drop();
    }
    board->write(bytes);
    swinging.hand_back(swinging.take());
  }
  EXPECT_EQ(memory_calls, before);
  EXPECT_GT(sum, 0);
}

}  // namespace
}  // namespace tactus
