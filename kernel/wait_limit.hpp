#pragma once

#include <limits>

#include "kernel/time.hpp"

namespace tactus::kernel {

/// How long a call may wait. Every call that may wait takes one, as its last argument:
///
///     mutex.lock()                         // for ever
///     mutex.lock(until(beat_end))          // until a time of the kernel's clock
///     mutex.lock(within(5 * millisecond))  // for so long from now
///     mutex.lock(at_once)                  // try: do not wait at all
///
/// A limit that has passed is no wait: the call succeeds or comes back with Result::timed_out at once.
class WaitLimit {
 public:
  /// No limit.
  constexpr WaitLimit() noexcept = default;

  [[nodiscard]] constexpr bool is_at_once() const noexcept { return time_ == never_waits && !relative_; }

  [[nodiscard]] constexpr bool is_endless() const noexcept { return time_ == forever; }

  /// The time at which a wait that begins now ends; `forever` for none.
  [[nodiscard]] constexpr Time deadline(Time now) const noexcept {
    if (!relative_) return time_;
    return time_ < forever - now ? now + time_ : forever;
  }

 private:
  friend constexpr WaitLimit until(Time time) noexcept;
  friend constexpr WaitLimit within(Duration duration) noexcept;

  static constexpr Time never_waits = std::numeric_limits<Time>::min();

  constexpr WaitLimit(Time time, bool relative) noexcept : time_(time), relative_(relative) {}

  Time time_ = forever;
  bool relative_ = false;

 public:
  /// See `at_once`.
  static constexpr WaitLimit none() noexcept { return {never_waits, false}; }
};

/// Waits until `time`.
constexpr WaitLimit until(Time time) noexcept { return {time, false}; }

/// Waits for `duration` from the call on.
constexpr WaitLimit within(Duration duration) noexcept { return {duration, true}; }

/// Does not wait. Such a call may be made in handlers and critical sections, unless it says otherwise.
inline constexpr WaitLimit at_once = WaitLimit::none();

}  // namespace tactus::kernel
