#include "supervisor/safe_outputs.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "reporter/recording_file.hpp"
#include "tests/supervisor/rig_card.hpp"

namespace tactus {
namespace {

/// Plays the card of the test plug-in bench-rig; and the plan of an experiment with it.
class SafeOutputs : public testing::Test {
 protected:
  SafeOutputs() : library_({TACTUS_TEST_PLUGINS}) {
    path_ = testing::TempDir() + "rig-" + std::to_string(getpid());
    file_ = FileDescriptor(open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    EXPECT_EQ(ftruncate(file_.number(), sizeof(test::CardMemory)), 0);
    const std::string pipe = test::pipe_of(path_);
    EXPECT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    pipe_ = FileDescriptor(open(pipe.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  }
  ~SafeOutputs() override {
    std::filesystem::remove(path_);
    std::filesystem::remove(test::pipe_of(path_));
  }

  SafePlan plan(const std::string& driver = "bench-rig") const {
    SafePlan result{.program = 1, .period_ns = 1'000'000, .file = "test.yaml"};
    result.specification = "tactus: 1\nheartbeat: {period: 1 ms}\ndevices: {rig: {driver: " + driver +
                           ", file: " + path_ + "}}\n";
    result.outputs = {
        {.signal = "drive.a", .unit = "V", .device = "rig", .channel = 1, .channel_name = "ao0", .raw = 1.5},
        {.signal = "drive.b", .unit = "V", .device = "rig", .channel = 3, .channel_name = "ao2", .raw = -2},
        {.signal = "drive.c",
         .unit = "V",
         .device = "rig",
         .channel = 2,
         .channel_name = "ao1",
         .hold = true}};
    return result;
  }
  std::shared_ptr<const PreparedPlan> prepared(const std::string& driver = "bench-rig") {
    return std::make_shared<const PreparedPlan>(plan(driver), library_);
  }
  /// What stands at the outputs by now.
  const std::array<double, 4>& outputs() {
    test::CardWrite one;
    while (read(pipe_.number(), &one, sizeof one) == ssize_t{sizeof one}) {
      EXPECT_EQ(one.process, getpid());
      EXPECT_EQ(one.safe, 1);
      outputs_.at(one.channel) = one.value;
    }
    return outputs_;
  }
  void refuse(std::int64_t times) const {
    EXPECT_EQ(pwrite(file_.number(), &times, sizeof times, 8), ssize_t{sizeof times});
  }

  std::string path_;
  FileDescriptor file_;
  FileDescriptor pipe_;
  std::array<double, 4> outputs_{};
  PluginLibrary library_;
};

TEST_F(SafeOutputs, AreWritten) {
  SafeWriting writing({prepared()}, 1);
  EXPECT_TRUE(writing.attempt());
  EXPECT_EQ(outputs(), (std::array<double, 4>{1.5, 0, -2, 0}));
  ASSERT_EQ(writing.results().size(), 3U);
  EXPECT_EQ(writing.results()[0].kind, SafeResult::Kind::safe);
  EXPECT_EQ(writing.results()[1].kind, SafeResult::Kind::safe);
  EXPECT_EQ(writing.results()[2].kind, SafeResult::Kind::held);
}

TEST_F(SafeOutputs, AreTriedAgainUntilTheHardwareTakesThem) {
  refuse(2);
  SafeWriting writing({prepared()}, 1);
  EXPECT_FALSE(writing.attempt());
  EXPECT_EQ(writing.results()[0].kind, SafeResult::Kind::failed);
  EXPECT_EQ(writing.results()[0].text, "the rig does not take it");
  EXPECT_FALSE(writing.attempt());
  EXPECT_TRUE(writing.attempt());
  EXPECT_EQ(writing.results()[0].kind, SafeResult::Kind::safe);
  EXPECT_EQ(outputs()[0], 1.5);
}

TEST_F(SafeOutputs, HardwareThatIsHeldByAnotherOneIsRefused) {
  ASSERT_EQ(flock(file_.number(), LOCK_EX), 0);
  SafeWriting writing({prepared()}, 1);
  EXPECT_FALSE(writing.attempt());
  EXPECT_EQ(outputs()[0], 0);
  ASSERT_EQ(flock(file_.number(), LOCK_UN), 0);
  EXPECT_TRUE(writing.attempt());
  EXPECT_EQ(outputs()[0], 1.5);
}

TEST_F(SafeOutputs, WithoutASafeWriterAreTold) {
  const auto plan = prepared("bench-rig/unguarded");
  EXPECT_EQ(plan->unguarded(), (std::vector<std::string>{"drive.a", "drive.b"}));
  SafeWriting writing({plan}, 1);
  EXPECT_TRUE(writing.attempt()) << "there is nothing to try";
  EXPECT_EQ(writing.results()[0].kind, SafeResult::Kind::unguarded);
}

TEST_F(SafeOutputs, ADriverThatIsNotThereIsRefused) {
  EXPECT_THROW(prepared("bench-rug"), std::runtime_error);
}

}  // namespace
}  // namespace tactus
