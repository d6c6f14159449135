#include "reporter/csv_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <limits>
#include <sstream>

#include "reporter/reporter.hpp"
#include "tests/reporter/process.hpp"
#include "tests/reporter/producer.hpp"

namespace tactus {
namespace {

using test::make_event;
using test::make_layout;
using testing::HasSubstr;

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class CsvSinkTest : public testing::Test {
 protected:
  void begin(CsvSink& sink, const std::shared_ptr<ProgramLayout>& layout, std::uint64_t first) {
    layout_ = layout;
    BeatRecord head{};
    head.beat = first;
    sink.begin(layout, head);
  }
  void beat(CsvSink& sink, std::uint64_t number) {
    std::vector<std::uint64_t> place(BeatRecord::bytes(layout_->rates.size(), layout_->signals) / 8 + 1);
    test::write_record(reinterpret_cast<std::byte*>(place.data()), *layout_, number);
    sink.beat(BeatView(std::as_bytes(std::span(place))));
  }
  test::Scratch scratch;
  std::string file = scratch / "test.csv";
  std::shared_ptr<ProgramLayout> layout_;
};

TEST_F(CsvSinkTest, WritesATable) {
  CsvSink sink({.file = file});
  sink.event(make_event(EventKind::state, 0, "ready"));
  begin(sink, make_layout(1, {{"tc", {{"hot", "degC"}, {"n", ""}}, {}}, {"odd", {{"a", "m,s"}}, {}}}), 0);
  beat(sink, 0);
  sink.event(make_event(EventKind::gap, 3, "two\nlines", 2));
  beat(sink, 3);
  beat(sink, 4);
  sink.close();
  EXPECT_EQ(content(file),
            "beat,time [ns],tc.hot [degC],tc.n,\"odd.a [m,s]\",status\n"
            "0,0,0,0.1,0.2,\n"
            "# state: beat=0 time=0 value=0 ready\n"
            "3,3000000,3,3.1,3.2,tc.hot=stale\n"
            "# gap: beat=3 time=0 value=2 two lines\n"
            "4,4000000,4,4.1,4.2,\n");
}

TEST_F(CsvSinkTest, NumbersReadBackToTheSameBits) {
  const auto layout = make_layout(1, {{"x", {{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}, {"e", ""}}, {}}});
  const std::vector<double> values{0.1 + 0.2, -0.0, 5e-324, std::numeric_limits<double>::max(),
                                   -std::numeric_limits<double>::infinity()};
  std::vector<std::uint64_t> place(BeatRecord::bytes(1, 5) / 8 + 1);
  auto* const bytes = reinterpret_cast<std::byte*>(place.data());
  test::write_record(bytes, *layout, 0);
  const BeatView view(std::as_bytes(std::span(place)));
  std::memcpy(bytes + sizeof(BeatRecord) + sizeof(std::uint64_t), values.data(), 5 * sizeof(double));
  CsvSink sink({.file = file});
  sink.begin(layout, view.head());
  sink.beat(view);
  sink.close();
  std::istringstream text(content(file));
  std::string field;
  std::getline(text, field);
  std::getline(text, field, ',');
  std::getline(text, field, ',');
  for (const double value : values) {
    std::getline(text, field, ',');
    const double read = std::strtod(field.c_str(), nullptr);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read), std::bit_cast<std::uint64_t>(value)) << field;
  }
}

TEST_F(CsvSinkTest, ASwapThatChangesSignalsBeginsAFile) {
  CsvSink sink({.file = file});
  begin(sink, make_layout(1, {{"a", {{"x", "V"}}, {}}}), 0);
  beat(sink, 0);
  begin(sink, make_layout(2, {{"a", {{"x", "V"}}, {}}}), 1);
  beat(sink, 1);
  begin(sink, make_layout(3, {{"a", {{"x", "mV"}}, {}}}), 2);
  beat(sink, 2);
  sink.close();
  EXPECT_EQ(content(file), "beat,time [ns],a.x [V],status\n0,0,0,\n1,1000000,1,\n");
  EXPECT_EQ(content(scratch / "test-epoch1.csv"), "beat,time [ns],a.x [mV],status\n2,2000000,2,\n");
}

TEST_F(CsvSinkTest, WritesOnlyWhatIsWantedAndWhatWasFlushedIsThere) {
  CsvSink sink({.file = file, .signals = {"slow.mean"}});
  begin(sink, test::two_rates(), 0);
  beat(sink, 0);
  sink.flush();
  EXPECT_EQ(content(file), "beat,time [ns],slow.mean [V],status\n0,0,0.2,\n");
}

TEST_F(CsvSinkTest, IsNeverOverwritten) {
  { const CsvSink first({.file = file}); }
  EXPECT_THROW(CsvSink({.file = file}), std::runtime_error);
}

TEST_F(CsvSinkTest, AFullDiskIsTold) {
  test::Process child({RECORDING_CHILD, "limited", file, "1000000"});
  const std::string output = child.rest();
  EXPECT_EQ(child.wait(), 0) << output;
  EXPECT_THAT(output, HasSubstr("File too large"));
  EXPECT_EQ(std::filesystem::file_size(file), 1'000'000U);
}

TEST(RecordingFile, NamesCarryTheTimeInUtc) {
  EXPECT_EQ(expand_file_name("tanks-%Y%m%dT%H%M%SZ.h5", 1'000'000'000), "tanks-20010909T014640Z.h5");
  EXPECT_EQ(expand_file_name("100%%.csv", 0), "100%.csv");
  EXPECT_THROW((void)expand_file_name("", 0), std::runtime_error);
}

TEST(RecordingFile, TheNameSaysTheFormat) {
  const test::Scratch scratch;
  EXPECT_EQ(make_recording({.file = scratch / "a.csv"})->name(), scratch / "a.csv");
  EXPECT_EQ(make_recording({.file = scratch / "a.h5"})->name(), scratch / "a.h5");
  EXPECT_THROW((void)make_recording({.file = scratch / "a.txt"}), std::runtime_error);
}

TEST(FrameSource, NamesThatAreNotThereAreFound) {
  EXPECT_THAT(unknown_signals(*test::two_rates(), {"sensor.flow", "sensor.speed", "slow"}),
              testing::ElementsAre("sensor.speed", "slow"));
}

}  // namespace
}  // namespace tactus
