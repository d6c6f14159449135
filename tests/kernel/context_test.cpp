// What a context switch must keep apart: errno, floating point modes, caught exceptions.
#include "kernel/port/context.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cfenv>
#include <exception>
#include <stdexcept>
#include <string>

#include "kernel/kernel.hpp"
#include "kernel/port/virtual/virtual_port.hpp"

namespace tactus::kernel {
namespace {

class ContextTest : public testing::Test {
 protected:
  /// Two tasks of equal priority that run the same body with 0 and 1.
  template <class Body>
  void in_two_tasks(Body body) {
    auto zero = [&] { body(0); };
    auto one = [&] { body(1); };
    Task a{kernel, "zero", 1, Entry{zero}, stack_a};
    Task b{kernel, "one", 1, Entry{one}, stack_b};
    a.start();
    b.start();
    kernel.run();
  }

  VirtualPort port;
  Kernel kernel{port};
  Stack stack_a, stack_b;
};

TEST_F(ContextTest, ErrnoBelongsToTheTask) {
  in_two_tasks([&](int who) {
    for (int i = 1; i < 100; ++i) {
      errno = 1000 * who + i;
      kernel.yield();
      EXPECT_EQ(errno, 1000 * who + i);
    }
  });
}

TEST_F(ContextTest, RoundingModeBelongsToTheTask) {
  in_two_tasks([&](int who) {
    const int mode = who == 0 ? FE_UPWARD : FE_DOWNWARD;
    std::fesetround(mode);
    for (int i = 0; i < 100; ++i) {
      kernel.yield();
      EXPECT_EQ(std::fegetround(), mode);
    }
  });
  EXPECT_EQ(std::fegetround(), FE_TONEAREST) << "and the thread's own is as it was";
}

TEST_F(ContextTest, TasksMaySwitchInsideCatchBlocks) {
  in_two_tasks([&](int who) {
    const std::string mine = "error of task " + std::to_string(who);
    for (int i = 0; i < 50; ++i) {
      try {
        throw std::runtime_error(mine);
      } catch (const std::runtime_error& error) {
        kernel.yield();  // the other one is now between throw and the end of its handler as well
        EXPECT_EQ(error.what(), mine);
        try {
          throw;  // the current exception is the task's own, not the one caught last by anybody
        } catch (const std::exception& again) {
          kernel.yield();
          EXPECT_EQ(again.what(), mine);
        }
        kernel.yield();
      }
      EXPECT_EQ(std::current_exception(), nullptr);
    }
  });
  EXPECT_EQ(std::uncaught_exceptions(), 0);
}

/// Switches while an exception unwinds the stack.
struct YieldsInDestructor {
  Kernel& kernel;
  int expected;
  ~YieldsInDestructor() {
    EXPECT_EQ(std::uncaught_exceptions(), expected);
    kernel.yield();
    EXPECT_EQ(std::uncaught_exceptions(), expected);
  }
};

TEST_F(ContextTest, TasksMaySwitchWhileUnwinding) {
  in_two_tasks([&](int who) {
    for (int i = 0; i < 50; ++i) {
      try {
        const YieldsInDestructor local{kernel, who};
        if (who == 1) throw i;
      } catch (int caught) {
        EXPECT_EQ(caught, i);
      }
    }
  });
}

TEST_F(ContextTest, ValuesInRegistersSurvive) {
  double sums[2] = {0, 0};
  in_two_tasks([&](int who) {
    double a = 1 + who, b = 2 + who, c = 3 + who, d = 4 + who;
    for (int i = 0; i < 1000; ++i) {
      a += b * 0.5;
      b += c * 0.25;
      c += d * 0.125;
      d += 1.0;
      kernel.yield();
    }
    sums[who] = a + b + c + d;
  });
  for (int who = 0; who < 2; ++who) {
    double a = 1 + who, b = 2 + who, c = 3 + who, d = 4 + who;
    for (int i = 0; i < 1000; ++i) {
      a += b * 0.5;
      b += c * 0.25;
      c += d * 0.125;
      d += 1.0;
    }
    EXPECT_EQ(sums[who], a + b + c + d);
  }
}

}  // namespace
}  // namespace tactus::kernel
