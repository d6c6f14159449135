// How fast the Reporter records, against HDF5 alone, and whether it keeps up with a fast experiment.
//
//   recording_throughput [FOLDER] [SECONDS] [sync]
//
// 1. Megabytes per second into a file in FOLDER (default: the current one), first by bare HDF5 writes of
// whole
//    chunks, then by the Reporter fed as fast as it takes beats; in turn, so that both see the same disk.
//    With `sync` the time until all is on the disk itself counts, for both.
// 2. 1,000 signals at 10 kHz for SECONDS (default 5), paced; the beats that were dropped. Exit status 1 if
// any.

#include <fcntl.h>
#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "reporter/hdf5_sink.hpp"
#include "reporter/reporter.hpp"

namespace tactus {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t signals = 1000;
constexpr std::uint64_t beats = 100'000;
constexpr std::size_t fifo_bytes = std::size_t{64} << 20U;
constexpr double row_bytes = signals * (sizeof(double) + sizeof(Status)) + 16.0;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Seconds of processor time, of the process or of the calling thread.
double cpu_seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Megabytes per second of time, and per second of processor time: on a machine that has other work the
/// second says more.
struct Rates {
  double wall;
  double cpu;
};

Rates rates(double wall, double cpu) {
  constexpr double megabytes = row_bytes * beats / 1e6;
  return {megabytes / wall, megabytes / cpu};
}

std::shared_ptr<ProgramLayout> make_layout(std::size_t components) {
  auto layout = std::make_shared<ProgramLayout>();
  layout->program = 1;
  layout->period = Period::hertz(10'000);
  layout->rates.push_back({});
  layout->signals = signals;
  for (std::size_t i = 0; i < components; ++i) {
    ComponentLayout component;
    component.component = "c" + std::to_string(i);
    component.first = i * (signals / components);
    for (std::size_t k = 0; k < signals / components; ++k) {
      component.signals.push_back({"s" + std::to_string(k), "V"});
    }
    layout->components.push_back(std::move(component));
  }
  return layout;
}

/// One beat, written where it is to be, like the engine does it: the frame's memory is copied.
void write_record(std::byte* place, const ProgramLayout& layout, const std::vector<double>& values,
                  std::uint64_t beat) {
  const BeatRecord head{.program = layout.program,
                        .beat = beat,
                        .time_ns = layout.period.times(beat),
                        .monotonic_ns = 0,
                        .rates = 1,
                        .signals = static_cast<std::uint32_t>(signals)};
  std::memcpy(place, &head, sizeof head);
  std::memcpy(place + sizeof head, &beat, sizeof beat);
  std::memcpy(place + sizeof head + sizeof beat, values.data(), signals * sizeof(double));
  std::memset(place + sizeof head + sizeof beat + signals * sizeof(double), 0, signals);
}

/// The same amount of data by the library alone: values and statuses of as many components, in whole chunks
/// of the same size, from memory that stays in the processor's cache.
class BareFile {
 public:
  BareFile(const std::string& path, std::size_t components)
      : path_(path), columns_(signals / components), chunk_(components == 1 ? 128 : 4096) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    file_ = H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, access);
    H5Pclose(access);
    for (std::size_t i = 0; i < components; ++i) {
      values_.push_back(dataset("values" + std::to_string(i), H5T_NATIVE_DOUBLE));
      statuses_.push_back(dataset("status" + std::to_string(i), H5T_NATIVE_UINT8));
    }
  }
  void write() {
    const std::vector<double> values(chunk_ * columns_, 1.5);
    const std::vector<std::uint8_t> statuses(chunk_ * columns_, 0);
    for (hsize_t row = 0; row < beats; row += chunk_) {
      for (const hid_t id : values_) append(id, H5T_NATIVE_DOUBLE, row, values.data());
      for (const hid_t id : statuses_) append(id, H5T_NATIVE_UINT8, row, statuses.data());
    }
  }
  void close(bool sync) {
    for (const hid_t id : values_) H5Dclose(id);
    for (const hid_t id : statuses_) H5Dclose(id);
    H5Fclose(file_);
    if (!sync) return;
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    ::fdatasync(descriptor);
    ::close(descriptor);
  }

 private:
  hid_t dataset(const std::string& name, hid_t type) const {
    const hsize_t empty[] = {0, columns_};
    const hsize_t most[] = {H5S_UNLIMITED, columns_};
    const hsize_t piece[] = {chunk_, columns_};
    const hid_t space = H5Screate_simple(2, empty, most);
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(list, 2, piece);
    H5Pset_fill_time(list, H5D_FILL_TIME_NEVER);
    const hid_t id = H5Dcreate2(file_, name.c_str(), type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Pclose(list);
    H5Sclose(space);
    return id;
  }
  void append(hid_t dataset, hid_t type, hsize_t row, const void* rows) const {
    const hsize_t rest = std::min<hsize_t>(chunk_, beats - row);
    const hsize_t extent[] = {row + rest, columns_};
    const hsize_t start[] = {row, 0};
    const hsize_t count[] = {rest, columns_};
    H5Dset_extent(dataset, extent);
    const hid_t to = H5Dget_space(dataset);
    H5Sselect_hyperslab(to, H5S_SELECT_SET, start, nullptr, count, nullptr);
    const hid_t from = H5Screate_simple(2, count, nullptr);
    if (H5Dwrite(dataset, type, from, to, H5P_DEFAULT, rows) < 0) std::exit(2);
    H5Sclose(from);
    H5Sclose(to);
  }

  std::string path_;
  hsize_t columns_;
  hsize_t chunk_;
  hid_t file_ = -1;
  std::vector<hid_t> values_;
  std::vector<hid_t> statuses_;
};

Rates bare(const std::string& path, bool sync, std::size_t components) {
  const auto start = Clock::now();
  const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  BareFile file(path, components);
  file.write();
  file.close(sync);
  return rates(seconds_since(start), cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

Rates reported(const std::string& path, bool sync, std::size_t components) {
  const auto layout = make_layout(components);
  const std::vector<double> values(signals, 1.5);
  RecordFifo records(fifo_bytes);
  Fifo<EngineEvent> events(1000);
  Reporter reporter(records, events);
  reporter.add_layout(layout);
  const auto start = Clock::now();
  const double others = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  reporter.add_sink(std::make_unique<Hdf5Sink>(RecordingOptions{.file = path, .sync = sync}));
  reporter.start();
  const std::size_t bytes = BeatRecord::bytes(1, signals);
  for (std::uint64_t beat = 0; beat < beats; ++beat) {
    std::byte* place = nullptr;
    while ((place = records.reserve(bytes)) == nullptr) std::this_thread::yield();
    write_record(place, *layout, values, beat);
    records.commit();
  }
  reporter.stop();
  // Without the producer's: the engine has to make its records in any case.
  const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - others;
  const Rates rate = rates(seconds_since(start), cpu);
  if (!reporter.failed().empty()) {
    std::fprintf(stderr, "%s\n", reporter.failed().c_str());
    std::exit(2);
  }
  return rate;
}

void compare(const std::string& folder, bool sync, std::size_t components) {
  constexpr int rounds = 8;
  std::vector<Rates> bare_rates;
  std::vector<Rates> reporter_rates;
  for (int round = 0; round < rounds; ++round) {
    const std::string path = folder + "/recording_throughput.h5";
    // Each goes first as often as the other: whoever comes second finds the disk busy with the first one's
    // file.
    for (const bool is_bare : {round % 2 == 0, round % 2 != 0}) {
      if (is_bare) {
        bare_rates.push_back(bare(path, sync, components));
      } else {
        reporter_rates.push_back(reported(path, sync, components));
      }
      std::filesystem::remove(path);
    }
  }
  const auto median = [](std::vector<Rates> all, double Rates::*which) {
    std::sort(all.begin(), all.end(),
              [which](const Rates& x, const Rates& y) { return x.*which < y.*which; });
    return (all[rounds / 2 - 1].*which + all[rounds / 2].*which) / 2;
  };
  std::printf("%zu x %zu signals, medians of %d:\n", components, signals / components, rounds);
  for (const auto& [unit, which] :
       {std::pair("MB/s", &Rates::wall), std::pair("MB/s of processor", &Rates::cpu)}) {
    const double a = median(bare_rates, which);
    const double b = median(reporter_rates, which);
    std::printf("  bare %.0f, reporter %.0f %s: %.0f %%\n", a, b, unit, 100 * b / a);
  }
}

/// 1,000 signals at 10 kHz; how many beats were dropped.
std::uint64_t paced(const std::string& folder, bool sync, double seconds, std::size_t components) {
  const auto layout = make_layout(components);
  const std::vector<double> values(signals, 1.5);
  RecordFifo records(fifo_bytes);
  Fifo<EngineEvent> events(1000);
  Reporter reporter(records, events);
  reporter.add_layout(layout);
  const std::string path = folder + "/recording_throughput.h5";
  reporter.add_sink(std::make_unique<Hdf5Sink>(RecordingOptions{.file = path, .sync = sync}));
  reporter.start();
  const auto count = static_cast<std::uint64_t>(seconds * 1e4);
  const std::size_t bytes = BeatRecord::bytes(1, signals);
  std::size_t fullest = 0;
  const auto start = Clock::now();
  for (std::uint64_t beat = 0; beat < count; ++beat) {
    std::this_thread::sleep_until(start + std::chrono::microseconds(100 * beat));
    if (std::byte* const place = records.reserve(bytes); place != nullptr) {
      write_record(place, *layout, values, beat);
      records.commit();
    } else {
      records.count_drop();
    }
    fullest = std::max(fullest, records.size());
  }
  reporter.stop();
  std::filesystem::remove(path);
  std::printf(
      "%zu x %zu signals at 10 kHz, %.1f s: %llu beats, %llu dropped, fifo at most %.1f of 64 MiB full %s\n",
      components, signals / components, seconds_since(start),
      static_cast<unsigned long long>(reporter.counts().beats),
      static_cast<unsigned long long>(records.drops()), static_cast<double>(fullest) / 1048576.0,
      reporter.failed().c_str());
  return records.drops();
}

}  // namespace
}  // namespace tactus

int main(int count, char** arguments) {
  const std::string folder = count > 1 ? arguments[1] : ".";
  const double seconds = count > 2 ? std::stod(arguments[2]) : 5;
  const bool sync = count > 3 && std::string(arguments[3]) == "sync";
  for (const std::size_t components : {1U, 100U}) tactus::compare(folder, sync, components);
  std::uint64_t dropped = 0;
  for (const std::size_t components : {1U, 100U}) dropped += tactus::paced(folder, sync, seconds, components);
  return dropped == 0 ? 0 : 1;
}
