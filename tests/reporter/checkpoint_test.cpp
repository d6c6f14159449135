#include "reporter/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include "reporter/hdf5_sink.hpp"
#include "reporter/recover.hpp"
#include "tests/reporter/producer.hpp"

namespace tactus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::shared_ptr<ProgramLayout> with_states(std::uint64_t program, std::vector<std::string> states) {
  auto layout = test::two_rates(program);
  layout->states = std::move(states);
  return layout;
}

/// A beat with a checkpoint: n-th number = beat + n / 100.
void give_checkpoint(Sink& sink, const ProgramLayout& layout, std::uint64_t beat) {
  std::vector<double> states;
  for (std::size_t n = 0; n < layout.states.size(); ++n)
    states.push_back(static_cast<double>(beat) + static_cast<double>(n) / 100);
  const std::size_t plain = BeatRecord::bytes(layout.rates.size(), layout.signals);
  std::vector<std::byte> record(plain);
  test::write_record(record.data(), layout, beat);
  BeatRecord head{};
  std::memcpy(&head, record.data(), sizeof head);
  head.states = states.size();
  std::memcpy(record.data(), &head, sizeof head);
  const std::span<const std::byte> numbers = std::as_bytes(std::span(states));
  const auto statuses = record.end() - static_cast<std::ptrdiff_t>(layout.signals);
  record.insert(statuses, numbers.begin(), numbers.end());
  sink.beat(BeatView(record));
}

BeatRecord first_of(const ProgramLayout& layout, std::uint64_t beat) {
  BeatRecord head{};
  head.program = layout.program;
  head.beat = beat;
  return head;
}

class CheckpointTest : public ::testing::Test {
 protected:
  /// A recording with checkpoints on beats 0, 10, 20 of a first and 30, 40 of a second program.
  void record(bool second) {
    Hdf5Sink sink({.file = file});
    const auto first = with_states(1, {"loop.integral", "loop.error"});
    sink.begin(first, first_of(*first, 0));
    for (std::uint64_t beat = 0; beat <= 20; beat += 10) give_checkpoint(sink, *first, beat);
    if (second) {
      const auto next = with_states(2, {"loop.integral", "loop.error", "rig.level"});
      sink.begin(next, first_of(*next, 30));
      for (std::uint64_t beat = 30; beat <= 40; beat += 10) give_checkpoint(sink, *next, beat);
    }
    sink.close();
  }
  /// Changes one number of the last checkpoint, as a block does that never reached the disk.
  void spoil(const char* path, std::uint64_t row) {
    const hid_t opened = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(opened, path, H5P_DEFAULT);
    const hid_t space = H5Dget_space(dataset);
    const hsize_t place[] = {row, 1};
    H5Sselect_elements(space, H5S_SELECT_SET, 1, place);
    const hsize_t one = 1;
    const hid_t memory = H5Screate_simple(1, &one, nullptr);
    const double zero = 0;
    EXPECT_GE(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &zero), 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(opened);
  }

  test::Scratch scratch;
  std::string file = scratch / "test.h5";
};

TEST_F(CheckpointTest, TheLastOneIsRead) {
  record(false);
  const Checkpoint checkpoint = last_checkpoint(file);
  EXPECT_EQ(checkpoint.beat, 20U);
  EXPECT_EQ(checkpoint.time_ns, test::two_rates()->period.times(20));
  EXPECT_THAT(checkpoint.names, ElementsAre("loop.integral", "loop.error"));
  EXPECT_THAT(checkpoint.numbers, ElementsAre(20.0, 20.01));
  EXPECT_EQ(checkpoint.specification, test::two_rates(1)->specification);
  EXPECT_EQ(checkpoint.last_beat, 20U);
}

TEST_F(CheckpointTest, WithOtherStatesAnEpochBeginsAndItsProgramIsNamed) {
  record(true);
  const Checkpoint checkpoint = last_checkpoint(file);
  EXPECT_EQ(checkpoint.beat, 40U);
  EXPECT_THAT(checkpoint.numbers, ElementsAre(40.0, 40.01, 40.02));
  EXPECT_EQ(checkpoint.specification, test::two_rates(2)->specification);
}

TEST_F(CheckpointTest, OneThatIsNotWholeIsPassedOver) {
  record(true);
  spoil("/epochs/1/states/values", 1);
  EXPECT_EQ(last_checkpoint(file).beat, 30U);
  spoil("/epochs/1/states/values", 0);
  const Checkpoint checkpoint = last_checkpoint(file);
  EXPECT_EQ(checkpoint.beat, 20U);
  EXPECT_EQ(checkpoint.specification, test::two_rates(1)->specification);
  EXPECT_EQ(checkpoint.last_beat, 40U);
}

TEST_F(CheckpointTest, WithoutAnyItSaysHowToGetThem) {
  record(false);
  for (const std::uint64_t row : {0U, 1U, 2U}) spoil("/states/values", row);
  EXPECT_THAT([&] { last_checkpoint(file); },
              ThrowsMessage<std::runtime_error>(HasSubstr(file + ": it has no checkpoint")));
  EXPECT_THAT([&] { last_checkpoint(scratch / "none.h5"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("No such file")));
}

}  // namespace
}  // namespace tactus
