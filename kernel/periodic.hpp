#pragma once

#include <cstdint>

#include "kernel/kernel.hpp"
#include "kernel/result.hpp"
#include "kernel/time.hpp"

namespace tactus::kernel {

/// A period in nanoseconds as a fraction, so that 3 kHz or 44.1 kHz never drift. At least one nanosecond.
struct Period {
  Duration numerator;
  Duration denominator = 1;
};

/// What to do about releases whose time has passed before they were asked for.
enum class Late : std::uint8_t {
  skip,      ///< count them, and wait for the next one of the old phase
  catch_up,  ///< serve each of them, at once
};

/// When a periodic task runs.
struct Schedule {
  /// The time of release 0. Set it ahead of the present: whatever has passed when it is first asked for is
  /// late.
  Time start = 0;
  Period period{};
  Late late = Late::skip;
};

/// One release of a periodic task.
struct Release {
  std::uint64_t index = 0;   ///< number of the release
  Time scheduled = 0;        ///< when it was to be: start + floor(index * period)
  Time woken = 0;            ///< when it was; never before `scheduled`
  std::uint64_t missed = 0;  ///< releases skipped right before this one
  Result result = Result::ok;

  /// False when the wait was ended by the kernel's stop; the release did not take place then.
  explicit operator bool() const noexcept { return result == Result::ok; }
};

/// The clock of a periodic task: `while (const Release release = periodic.wait()) { ... }`.
/// Release k is at start + floor(k * numerator / denominator), computed anew each time: no error adds up.
class Periodic {
 public:
  /// Starts at release 0. Asserts a period of at least 1 ns. Any domain.
  Periodic(Kernel& kernel, const Schedule& schedule) noexcept;

  /// *Task.* Waits for the next release. One that is due at this very instant is on time.
  Release wait() noexcept;

  /// The release that `wait` will ask for next.
  [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
  void set_next(std::uint64_t index) noexcept { next_ = index; }

  /// The time of a release; `forever` when that lies beyond the clock's range.
  [[nodiscard]] Time release_time(std::uint64_t index) const noexcept;

  /// The first release at or after `time`.
  [[nodiscard]] std::uint64_t first_at(Time time) const noexcept;

  [[nodiscard]] const Schedule& schedule() const noexcept { return schedule_; }

 private:
  Kernel& kernel_;
  Schedule schedule_;
  std::uint64_t next_ = 0;
};

}  // namespace tactus::kernel
