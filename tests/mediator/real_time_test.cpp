// The verbs that the real-time domain uses take and give back no memory.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "mediator/blackboard.hpp"
#include "mediator/fifo.hpp"
#include "mediator/latest.hpp"
#include "mediator/record_fifo.hpp"
#include "mediator/swinging_buffer.hpp"
#include "tests/support/memory_calls.hpp"

namespace tactus {
namespace {

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

  const test::MemoryCalls before = test::memory_calls();
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
  EXPECT_EQ(test::memory_calls(), before);
  EXPECT_GT(sum, 0);
}

}  // namespace
}  // namespace tactus
