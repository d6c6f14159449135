// A process that records until it is killed, or until its file may not grow any more.
//
//   recording_child endless FILE          says after each flush which beat was the last in it
//   recording_child limited FILE BYTES    records 200,000 beats; exit status 0 if the sink failed as it
//   should

#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <string>

#include "reporter/recording_file.hpp"
#include "reporter/reporter.hpp"
#include "tests/reporter/producer.hpp"

namespace tactus {
namespace {

/// Stands behind the file's sink, so that the file has been flushed when this one is.
class FlushTeller : public Sink {
 public:
  std::string name() const override { return "teller"; }
  void begin(const std::shared_ptr<const ProgramLayout>&, const BeatRecord&) override {}
  void beat(const BeatView& view) override { last_ = view.head().beat; }
  void event(const EngineEvent&) override {}
  void flush() override { std::cout << last_ << std::endl; }
  void close() override {}

 private:
  std::uint64_t last_ = 0;
};

int record(const std::string& file, std::uint64_t beats) {
  RecordFifo records(1U << 20U);
  Fifo<EngineEvent> events(100);
  Reporter reporter(records, events);
  reporter.add_sink(make_recording({.file = file}));
  reporter.add_sink(std::make_unique<FlushTeller>());
  const auto layout = test::two_rates();
  reporter.add_layout(layout);
  reporter.start();
  for (std::uint64_t beat = 0; beat < beats; beat += 100) {
    const EngineEvent note = test::make_event(EventKind::note, beat, "another hundred");
    while (!events.try_push(note)) std::this_thread::yield();
    test::produce(records, *layout, beat, beat + 100);
  }
  reporter.stop();
  std::cout << "error: " << reporter.failed() << std::endl;
  const bool all_drained = reporter.counts().beats == beats;
  return !reporter.failed().empty() && all_drained ? 0 : 1;
}

int limited(const std::string& file, rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);  // so that writing fails as it does on a full disk
  const rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
  return record(file, 200'000);
}

}  // namespace
}  // namespace tactus

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments, arguments + count);
  if (count == 3 && words[1] == "endless") return tactus::record(words[2], ~std::uint64_t{0});
  if (count == 4 && words[1] == "limited") return tactus::limited(words[2], std::stoull(words[3]));
  std::cerr << "usage: recording_child endless FILE | limited FILE BYTES\n";
  return 2;
}
