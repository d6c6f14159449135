// How late the kernel's periodic task wakes up, in the manner of cyclictest: 1 kHz for some seconds, and the
// percentiles of (time woken - time scheduled).
//
//   wakeup_latency [--seconds N] [--period US] [--priority N] [--core N] [--spin US] [--json]
#include <getopt.h>

#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "kernel/kernel.hpp"
#include "kernel/periodic.hpp"
#include "kernel/port/linux/linux_port.hpp"

namespace {

using namespace tactus::kernel;

/// Counts latencies in fixed memory: bins of 50 ns to 10 ms, and one for what is beyond.
class Histogram {
 public:
  static constexpr Duration width = 50 * nanosecond;

  void add(Duration latency) {
    const auto bin = static_cast<std::size_t>(latency / width);
    ++bins_[bin < bins_.size() ? bin : bins_.size() - 1];
    ++count_;
    if (latency > max_) max_ = latency;
  }

  /// The least bound, in microseconds, that the fraction keeps within; `max` when it lies in the last bin.
  [[nodiscard]] double quantile(double fraction) const {
    const double wanted = fraction * static_cast<double>(count_);
    std::uint64_t sum = 0;
    for (std::size_t bin = 0; bin + 1 < bins_.size(); ++bin) {
      sum += bins_[bin];
      if (static_cast<double>(sum) >= wanted) return static_cast<double>(bin + 1) * width / 1e3;
    }
    return max();
  }

  [[nodiscard]] double max() const { return static_cast<double>(max_) / 1e3; }
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  std::array<std::uint64_t, 200'001> bins_{};
  std::uint64_t count_ = 0;
  Duration max_ = 0;
};

struct Options {
  LinuxOptions port;
  Duration period = millisecond;
  long long seconds = 10;
  bool json = false;
};

Options parse(int argc, char** argv) {
  static constexpr std::array<option, 7> known{{{"seconds", required_argument, nullptr, 's'},
                                                {"period", required_argument, nullptr, 'i'},
                                                {"priority", required_argument, nullptr, 'p'},
                                                {"core", required_argument, nullptr, 'a'},
                                                {"spin", required_argument, nullptr, 'w'},
                                                {"json", no_argument, nullptr, 'j'},
                                                {nullptr, 0, nullptr, 0}}};
  Options options;
  for (int found = 0; (found = getopt_long(argc, argv, "", known.data(), nullptr)) != -1;) {
    const long long number = optarg != nullptr ? std::strtoll(optarg, nullptr, 10) : 0;
    switch (found) {
      case 's':
        options.seconds = number;
        break;
      case 'i':
        options.period = number * microsecond;
        break;
      case 'p':
        options.port.priority = static_cast<int>(number);
        break;
      case 'a':
        options.port.core = static_cast<int>(number);
        break;
      case 'w':
        options.port.spin = number * microsecond;
        break;
      case 'j':
        options.json = true;
        break;
      default:
        std::exit(2);
    }
  }
  return options;
}

Histogram histogram;  // too large for a stack

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  LinuxPort port{options.port};
  port.enter();
  for (const Privilege& privilege : port.report()) {
    if (!privilege.granted) std::fprintf(stderr, "%s\n", privilege.text().c_str());
  }
  Kernel kernel{port};
  std::uint64_t missed = 0;
  auto body = [&] {
    const Time start = kernel.now() + 10 * millisecond;
    const Time end = start + options.seconds * second;
    Periodic periodic{kernel, {.start = start, .period = {options.period}}};
    while (const Release release = periodic.wait()) {
      histogram.add(release.woken - release.scheduled);
      missed += release.missed;
      if (release.woken >= end) return;
    }
  };
  const Stack stack;
  Task task{kernel, "wakeup", 200, Entry{body}, stack};
  task.start();
  kernel.run();

  const double p50 = histogram.quantile(0.50);
  const double p99 = histogram.quantile(0.99);
  const double p999 = histogram.quantile(0.999);
  if (options.json) {
    std::printf("{\"count\": %" PRIu64 ", \"missed\": %" PRIu64
                ", \"p50\": %.2f, \"p99\": %.2f, \"p99.9\": %.2f, \"max\": %.2f}\n",
                histogram.count(), missed, p50, p99, p999, histogram.max());
  } else {
    std::printf("releases %" PRIu64 "  missed %" PRIu64
                "  p50 %.2f us  p99 %.2f us  p99.9 %.2f us  max %.2f us\n",
                histogram.count(), missed, p50, p99, p999, histogram.max());
  }
}
