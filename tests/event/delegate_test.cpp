#include "event/delegate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace tactus {
namespace {

struct Adder {
  int sum = 0;
  void add(int value) { sum += value; }
  void bump() { ++sum; }
  int total() const { return sum; }
};

int twice(int value) { return 2 * value; }

TEST(Delegate, IsFalseWhenEmpty) {
  const Delegate<void()> empty;
  EXPECT_FALSE(empty);
}

TEST(Delegate, CallsAMemberFunction) {
  Adder adder;
  const Delegate<void(int)> add = method<&Adder::add>(adder);
  ASSERT_TRUE(add);
  add(3);
  add(4);
  EXPECT_EQ(adder.sum, 7);
}

TEST(Delegate, CallsAConstMemberFunctionOfAConstObject) {
  const Adder adder{5};
  const Delegate<int()> total = method<&Adder::total>(adder);
  EXPECT_EQ(total(), 5);
}

TEST(Delegate, RefersToANamedCallable) {
  int calls = 0;
  auto count = [&calls](int by) { calls += by; };
  const Delegate<void(int)> delegate = count;
  delegate(2);
  delegate(3);
  EXPECT_EQ(calls, 5);
}

TEST(Delegate, KeepsNothingOfALambdaWithoutCaptures) {
  const Delegate<int(int)> delegate = [](int value) { return twice(value); };
  EXPECT_EQ(delegate(21), 42);
}

TEST(Delegate, ACallableWithoutArgumentsFitsEverySignature) {
  Adder adder;
  const Delegate<void(const std::string&, int)> bump = method<&Adder::bump>(adder);
  bump("unused", 1);
  EXPECT_EQ(adder.sum, 1);
}

TEST(Delegate, DropsAResultThatNobodyAskedFor) {
  Adder adder{1};
  const Delegate<void()> total = method<&Adder::total>(adder);
  total();
  EXPECT_EQ(adder.sum, 1);
}

TEST(Delegate, PassesReferencesThrough) {
  auto set = [](int& value) { value = 9; };
  const Delegate<void(int&)> delegate = set;
  int value = 0;
  delegate(value);
  EXPECT_EQ(value, 9);
}

TEST(Delegate, EqualMeansSameFunctionOnSameObject) {
  Adder one;
  Adder other;
  const Delegate<void()> a = method<&Adder::bump>(one);
  const Delegate<void()> b = method<&Adder::bump>(one);
  const Delegate<void()> c = method<&Adder::bump>(other);
  const Delegate<void()> d = method<&Adder::total>(one);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_NE(a, d);
  EXPECT_NE(a, Delegate<void()>());
}

TEST(Delegate, RefusesATemporaryWithStateAndAWrongSignature) {
  int calls = 0;
  auto count = [&calls] { ++calls; };
  using Counting = decltype(count);
  static_assert(std::is_constructible_v<Delegate<void()>, Counting&>);
  static_assert(!std::is_constructible_v<Delegate<void()>, Counting>, "it would dangle");
  static_assert(!std::is_constructible_v<Delegate<void()>, void (*)(int)>);
  static_assert(!std::is_constructible_v<Delegate<std::string()>, Counting&>);
  const Delegate<void()> delegate = count;
  delegate();
  EXPECT_EQ(calls, 1);
}

TEST(Delegate, IsPlainDataOfTwoPointers) {
  static_assert(std::is_trivially_copyable_v<Delegate<void(int)>>);
  EXPECT_EQ(sizeof(Delegate<void(int)>), 2 * sizeof(void*));
}

}  // namespace
}  // namespace tactus
