#include "guard/guards.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <new>
#include <utility>

#include "guard/system_calls.hpp"
#include "guard/thread.hpp"

namespace tactus::guard {
namespace {

class ProcessGuards final : public Guards {
 public:
  const Stint* exchange(const Stint* next) noexcept override;
  void lock_memory() override;
  bool memory_is_locked() const override { return locked_; }
  std::vector<Trace> traces() const override;
  std::uint64_t untold() const override;
  std::vector<std::string> missing() const override;

 private:
  /// Unless memory is locked the first runs bring in pages: of code, and of a program that is new.
  static constexpr std::uint64_t warm_up = 16;

  void arm(Thread& thread) noexcept;
  void rehearse(Thread& thread) noexcept;
  void look_at_faults(Thread& thread) const noexcept;
  const Ledger* first() const {
    // acquire: each ledger of the list, and the ones behind it.
    return ledgers_.load(std::memory_order_acquire);
  }

  std::atomic<Ledger*> ledgers_{nullptr};  // of all threads so far, which stay to be read
  std::atomic<bool> calls_missing_{false};
  std::atomic<bool> thread_missing_{false};
  bool locked_ = false;
};

const Stint* ProcessGuards::exchange(const Stint* next) noexcept {
  Thread& thread = this_thread;
  if (thread.ledger == nullptr) arm(thread);
  look_at_faults(thread);
  const Stint* const before = std::exchange(thread.stint, thread.ledger != nullptr ? next : nullptr);
  thread.is_let_go = false;
  thread.select();
  return before;
}

/// The thread's first stint is about to begin: takes the memory, asks the system, touches the guards' own
/// code.
void ProcessGuards::arm(Thread& thread) noexcept {
  auto* const ledger = new (std::nothrow) Ledger;
  if (ledger == nullptr) return thread_missing_.store(true, std::memory_order_relaxed);  // relaxed: a flag
  if (!watch_system_calls(thread)) calls_missing_.store(true, std::memory_order_relaxed);
  rehearse(thread);
  ledger->next = ledgers_.load(std::memory_order_relaxed);  // relaxed: the exchange checks it
  // release: the ledger is whole for whoever finds it in the list.
  while (!ledgers_.compare_exchange_weak(ledger->next, ledger, std::memory_order_release,
                                         std::memory_order_relaxed)) {
  }
  thread.ledger = ledger;
  thread.faults = faults_so_far();
}

void ProcessGuards::rehearse(Thread& thread) noexcept {
  Ledger unread;
  const Stint stint{.name = "rehearsal"};
  thread.ledger = &unread;
  thread.stint = &stint;
  thread.select();
  { const Offence offence(Kind::lock, "rehearsal"); }
  getppid();
  thread.note(Kind::page_fault, "rehearsal", 0, 1, false);
  thread.stint = nullptr;
  thread.select();
}

void ProcessGuards::look_at_faults(Thread& thread) const noexcept {
  const Faults now = faults_so_far();
  if (thread.stint != nullptr && (locked_ || thread.stint->round >= warm_up)) {
    const std::uint64_t minor = now.minor - thread.faults.minor;
    const std::uint64_t major = now.major - thread.faults.major;
    if (minor > 0) thread.note(Kind::page_fault, "minor", 0, minor, false);
    if (major > 0) thread.note(Kind::page_fault, "major", 0, major, false);
  }
  thread.faults = now;
}

void ProcessGuards::lock_memory() {
  // With a limit in force later allocations would fail, so nothing is locked then.
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  const bool unlimited = limit.rlim_cur == RLIM_INFINITY || geteuid() == 0;
  locked_ = unlimited && mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
}

std::vector<Trace> ProcessGuards::traces() const {
  std::vector<Trace> all;
  for (const Ledger* ledger = first(); ledger != nullptr; ledger = ledger->next) ledger->append_to(all);
  return all;
}

std::uint64_t ProcessGuards::untold() const {
  std::uint64_t sum = 0;
  for (const Ledger* ledger = first(); ledger != nullptr; ledger = ledger->next) sum += ledger->untold();
  return sum;
}

std::vector<std::string> ProcessGuards::missing() const {
  std::vector<std::string> all;
  // relaxed: flags on their own.
  if (calls_missing_.load(std::memory_order_relaxed))
    all.emplace_back("system calls: that takes Linux 5.11 on x86-64, with syscall user dispatch");
  if (thread_missing_.load(std::memory_order_relaxed))
    all.emplace_back("a thread of the real-time domain: there was no memory for its findings");
  return all;
}

}  // namespace
}  // namespace tactus::guard

extern "C" [[gnu::visibility("default")]] tactus::guard::Guards* tactus_guards(int version) {
  static tactus::guard::ProcessGuards guards;
  return version == tactus::guard::interface_version ? &guards : nullptr;
}
