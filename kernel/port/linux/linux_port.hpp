#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/port.hpp"
#include "kernel/port/linux/privileges.hpp"

namespace tactus::kernel {

/// Real time on one Linux thread: CLOCK_MONOTONIC, sleeps to absolute times, or spins when asked.
///
/// `enter` takes the privileges that the options ask for; `Kernel::run` calls it, or the caller does before,
/// on the thread that will run the kernel, to see the report first and refuse. `leave` gives them back.
class LinuxPort final : public Port {
 public:
  explicit LinuxPort(const LinuxOptions& options = {});
  ~LinuxPort() override;

  void enter() override;
  void leave() noexcept override;
  Time now() noexcept override;
  void wait_until(Time time) noexcept override;
  void work_until(Time time) noexcept override;
  void wake() noexcept override;
  [[nodiscard]] bool is_virtual() const noexcept override { return false; }

  /// What was asked of the machine and what was got, since `enter`. It stays readable after `leave`.
  [[nodiscard]] const std::vector<Privilege>& report() const noexcept { return report_; }

  /// True when everything that was asked for was granted.
  [[nodiscard]] bool all_granted() const noexcept;

  /// CLOCK_MONOTONIC, in nanoseconds, of the kernel's time 0.
  [[nodiscard]] std::int64_t epoch() const noexcept { return epoch_; }

 private:
  /// Whether the thread sleeps, and whether somebody wants it awake. The word that the futex sleeps on.
  enum State : std::uint32_t { awake, asleep, woken };

  void sleep_until(Time time) noexcept;
  bool take_wake() noexcept;

  LinuxOptions options_;
  std::int64_t epoch_;
  std::optional<Privileges> privileges_;
  std::vector<Privilege> report_;
  pid_t thread_ = 0;
  alignas(64) std::atomic<std::uint32_t> state_{awake};  // written by others: a cache line of its own
};

}  // namespace tactus::kernel
