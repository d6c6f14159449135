// The driver of the simulated card (tests/supervisor/rig_card.hpp): one process may hold it at a time, as
// with comedi_lock. And a plug-in that dies in every way there is.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "tactus.hpp"
#include "tests/supervisor/rig_card.hpp"

namespace {

using namespace tactus;
using test::CardMemory;
using test::CardWrite;

constexpr std::size_t first_output = 1;  // channel 0 is the input

/// The way to the card, held by this process alone.
class CardLink {
 public:
  /// Null if all is well, or what is not.
  const char* open(const std::string& path) {
    if (memory_ != nullptr) return nullptr;
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return "the rig is not there";
    const int pipe = ::open(test::pipe_of(path).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    void* place = MAP_FAILED;
    const char* problem = nullptr;
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
      problem = "the rig is held by another process";
    } else if (pipe < 0) {
      problem = "the rig has no card";
    } else {
      place = mmap(nullptr, sizeof(CardMemory), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
      if (place == MAP_FAILED) problem = "the rig can't be mapped";
    }
    if (problem != nullptr) {
      if (pipe >= 0) ::close(pipe);
      ::close(file);
      return problem;
    }
    file_ = file;
    pipe_ = pipe;
    memory_ = static_cast<CardMemory*>(place);
    process_ = getpid();
    return nullptr;
  }
  void close() {
    if (memory_ == nullptr) return;
    munmap(memory_, sizeof(CardMemory));
    ::close(pipe_);
    ::close(file_);
    memory_ = nullptr;
  }
  ~CardLink() { close(); }

  double value(std::size_t output) const { return memory_->value[output].load(); }
  /// Whether a safe write shall fail this time.
  bool refuses() { return memory_->refusals.load() > 0 && memory_->refusals.fetch_sub(1) > 0; }

  /// All of them or none.
  DeviceResult write(std::span<const std::size_t> channels, std::span<const double> values, bool safe) {
    std::array<CardWrite, CardMemory::outputs> writes;
    const std::size_t count = std::min(channels.size(), writes.size());
    for (std::size_t i = 0; i < count; ++i) {
      writes[i] = {.process = process_,
                   .channel = static_cast<std::uint16_t>(channels[i] - first_output),
                   .safe = static_cast<std::uint16_t>(safe ? 1 : 0),
                   .value = values[i]};
    }
    const std::size_t bytes = count * sizeof(CardWrite);
    if (::write(pipe_, writes.data(), bytes) != static_cast<ssize_t>(bytes))
      return DeviceResult::failed("the card does not take it");
    return DeviceResult::ok();
  }

 private:
  int file_ = -1;
  int pipe_ = -1;
  CardMemory* memory_ = nullptr;
  std::int32_t process_ = 0;
};

class RigSafeWriter : public SafeWriter {
 public:
  explicit RigSafeWriter(std::string path) : path_(std::move(path)) {}
  DeviceResult write(std::span<const std::size_t> channels, std::span<const double> values) override {
    if (const char* problem = link_.open(path_)) return DeviceResult::failed(problem);
    if (link_.refuses()) return DeviceResult::failed("the rig does not take it");
    return link_.write(channels, values, true);
  }

 private:
  std::string path_;
  CardLink link_;
};

class BenchRig : public Device {
 public:
  std::vector<Channel> channels() const override {
    std::vector<Channel> all{{"ai0", Direction::input, "V", -10, 10, 0}};
    for (std::size_t i = 0; i < CardMemory::outputs; ++i)
      all.push_back({"ao" + std::to_string(i), Direction::output, "V", -10, 10, 0});
    return all;
  }
  void configure(Configuration& configuration) override { path_ = configuration.path(file()); }
  void open() override {
    if (const char* problem = link_.open(path_)) throw DeviceError(problem);
  }
  void close() override { link_.close(); }
  DeviceResult read(const ChannelGroup&, std::span<double> values, std::span<Status> statuses) override {
    for (double& value : values) value = link_.value(0);
    for (Status& status : statuses) status = Status::good;
    return DeviceResult::ok();
  }
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override {
    return link_.write(group.channels(), values, false);
  }
  std::unique_ptr<SafeWriter> safe_writer() override { return std::make_unique<RigSafeWriter>(path_); }

 private:
  Parameter<std::string> file{*this, "file", {}, "that the card keeps"};
  std::string path_;
  CardLink link_;
};
TACTUS_PLUGIN(BenchRig, "bench-rig", "hardware that is another process")

class UnguardedRig : public BenchRig {
 public:
  std::unique_ptr<SafeWriter> safe_writer() override { return nullptr; }
};
TACTUS_PLUGIN(UnguardedRig, "bench-rig/unguarded", "the same without a safe writer")

/// Passes a signal on, until it is time to do harm.
class Trouble : public Controller {
  enum class Kind : std::int64_t { none, segv, bus, fpe, abort, loop, exit };
  Input in{*this, "in", "V"};
  Output out{*this, "out", "V"};
  Parameter<Kind> kind{
      *this, "kind", {.initial = Kind::none, .choices = "none|segv|bus|fpe|abort|loop|exit"}, "of harm"};
  Parameter<std::int64_t> at{*this, "at", {.initial = 0, .min = 0}, "beat on which it is done"};

  void update(const Beat& beat) override {
    out = in;
    if (kind == Kind::none || beat.number < static_cast<std::uint64_t>(at)) return;
    switch (kind) {
      case Kind::none:
        return;
      case Kind::segv: {
        int* nowhere = nullptr;
        asm("" : "+r"(nowhere));  // the compiler must not know
        *nowhere = 1;
        return;
      }
      case Kind::bus: {
        const int empty = memfd_create("empty", MFD_CLOEXEC);
        int* const behind = static_cast<int*>(mmap(nullptr, 4096, PROT_WRITE, MAP_SHARED, empty, 0));
        *behind = 1;
        return;
      }
      case Kind::fpe: {
        int zero = 0;
        asm("" : "+r"(zero));
        out = 100 / zero;
        return;
      }
      case Kind::abort:
        std::abort();
      case Kind::loop:
        while (true) asm volatile("");
      case Kind::exit:
        _exit(7);
    }
  }
};
TACTUS_PLUGIN(Trouble, "bench-rig/trouble", "dies in the way that it is told to")

}  // namespace
