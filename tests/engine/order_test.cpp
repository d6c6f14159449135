#include "engine/order.hpp"

#include <gtest/gtest.h>

namespace tactus {
namespace {

using Sequence = std::vector<std::size_t>;

TEST(PushOrder, StageBreaksTiesThenPosition) {
  const Order order = push_order({{3, {}}, {1, {}}, {2, {}}, {1, {}}});
  EXPECT_EQ(order.sequence, (Sequence{1, 3, 2, 0}));
  EXPECT_TRUE(order.loop.empty());
}

TEST(PushOrder, NeedsGoBeforeStage) {
  // a generator (1) that reads an observer (2), which reads a scanner (0) that stands last in the file
  const Order order = push_order({{1, {1}}, {2, {2}}, {0, {}}});
  EXPECT_EQ(order.sequence, (Sequence{2, 1, 0}));
}

TEST(PushOrder, LoopIsNamedWithoutThoseThatOnlyHangOnIt) {
  // 3 needs 2, 2 needs 1, 1 needs 2: the loop is 1 and 2
  const Order order = push_order({{0, {}}, {1, {2}}, {2, {1, 0}}, {3, {2}}});
  EXPECT_LT(order.sequence.size(), 4U);
  EXPECT_EQ(order.loop, (Sequence{1, 2}));
}

TEST(PushOrder, SelfLoop) { EXPECT_EQ(push_order({{0, {0}}}).loop, (Sequence{0})); }

TEST(PushOrder, TwoWiresToOneNeedAreOneNeedEach) {
  EXPECT_EQ(push_order({{1, {1, 1}}, {0, {}}}).sequence, (Sequence{1, 0}));
}

}  // namespace
}  // namespace tactus
