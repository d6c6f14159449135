#include "kernel/stack.hpp"

#include <alloca.h>
#include <gtest/gtest.h>
#include <strings.h>

#include "kernel/kernel.hpp"
#include "kernel/port/virtual/virtual_port.hpp"

namespace tactus::kernel {
namespace {

TEST(Stack, IsAsLargeAsAskedInWholePages) {
  const Stack stack{100'000};
  EXPECT_GE(stack.memory().size(), 100'000U);
  EXPECT_EQ(stack.memory().size() % 4096, 0U);
  EXPECT_EQ(stack_used(stack.memory()), 0U);
}

TEST(Stack, TheHighWaterMarkIsTheDeepestByteWritten) {
  const Stack stack{65'536};
  const auto memory = stack.memory();
  memory[memory.size() - 100] = std::byte{1};
  EXPECT_EQ(stack_used(stack.memory()), 100U);
  memory[memory.size() - 5000] = std::byte{1};
  memory[memory.size() - 200] = std::byte{1};
  EXPECT_EQ(stack_used(stack.memory()), 5000U);
}

TEST(StackDeathTest, TheGuardPageStopsAnOverflow) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Stack stack;
  std::byte* const below = stack.memory().data() - 1;
  EXPECT_DEATH(*below = std::byte{1}, "");
}

__attribute__((noinline)) void use_stack(std::size_t bytes) {
  void* const memory = alloca(bytes);
  explicit_bzero(memory, bytes);
}

TEST(Stack, ATaskReportsHowMuchItUsed) {
  VirtualPort port;
  Kernel kernel{port};
  const Stack modest_stack;
  const Stack hungry_stack;
  auto modest_body = [&] { kernel.sleep_until(10); };
  auto hungry_body = [&] {
    kernel.sleep_until(5);
    use_stack(100'000);
  };
  Task modest{kernel, "modest", 1, Entry{modest_body}, modest_stack};
  Task hungry{kernel, "hungry", 1, Entry{hungry_body}, hungry_stack};
  modest.start();
  hungry.start();
  kernel.run();
  EXPECT_GT(modest.stack_used(), 0U);
  EXPECT_LT(modest.stack_used(), minimum_stack);
  EXPECT_GT(hungry.stack_used(), 100'000U);
  EXPECT_LT(hungry.stack_used(), 100'000U + minimum_stack);
  EXPECT_EQ(hungry.stack_size(), hungry_stack.memory().size());
}

}  // namespace
}  // namespace tactus::kernel
