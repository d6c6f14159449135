// Against a stand-in for the driver: fake_watchdog.cpp.
#include "supervisor/watchdog_device.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "supervisor/watchdog_feeder.hpp"
#include "tests/app/temporary_directory.hpp"

namespace tactus {
namespace {

class Watchdog : public testing::Test {
 protected:
  Watchdog() {
    EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
    driver_ = FileDescriptor(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  ~Watchdog() override { unsetenv("FAKE_WATCHDOG_TIMEOUT"); }

  /// What the driver was asked since the last time.
  std::string asked() const {
    std::array<char, 4096> buffer{};
    const ssize_t count = read(driver_.number(), buffer.data(), buffer.size());
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }
  static std::string refusal(const std::string& path, int timeout_s) {
    try {
      const WatchdogDevice device(path, timeout_s);
    } catch (const WatchdogError& error) {
      return error.what();
    }
    return "";
  }

  test::TemporaryDirectory temporary_;
  const std::string path = temporary_.path() / "watchdog";

 private:
  FileDescriptor driver_;
};

TEST_F(Watchdog, IsFedAndReleased) {
  WatchdogDevice device(path, 10);
  EXPECT_EQ(device.timeout_s(), 10);
  EXPECT_EQ(asked(), "T10;");
  device.feed();
  device.feed();
  EXPECT_EQ(asked(), "KK");
  device.release();
  EXPECT_EQ(asked(), "V");
}

TEST_F(Watchdog, IsNotReleasedByItself) {
  { const WatchdogDevice device(path, 10); }
  EXPECT_EQ(asked(), "T10;") << "and no magic close: the computer restarts";
}

TEST_F(Watchdog, KeepsTheOnlyTimeItKnows) {
  setenv("FAKE_WATCHDOG_TIMEOUT", "16", 1);
  const WatchdogDevice device(path, 10);
  EXPECT_EQ(device.timeout_s(), 16);
}

TEST_F(Watchdog, ThatRefusesIsReleased) {
  EXPECT_EQ(refusal(path, 61), "watchdog " + path + ": its driver does not take a time-out of 61 s");
  EXPECT_EQ(asked(), "V");
}

TEST_F(Watchdog, ThatCannotBeHadSaysWhatToDo) {
  EXPECT_EQ(refusal(path + "7", 10),
            "watchdog " + path +
                "7: No such file or directory; without such hardware there is `modprobe "
                "softdog`");
  EXPECT_EQ(refusal("/dev/null", 10),
            "watchdog /dev/null: that is no watchdog: Inappropriate ioctl for device");
}

/// Waits for a condition, between looks for a moment.
template <class F>
void until(F condition) {
  while (!condition()) std::this_thread::yield();
}

TEST_F(Watchdog, IsFedByItsThreadWhileAllIsWell) {
  std::atomic<int> looks{0};
  std::atomic<bool> well{true};
  WatchdogFeeder feeder(WatchdogDevice(path, 1), [&] {
    ++looks;
    return well.load();
  });
  until([&] { return looks >= 3; });
  well = false;
  const int before = looks;
  until([&] { return looks >= before + 2; });
  const std::string fed = asked();
  EXPECT_TRUE(fed.starts_with("T1;KK")) << fed;
  until([&] { return looks >= before + 4; });
  EXPECT_EQ(asked(), "") << "nothing is well";
  well = true;
  const int again = looks;
  until([&] { return looks >= again + 2; });
  EXPECT_TRUE(asked().starts_with("K"));
  feeder.release();
  const std::string end = asked();
  EXPECT_TRUE(end.ends_with("V")) << end;
}

TEST_F(Watchdog, IsLeftToItselfByAFeederThatEnds) {
  {
    const WatchdogFeeder feeder(WatchdogDevice(path, 10), [] { return true; });
  }
  EXPECT_EQ(asked(), "T10;K");
}

}  // namespace
}  // namespace tactus
