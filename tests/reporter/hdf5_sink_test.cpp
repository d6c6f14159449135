#include "reporter/hdf5_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "reporter/recover.hpp"
#include "reporter/reporter.hpp"
#include "tests/reporter/process.hpp"
#include "tests/reporter/producer.hpp"

namespace tactus {
namespace {

using namespace std::chrono_literals;
using test::make_event;
using test::produce;
using testing::HasSubstr;
constexpr auto long_enough = 60s;

/// What h5py says against these statements about a recording; empty if all are true.
std::string h5py(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {PYTHON, CHECK_RECORDING});
  return test::run(arguments);
}

class Hdf5SinkTest : public testing::Test {
 protected:
  void start(const RecordingOptions& options) {
    reporter.add_sink(std::make_unique<Hdf5Sink>(options));
    reporter.start();
  }
  /// Makes a program known and puts out its beats.
  void play(const std::shared_ptr<const ProgramLayout>& layout, std::uint64_t from, std::uint64_t to) {
    reporter.add_layout(layout);
    produce(records, *layout, from, to);
  }
  void finish() {
    reporter.stop();
    EXPECT_EQ(reporter.failed(), "");
  }

  test::Scratch scratch;
  std::string file = scratch / "test.h5";
  RecordFifo records{1U << 20U};
  Fifo<EngineEvent> events{1000};
  Reporter reporter{records, events};
};

TEST_F(Hdf5SinkTest, IsReadByH5py) {
  start({.file = file});
  play(test::two_rates(), 0, 10'000);
  EngineEvent fault = make_event(EventKind::fault, 10'000, "not finite", 3.5);
  EngineEvent::copy(fault.component, "sensor");
  EngineEvent::copy(fault.signal, "level");
  fault.time_ns = 10'000'000'000;
  events.push_or_drop(fault);
  finish();
  EXPECT_EQ(
      h5py({file, "right(f['frames/sensor'], np.arange(10000), [0, 1])",
            "right(f['frames/slow'], np.arange(2, 10000, 5), [2])",
            "f['frames/sensor/beat'].dtype == np.uint64 and f['frames/sensor/time'].dtype == np.int64",
            "f['frames/sensor/status'].dtype == np.uint8",
            "list(f['frames/sensor/values'].attrs['signals']) == ['level', 'flow']",
            "list(f['frames/sensor/values'].attrs['units']) == ['V', 'm3/s']",
            "f['frames/slow'].attrs['plugin'] == 'waveform'", "f['frames/slow'].attrs['kind'] == 'generator'",
            "(f['frames/slow'].attrs['every'], f['frames/slow'].attrs['offset']) == (5, 2)",
            std::string("f['frames'].attrs['period_numerator_ns'] == 1e9 * "
                        "f['frames'].attrs['period_denominator'] / ") +
                "1000",
            "f.attrs['specification'] == 'tactus: 1\\nname: test 1\\n'",
            "f.attrs['format'] == 'tactus recording' and f.attrs['format_version'] == 1",
            std::string("all(f.attrs[k] for k in ('tactus_version', 'created', 'machine_system', ") +
                "'machine_architecture', 'machine_processor'))",
            "f.attrs['complete'] == 1 and f.attrs['drops'] == 0",
            std::string("len(f['events']) == 1 and f['events'][0].tolist() == (10000, 10**10, 3.5, b'fault', "
                        "b'sensor', ") +
                "b'level', b'not finite')"}),
      "");
}

TEST_F(Hdf5SinkTest, IsReadByH5dump) {
  start({.file = file});
  play(test::two_rates(), 0, 13);
  finish();
  test::Process h5dump({"h5dump", "-y", "-w", "200", "-d", "/frames/slow/beat", file});
  const std::string output = h5dump.rest();
  EXPECT_EQ(h5dump.wait(), 0);
  EXPECT_THAT(output, HasSubstr("2, 7, 12"));
}

TEST_F(Hdf5SinkTest, EverySampleCanBeDated) {
  start({.file = file});
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t first = now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
  for (std::uint64_t beat = 0; beat < 10; ++beat) {
    ASSERT_TRUE(test::offer(records, *layout, beat, first + static_cast<std::int64_t>(beat) * 1'000'000));
  }
  const std::time_t utc = std::time(nullptr);
  finish();
  EXPECT_EQ(h5py({file, "f['timing']['beat'][0] == 0 and f['timing']['beat'][-1] == 9",
                  "f['timing']['monotonic'][0] == " + std::to_string(first),
                  "np.all(np.abs(np.diff(f['timing']['utc'] - f['timing']['monotonic'])) < 1e8)",
                  "abs(f['timing']['utc'][0] / 1e9 - " + std::to_string(utc) + ") < 60"}),
            "");
}

TEST_F(Hdf5SinkTest, IsNeverOverwritten) {
  std::ofstream(file) << "precious";
  try {
    const Hdf5Sink sink({.file = file});
    FAIL() << "an existing file was accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr(file));
    EXPECT_THAT(error.what(), HasSubstr("%Y%m%dT%H%M%SZ"));
  }
  std::string content;
  std::ifstream(file) >> content;
  EXPECT_EQ(content, "precious");
}

TEST_F(Hdf5SinkTest, ImpossibleOptionsAreRefused) {
  EXPECT_THROW(Hdf5Sink({.file = scratch / "no/such/folder.h5"}), std::runtime_error);
  EXPECT_THROW(Hdf5Sink({.file = file, .gzip = 10}), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(Hdf5SinkTest, RecordingsOfTheSameRecordsAreEqual) {
  const auto first = test::two_rates(1);
  const auto second = test::make_layout(2, {{"other", {{"x", "1"}}, {}}});
  const auto fill = [&](Reporter& to, RecordFifo& beats, Fifo<EngineEvent>& notes, bool slowly) {
    to.add_layout(first);
    to.add_layout(second);
    to.start();
    for (std::uint64_t beat = 0; beat < 6000; ++beat) {
      if (beat % 10 == 0) {
        // What lies behind the end of a text is not recorded.
        EngineEvent note = make_event(EventKind::note, beat, slowly ? "something longer" : "???");
        EngineEvent::copy(note.text, "ten");
        while (!notes.try_push(note)) std::this_thread::yield();
      }
      produce(beats, beat < 5000 ? *first : *second, beat, beat + 1);
      if (slowly && beat % 7 == 0) {
        ASSERT_TRUE(to.wait_for_beat(beat, long_enough));
      }
    }
    to.stop();
    EXPECT_EQ(to.failed(), "");
  };
  const std::string other = scratch / "other.h5";
  reporter.add_sink(std::make_unique<Hdf5Sink>(RecordingOptions{.file = file}));
  fill(reporter, records, events, false);
  RecordFifo small_records(4096);
  Fifo<EngineEvent> small_events(3);
  Reporter slow(small_records, small_events);
  slow.add_sink(std::make_unique<Hdf5Sink>(RecordingOptions{.file = other, .sync = false}));
  fill(slow, small_records, small_events, true);
  EXPECT_EQ(h5py({"--same", file, other, "frames", "epochs", "events", "programs", "specifications"}), "");
}

TEST_F(Hdf5SinkTest, ASwapThatChangesSignalsBeginsAnEpoch) {
  start({.file = file});
  play(test::two_rates(1), 0, 1000);
  play(test::two_rates(2), 1000, 1500);  // the same signals: no new epoch
  play(
      test::make_layout(3, {{"extra", {{"x", "1"}}, {}}, {"sensor", {{"level", "V"}, {"flow", "m3/s"}}, {}}}),
      1500, 1600);
  play(test::make_layout(4, {{"sensor", {{"level", "mV"}, {"flow", "m3/s"}}, {}}}), 1600, 1700);
  finish();
  EXPECT_EQ(h5py({file, "right(f['frames/sensor'], np.arange(1500), [0, 1])",
                  "right(f['epochs/1/frames/extra'], np.arange(1500, 1600), [0])",
                  "right(f['epochs/1/frames/sensor'], np.arange(1500, 1600), [1, 2])",
                  "right(f['epochs/2/frames/sensor'], np.arange(1600, 1700), [0, 1])",
                  "list(f['epochs']) == ['1', '2'] and list(f['epochs/2/frames']) == ['sensor']",
                  "f['epochs/1/frames'].attrs['first_beat'] == 1500",
                  "f['programs']['program'].tolist() == [1, 2, 3, 4]",
                  "f['programs']['beat'].tolist() == [0, 1000, 1500, 1600]",
                  "f['programs']['epoch'].tolist() == [0, 0, 1, 2]",
                  std::string("[bytes(f['specifications'][o:o + l]).decode() for o, l in ") +
                      std::string("zip(f['programs']['offset'], f['programs']['length'])] == ") +
                      "['tactus: 1\\nname: test %d\\n' % n for n in (1, 2, 3, 4)]"}),
            "");
}

TEST_F(Hdf5SinkTest, ASwapMayMoveTheSignals) {
  start({.file = file, .signals = {"sensor.flow", "sensor.level", "no.such"}});
  const test::Part sensor{"sensor", {{"level", "V"}, {"flow", "m3/s"}}, {}};
  play(test::make_layout(1, {sensor}), 0, 100);
  play(test::make_layout(2, {{"extra", {{"x", "1"}}, {}}, sensor}), 100, 200);
  finish();
  EXPECT_EQ(h5py({file, "'epochs' not in f and list(f['frames']) == ['sensor']",
                  "np.array_equal(f['frames/sensor/values'][100:, 1], value_at(np.arange(100, 200), 2))"}),
            "");
}

TEST_F(Hdf5SinkTest, ComponentsOfOneScheduleShareTheirBeats) {
  const Schedule slow{.every = 4, .offset = 1};
  start({.file = file});
  play(test::make_layout(1, {{"a", {{"x", "1"}}, {}},
                             {"b", {{"x", "1"}}, slow},
                             {"c", {{"x", "1"}}, {}},
                             {"d", {{"x", "1"}}, slow}}),
       0, 5000);
  play(test::make_layout(2, {{"b", {{"x", "1"}}, slow}, {"a", {{"x", "1"}}, {}}}), 5000, 6000);
  finish();
  EXPECT_EQ(
      h5py({file, "right(f['frames/a'], np.arange(5000), [0])",
            "right(f['frames/b'], np.arange(1, 5000, 4), [1])", "right(f['frames/c'], np.arange(5000), [2])",
            "right(f['frames/d'], np.arange(1, 5000, 4), [3])",
            "f['frames/a/beat'] == f['frames/c/beat'] and f['frames/b/time'] == f['frames/d/time']",
            "f['frames/a/beat'] != f['frames/b/beat']",
            "right(f['epochs/1/frames/b'], np.arange(5001, 6000, 4), [0])"}),
      "");
}

TEST_F(Hdf5SinkTest, ManyComponentsAreRecordedLikeFew) {
  const auto many = [](std::uint64_t program, std::size_t before) {
    std::vector<test::Part> parts;
    for (std::size_t i = 0; i < before; ++i) parts.push_back({"unwanted" + std::to_string(i), {}, {}});
    for (std::size_t i = 0; i < 20; ++i) {
      parts.push_back(
          {"c" + std::to_string(i), {{"x", "1"}, {"y", "1"}}, {.every = 1 + i % 3, .offset = i % 3}});
    }
    return test::make_layout(program, parts);
  };
  start({.file = file});
  play(many(1, 0), 0, 3333);
  play(many(2, 3), 3333, 5001);  // records of another size
  finish();
  EXPECT_EQ(
      h5py({file, "len(f['frames']) == 20 and 'epochs' not in f",
            std::string(
                "all(right(f[f'frames/c{i}'], np.arange(i % 3, 5001, 1 + i % 3), [2 * i, 2 * i + 1]) ") +
                "for i in range(20))"}),
      "");
}

TEST_F(Hdf5SinkTest, RecordsOnlyWhatIsWanted) {
  const auto layout =
      test::make_layout(1, {{"a", {{"x", "1"}, {"y", "1"}, {"z", "1"}}, {}}, {"b", {{"x", "1"}}, {}}});
  start({.file = file, .signals = {"a.x", "a.z"}, .gzip = 4});
  play(layout, 0, 3000);
  finish();
  EXPECT_EQ(h5py({file, "right(f['frames/a'], np.arange(3000), [0, 2])", "list(f['frames']) == ['a']",
                  "list(f['frames/a/values'].attrs['signals']) == ['x', 'z']",
                  "f['frames/a/values'].compression == 'gzip'"}),
            "");
}

TEST_F(Hdf5SinkTest, MarksGaps) {
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  std::uint64_t recorded = 0;
  while (test::offer(records, *layout, recorded)) ++recorded;
  for (std::uint64_t beat = 1; beat < 20; ++beat) test::offer(records, *layout, recorded + beat);
  start({.file = file});
  ASSERT_TRUE(reporter.wait_for_beat(recorded - 1, long_enough));
  produce(records, *layout, recorded + 20, recorded + 30);
  finish();
  const std::string hole = std::to_string(recorded);
  EXPECT_EQ(
      h5py({file, "f.attrs['drops'] == 20", "len(f['events']) == 1 and texts(f['events'], 'kind') == ['gap']",
            "f['events'][0]['beat'] == " + hole + " + 20 and f['events'][0]['value'] == 20",
            "right(f['frames/sensor'], np.r_[0:" + hole + ", " + hole + " + 20:" + hole + " + 30], [0, 1])"}),
      "");
}

TEST_F(Hdf5SinkTest, WritesWhatTheStepsTook) {
  const auto layout = test::two_rates();
  const auto table = std::make_shared<StepTable>(2);
  for (std::uint64_t i = 1; i <= 1000; ++i) table->enter(0, i);
  layout->components[0].timing = std::make_shared<StepTiming>(table, 0, nullptr);
  layout->components[1].timing = std::make_shared<StepTiming>(table, 1, nullptr);  // never ran
  layout->worst = std::make_shared<WorstBeats>(4);
  const std::vector<std::uint64_t> stamps{100, 110, 150, 150, 155};
  layout->worst->enter(7, 20, 55, stamps);
  start({.file = file});
  play(layout, 0, 10);
  finish();
  EXPECT_EQ(
      h5py({file, "texts(f['steps'], 'component') == ['sensor'] and f['steps']['count'][0] == 1000",
            "0 < f['steps']['p50'][0] < f['steps']['p99'][0] < f['steps']['p999'][0] <= f['steps']['max'][0]",
            "abs(f['steps']['p50'][0] / f['steps']['max'][0] - 0.5) < 0.07",
            "f['step_histograms']['count'].sum() == 1000",
            "np.all(f['step_histograms']['from'] < f['step_histograms']['to'])",
            "texts(f['worst_beats'], 'component') == ['', '(before)', 'sensor', '(after)']",
            "np.all(f['worst_beats']['beat'] == 7)",
            std::string("np.allclose(f['worst_beats']['duration'] / f['worst_beats']['latency'], ") +
                "np.array([55, 10, 40, 5]) / 20)"}),
      "");
}

TEST_F(Hdf5SinkTest, IsReadWhileItIsWritten) {
  start({.file = file});
  play(test::two_rates(), 0, 1000);
  ASSERT_TRUE(reporter.wait_for_beat(999, long_enough));
  test::Process reader({PYTHON, CHECK_RECORDING, "--follow", file, "1000", "5000"});
  EXPECT_EQ(reader.line(), "1000");
  produce(records, *test::two_rates(), 1000, 5000);
  EXPECT_EQ(reader.line(), "5000");
  EXPECT_EQ(reader.wait(), 0);
  finish();
}

TEST_F(Hdf5SinkTest, ARecordingWithoutABeatIsReadable) {
  start({.file = file});
  events.push_or_drop(make_event(EventKind::state, 0, "ready"));
  finish();
  EXPECT_EQ(h5py({file, "texts(f['events'], 'text') == ['ready']", "'frames' not in f"}), "");
}

TEST_F(Hdf5SinkTest, AKilledRecordingIsRecovered) {
  test::Process child({RECORDING_CHILD, "endless", file});
  std::uint64_t flushed = 0;
  for (int i = 0; i < 4; ++i) flushed = std::stoull(child.line());
  EXPECT_TRUE(is_marked_open(file));
  EXPECT_THROW(recover(file), std::runtime_error) << "its writer is alive";
  child.kill();
  EXPECT_NE(h5py({file, "True"}), "") << "a file left open is refused until it is recovered";
  EXPECT_TRUE(recover(file).needed);
  EXPECT_FALSE(is_marked_open(file));
  EXPECT_FALSE(recover(file).needed);
  EXPECT_EQ(h5py({file, "right(f['frames/sensor'], np.arange(len(f['frames/sensor/beat'])), [0, 1])",
                  "right(f['frames/slow'], np.arange(len(f['frames/slow/beat'])) * 5 + 2, [2])",
                  "len(f['frames/sensor/beat']) > " + std::to_string(flushed),
                  "len(f['frames/slow/beat']) >= (" + std::to_string(flushed) + " - 2) // 5",
                  "len(f['events']) >= " + std::to_string(flushed) + " // 100",
                  "np.array_equal(f['events']['beat'], np.arange(len(f['events'])) * 100)",
                  "f.attrs['complete'] == 0"}),
            "");
}

TEST_F(Hdf5SinkTest, AFullDiskIsToldAndWhatFittedIsReadable) {
  test::Process child({RECORDING_CHILD, "limited", file, "2000000"});
  const std::string output = child.rest();
  EXPECT_EQ(child.wait(), 0) << output;
  EXPECT_THAT(output, HasSubstr("File too large"));
  recover(file);  // the child could not: the limit was still there
  EXPECT_EQ(h5py({file, "right(f['frames/sensor'], np.arange(len(f['frames/sensor/beat'])), [0, 1])",
                  "f.attrs['complete'] == 0"}),
            "");
}

TEST_F(Hdf5SinkTest, OnlyRecordingsAreRecovered) {
  std::ofstream(file) << "this is text and long enough for a superblock";
  EXPECT_THROW(recover(file), std::runtime_error);
  EXPECT_THROW(recover(scratch / "missing.h5"), std::runtime_error);
}

}  // namespace
}  // namespace tactus
