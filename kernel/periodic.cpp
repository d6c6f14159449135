#include "kernel/periodic.hpp"

#include "kernel/assert.hpp"

namespace tactus::kernel {
namespace {

// 63 bits times 63 bits: the products below always fit.
__extension__ using Wide = __int128;

}  // namespace

Periodic::Periodic(Kernel& kernel, const Schedule& schedule) noexcept : kernel_(kernel), schedule_(schedule) {
  const Period period = schedule.period;
  if (period.denominator < 1 || period.numerator < period.denominator) {
    fail(Misuse::period_not_positive, "Periodic", "");
  }
}

Time Periodic::release_time(std::uint64_t index) const noexcept {
  const auto [numerator, denominator] = schedule_.period;
  const Wide time = schedule_.start + static_cast<Wide>(index) * numerator / denominator;
  return time < forever ? static_cast<Time>(time) : forever;
}

std::uint64_t Periodic::first_at(Time time) const noexcept {
  if (time <= schedule_.start) return 0;
  // floor(k n / d) >= t exactly when k n / d >= t, for t is whole: so k is t d / n, rounded up.
  const auto [numerator, denominator] = schedule_.period;
  const Wide elapsed = static_cast<Wide>(time) - schedule_.start;
  return static_cast<std::uint64_t>((elapsed * denominator + numerator - 1) / numerator);
}

Release Periodic::wait() noexcept {
  Release release{.index = next_};
  if (schedule_.late == Late::skip) {
    const std::uint64_t due = first_at(kernel_.now());
    if (due > next_) {
      release.index = due;
      release.missed = due - next_;
    }
  }
  release.scheduled = release_time(release.index);
  release.result = kernel_.sleep_until(release.scheduled);
  release.woken = kernel_.now();
  if (release.result == Result::ok) next_ = release.index + 1;
  return release;
}

}  // namespace tactus::kernel
