#include "engine/time_stamp.hpp"

namespace tactus {
namespace {

struct Reading {
  std::uint64_t ticks;
  std::int64_t ns;
};

/// Both clocks at one moment: the try with the least time between two looks at the counter is the best one.
Reading read_both() {
  Reading best{0, 0};
  std::uint64_t narrowest = ~std::uint64_t{0};
  for (int i = 0; i < 64; ++i) {
    const std::uint64_t before = ticks_now();
    const std::int64_t ns = monotonic_ns();
    const std::uint64_t after = ticks_now();
    if (after - before < narrowest) {
      narrowest = after - before;
      best = {before + (after - before) / 2, ns};
    }
  }
  return best;
}

double measure() {
  constexpr std::int64_t span_ns =
      20'000'000;  // with readings good to 50 ns: better than 10 parts per million
  const Reading first = read_both();
  while (monotonic_ns() < first.ns + span_ns) {
  }
  const Reading last = read_both();
  return static_cast<double>(last.ns - first.ns) / static_cast<double>(last.ticks - first.ticks);
}

}  // namespace

double ns_per_tick() {
  static const double ratio = measure();
  return ratio;
}

}  // namespace tactus
