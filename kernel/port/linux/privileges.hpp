#pragma once

#include <sched.h>

#include <optional>
#include <string>
#include <vector>

namespace tactus::kernel {

/// What the linux port asks of the machine. Everything is tried; nothing that is refused is fatal.
struct LinuxOptions {
  std::optional<int> core{};  ///< pin the thread to this core
  int priority = 80;          ///< SCHED_FIFO priority, 1 to 99; 0 leaves the scheduling as it is
  bool lock_memory = true;    ///< keep all pages of the process resident
  bool dma_latency = true;    ///< hold the processor out of deep sleep states (/dev/cpu_dma_latency)
  /// Spin for this many nanoseconds before each time that is waited for, instead of sleeping to it; 0 sleeps.
  /// 50 us is usual; more where waking up takes longer, as in virtual machines.
  long long spin = 0;
  /// CLOCK_MONOTONIC, in nanoseconds, of the kernel's time 0; when not given, the port's construction.
  /// Kernels that share one have the same time.
  std::optional<long long> epoch{};
  /// Give up the rights that all this was taken with; see `give_up_rights`.
  bool give_up_rights = false;
};

/// One thing that was asked of the machine, and the answer.
struct Privilege {
  std::string asked;  ///< such as "SCHED_FIFO priority 80"
  bool granted;
  std::string got;     ///< what holds instead, and why; empty when granted
  std::string remedy;  ///< what to do about it; empty when granted

  /// One line of plain text.
  [[nodiscard]] std::string text() const;
};

/// Takes, for the calling thread, what the options ask for, and gives it back. Ordinary domain.
class Privileges {
 public:
  explicit Privileges(const LinuxOptions& options);
  /// On the thread of the constructor. Locked memory stays locked: others in the process may count on it.
  ~Privileges();
  Privileges(const Privileges&) = delete;
  Privileges& operator=(const Privileges&) = delete;

  [[nodiscard]] const std::vector<Privilege>& report() const noexcept { return report_; }

 private:
  void pin(int core);
  void lock_memory();
  void raise_priority(int priority);
  void lower_timer_slack();
  void hold_dma_latency();
  void check_throttling();
  void note(std::string asked, bool granted, std::string got, std::string remedy);

  std::vector<Privilege> report_;
  cpu_set_t old_cores_{};
  bool pinned_ = false;
  int old_policy_ = 0;
  sched_param old_parameters_{};
  bool raised_ = false;
  int old_timer_slack_ = -1;
  int dma_latency_ = -1;
};

}  // namespace tactus::kernel
