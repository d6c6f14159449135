// Two tasks send Morse code on one line: an urgent one SOS every 2 ms, a leisurely one TEST twice every 5 ms.
// A third, between them, computes for 6 ms when a button is pressed. What each way of sharing makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "kernel/interrupt.hpp"
#include "kernel/mutex.hpp"
#include "kernel/periodic.hpp"
#include "kernel/scheduler_lock.hpp"
#include "kernel/semaphore.hpp"
#include "kernel/timer.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

constexpr Duration dot = 20 * microsecond;
constexpr Time end = 20 * millisecond;

/// What comes along the line: marks, and the ends of letters (' ') and words ('/').
class Line {
 public:
  explicit Line(Kernel& kernel) : kernel_(kernel) {}

  void put(char sign) { signs_.emplace_back(kernel_.now(), sign); }

  /// The words, as somebody reads them who knows no sender; '?' for what is no letter.
  [[nodiscard]] std::vector<std::string> words() const {
    std::vector<std::string> result;
    std::string word, code;
    for (const auto& [time, sign] : signs_) {
      if (sign == '.' || sign == '-') {
        code += sign;
        continue;
      }
      if (!code.empty()) word += letter(std::exchange(code, ""));
      if (sign == '/') result.push_back(std::exchange(word, ""));
    }
    return result;
  }

  [[nodiscard]] const std::vector<std::pair<Time, char>>& signs() const { return signs_; }

 private:
  static char letter(const std::string& code) {
    if (code == "...") return 'S';
    if (code == "---") return 'O';
    if (code == "-") return 'T';
    return code == "." ? 'E' : '?';
  }

  Kernel& kernel_;
  std::vector<std::pair<Time, char>> signs_;
};

/// The whole scene for 20 ms, with one way of sharing the line.
class SharedLine : public Scene {
 public:
  enum class Way : std::uint8_t { nothing, semaphore, scheduler_lock, ceiling, inheritance };

  SharedLine(Way way, Time press_at) : way_(way), press_(kernel, 250, press_entry_) {
    press_.start(press_at);
    task("sos", 5, [this] { send_periodically("SOS", 2 * millisecond, 1); });
    task("button", 2, [this] { serve_button(); });
    task("test", 1, [this] { send_periodically("TEST", 5 * millisecond, 2); });
    kernel.run();
  }

  Line line{kernel};
  int sos_late = 0;
  /// From the press until the button is served and the urgent word is on the line.
  std::uint64_t switches_after_press = 0;

 private:
  void send_periodically(const std::string& word, Duration period, int times) {
    Periodic periodic{kernel, {.period = {period}, .late = Late::catch_up}};
    while (periodic.release_time(periodic.next()) < end) {
      const Release release = periodic.wait();
      for (int i = 0; i < times; ++i) {
        send(word);
        if (word == "SOS" && kernel.now() > release.scheduled + period) ++sos_late;
      }
    }
  }

  void send(const std::string& word) {
    switch (way_) {
      case Way::nothing:
        return key(word);
      case Way::semaphore:
        semaphore_.acquire();
        key(word);
        semaphore_.release();
        return;
      case Way::scheduler_lock: {
        const SchedulerLock lock{kernel, 5};
        return key(word);
      }
      case Way::ceiling:
      case Way::inheritance: {
        const Locked locked{way_ == Way::ceiling ? ceiling_ : inheritance_};
        return key(word);
      }
    }
  }

  /// A dot takes a dot, a dash three, and after each the line rests for one, after a letter for three, after
  /// a word for seven.
  void key(const std::string& word) {
    trace(word);
    if (word == "SOS") count_switches();
    for (const char each : word) {
      const std::string code = each == 'S' ? "..." : each == 'O' ? "---" : each == 'T' ? "-" : ".";
      for (const char mark : code) {
        line.put(mark);
        kernel.consume(mark == '.' ? 2 * dot : 4 * dot);
      }
      line.put(' ');
      kernel.consume(2 * dot);
    }
    line.put('/');
    kernel.consume(4 * dot);
    trace(word + " sent");
  }

  void serve_button() {
    while (button_.await(until(end)) == Result::ok) {
      trace("begins");
      count_switches();
      kernel.consume(6 * millisecond);
      trace("ends");
    }
  }

  void press() {
    trace.lines.push_back(std::to_string(kernel.now()) + " press");
    button_.raise();
    at_press_ = kernel.switches();
    to_be_attended_ = 2;
  }

  /// The button's task, or the urgent word, has its turn.
  void count_switches() {
    if (to_be_attended_ == 0) return;
    --to_be_attended_;
    switches_after_press = kernel.switches() - *at_press_;
  }

  Way way_;
  std::function<void()> on_press_ = [this] { press(); };
  Entry press_entry_{on_press_};
  Timer press_;
  Interrupt button_{kernel, 1, "button"};
  Semaphore semaphore_{kernel, "line", 1, {.maximum = 1}};
  Mutex ceiling_{kernel, "line", {.protocol = Protocol::ceiling, .ceiling = 6}};
  Mutex inheritance_{kernel, "line"};
  std::optional<std::uint64_t> at_press_;
  int to_be_attended_ = 0;
};

using Way = SharedLine::Way;

constexpr Time press_in_test = 5'800 * microsecond;  // TEST is on the line until 6,120, SOS is due at 6,000

/// What was noted from 5.5 ms to the SOS that is due at 6 ms.
Lines around_the_press(const SharedLine& scene) {
  Lines some;
  bool sent = false;
  for (const std::string& each : scene.trace.lines) {
    const Time time = std::stoll(each);
    if (time >= 5'500 * microsecond && !sent) some.push_back(each);
    sent = sent || (time > 6 * millisecond && each.find("SOS sent") != std::string::npos);
  }
  return some;
}

TEST(SharedLine, UnprotectedWordsAreGarbled) {
  const SharedLine scene{Way::nothing, press_in_test};
  const auto whole = testing::AnyOf("SOS", "TEST");
  EXPECT_THAT(scene.line.words(), testing::Contains(testing::Not(whole)));
  EXPECT_EQ(scene.sos_late, 0);
}

TEST(SharedLine, WithASemaphoreWordsAreWholeButTheUrgentOneIsLate) {
  const SharedLine scene{Way::semaphore, press_in_test};
  EXPECT_THAT(scene.line.words(), testing::Each(testing::AnyOf("SOS", "TEST")));
  EXPECT_GT(scene.sos_late, 0);
  // The button's 6 ms come between the urgent task and what it waits for.
  EXPECT_EQ(around_the_press(scene),
            (Lines{"5560000 test: TEST sent", "5560000 test: TEST", "5800000 press", "5800000 button: begins",
                   "11800000 button: ends", "12120000 test: TEST sent", "12120000 sos: SOS",
                   "12800000 sos: SOS sent"}));
}

TEST(SharedLine, WithInheritanceTheUrgentWordWaitsForOneWordOnly) {
  const SharedLine scene{Way::inheritance, press_in_test};
  EXPECT_THAT(scene.line.words(), testing::Each(testing::AnyOf("SOS", "TEST")));
  EXPECT_EQ(scene.sos_late, 0);
  EXPECT_EQ(scene.switches_after_press, 4U);
  EXPECT_EQ(around_the_press(scene),
            (Lines{"5560000 test: TEST sent", "5560000 test: TEST", "5800000 press", "5800000 button: begins",
                   "6320000 test: TEST sent", "6320000 sos: SOS", "7000000 sos: SOS sent"}));
}

TEST(SharedLine, WithACeilingThereAreFewerSwitches) {
  const SharedLine scene{Way::ceiling, press_in_test};
  EXPECT_THAT(scene.line.words(), testing::Each(testing::AnyOf("SOS", "TEST")));
  EXPECT_EQ(scene.sos_late, 0);
  EXPECT_EQ(scene.switches_after_press, 2U);
  EXPECT_EQ(around_the_press(scene),
            (Lines{"5560000 test: TEST sent", "5560000 test: TEST", "5800000 press",
                   "6120000 test: TEST sent", "6120000 sos: SOS", "6800000 sos: SOS sent"}));
}

TEST(SharedLine, TheSchedulerLockHasTheTimingOfTheCeiling) {
  const SharedLine lock{Way::scheduler_lock, press_in_test};
  const SharedLine ceiling{Way::ceiling, press_in_test};
  EXPECT_EQ(lock.trace.lines, ceiling.trace.lines);
  EXPECT_EQ(lock.line.signs(), ceiling.line.signs());
  EXPECT_EQ(lock.switches_after_press, 2U);
}

TEST(SharedLine, WheneverTheButtonIsPressed) {
  bool ever_late = false;
  for (Time press = 0; press < 10 * millisecond; press += 70 * microsecond) {
    for (const Way way : {Way::scheduler_lock, Way::ceiling, Way::inheritance}) {
      const SharedLine scene{way, press};
      EXPECT_EQ(scene.sos_late, 0) << press;
      EXPECT_THAT(scene.line.words(), testing::Each(testing::AnyOf("SOS", "TEST"))) << press;
    }
    ever_late = ever_late || SharedLine{Way::semaphore, press}.sos_late > 0;
  }
  EXPECT_TRUE(ever_late);
}

}  // namespace
}  // namespace tactus::kernel
