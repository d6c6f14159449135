// Simulated hardware for tests: a file in shared memory that outlives every process that uses it, as a card
// outlives its programs. It keeps what stands at each output, and notes each write: when, by whom, what. One
// process may hold it at a time, as with comedi_lock; and a plug-in that dies in every way there is.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <ctime>

#include "tactus.hpp"

namespace {

using namespace tactus;

/// As tests/supervisor/rig.py reads it.
struct RigMemory {
  static constexpr std::size_t outputs = 4;
  struct Note {
    std::atomic<std::uint64_t> written;  ///< 1 once the rest is there
    std::int64_t time_ns;                ///< CLOCK_MONOTONIC
    std::int32_t process;
    std::uint16_t channel;
    std::uint16_t safe;  ///< 1: by a safe writer
    double value;
  };
  std::atomic<std::uint64_t> notes;    ///< taken
  std::atomic<std::int64_t> refusals;  ///< safe writes that shall still fail
  std::array<std::atomic<double>, outputs> value;
  std::array<std::uint64_t, 2> unused;
  Note note[1];  ///< as many as there is room for

  static std::size_t room(std::size_t bytes) { return (bytes - offsetof(RigMemory, note)) / sizeof(Note); }
};
static_assert(sizeof(RigMemory::Note) == 32 && offsetof(RigMemory, note) == 64);

/// The file, mapped, and held by this process alone.
class RigFile {
 public:
  /// Null if all is well, or what is not.
  const char* open(const std::string& path) {
    if (memory_ != nullptr) return nullptr;
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return "the rig is not there";
    struct stat about {};
    if (flock(file, LOCK_EX | LOCK_NB) != 0 || fstat(file, &about) != 0) {
      ::close(file);
      return "the rig is held by another process";
    }
    void* const place =
        mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (place == MAP_FAILED) {
      ::close(file);
      return "the rig can't be mapped";
    }
    file_ = file;
    bytes_ = static_cast<std::size_t>(about.st_size);
    memory_ = static_cast<RigMemory*>(place);
    process_ = getpid();
    return nullptr;
  }
  void close() {
    if (memory_ == nullptr) return;
    munmap(memory_, bytes_);
    ::close(file_);
    memory_ = nullptr;
  }
  ~RigFile() { close(); }

  double value(std::size_t output) const { return memory_->value[output].load(); }
  /// Whether a safe write shall fail this time.
  bool refuses() { return memory_->refusals.load() > 0 && memory_->refusals.fetch_sub(1) > 0; }

  DeviceResult write(std::size_t output, double value, bool safe) {
    const std::uint64_t index = memory_->notes.fetch_add(1);
    if (index >= RigMemory::room(bytes_)) return DeviceResult::failed("the rig has no room for more notes");
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    RigMemory::Note& note = memory_->note[index];
    note.time_ns = now.tv_sec * 1'000'000'000 + now.tv_nsec;
    note.process = process_;
    note.channel = static_cast<std::uint16_t>(output);
    note.safe = safe ? 1 : 0;
    note.value = value;
    memory_->value[output].store(value);
    note.written.store(1);
    return DeviceResult::ok();
  }

 private:
  int file_ = -1;
  std::size_t bytes_ = 0;
  RigMemory* memory_ = nullptr;
  std::int32_t process_ = 0;
};

constexpr std::size_t first_output = 1;  // channel 0 is the input

class RigSafeWriter : public SafeWriter {
 public:
  explicit RigSafeWriter(std::string path) : path_(std::move(path)) {}
  DeviceResult write(std::span<const std::size_t> channels, std::span<const double> values) override {
    if (const char* problem = file_.open(path_)) return DeviceResult::failed(problem);
    if (file_.refuses()) return DeviceResult::failed("the rig does not take it");
    for (std::size_t i = 0; i < channels.size(); ++i)
      file_.write(channels[i] - first_output, values[i], true);
    return DeviceResult::ok();
  }

 private:
  std::string path_;
  RigFile file_;
};

class BenchRig : public Device {
 public:
  std::vector<Channel> channels() const override {
    std::vector<Channel> all{{"ai0", Direction::input, "V", -10, 10, 0}};
    for (std::size_t i = 0; i < RigMemory::outputs; ++i)
      all.push_back({"ao" + std::to_string(i), Direction::output, "V", -10, 10, 0});
    return all;
  }
  void configure(Configuration& configuration) override { path_ = configuration.path(file()); }
  void open() override {
    if (const char* problem = rig_.open(path_)) throw DeviceError(problem);
  }
  void close() override { rig_.close(); }
  DeviceResult read(const ChannelGroup&, std::span<double> values, std::span<Status> statuses) override {
    for (double& value : values) value = rig_.value(0);
    for (Status& status : statuses) status = Status::good;
    return DeviceResult::ok();
  }
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override {
    DeviceResult result = DeviceResult::ok();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const DeviceResult one = rig_.write(group.channels()[i] - first_output, values[i], false);
      if (one.kind != DeviceResult::Kind::ok) result = one;
    }
    return result;
  }
  std::unique_ptr<SafeWriter> safe_writer() override { return std::make_unique<RigSafeWriter>(path_); }

 private:
  Parameter<std::string> file{*this, "file", {}, "that stands for the hardware"};
  std::string path_;
  RigFile rig_;
};
TACTUS_PLUGIN(BenchRig, "bench-rig", "hardware that is a file")

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
