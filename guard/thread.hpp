#pragma once
// What the guards know of the thread they are called on, and the one way to note a finding.

#include <atomic>
#include <cstdint>

#include "engine/watch.hpp"
#include "guard/guards.hpp"
#include "guard/ledger.hpp"

namespace tactus::guard {

/// How often the thread met memory that was not there.
struct Faults {
  std::uint64_t minor = 0;  ///< the page was to be had without a disk
  std::uint64_t major = 0;
};

/// One thread of the real-time domain. Only that thread reads and writes it, except that the system reads
/// `selector`.
struct Thread {
  static constexpr char let_through = 0;  // of the system's interface
  static constexpr char stop = 1;

  std::atomic<char> selector{let_through};  ///< what becomes of a system call; see system_calls.hpp
  bool excused = false;                     ///< the guard's own doing, or what follows from a finding
  bool is_let_go = false;                   ///< no system call is stopped until the end of the stint
  const Stint* stint = nullptr;             ///< the work at hand; null: nothing that belongs to the beat
  Ledger* ledger = nullptr;                 ///< null: not a thread of the real-time domain so far
  Faults faults{};                          ///< up to the beginning of the stint

  bool is_watched() const { return stint != nullptr && !excused; }
  /// Sets the selector to what holds now.
  void select() noexcept {
    const bool allowed = !is_watched() || stint->system_calls || is_let_go;
    // relaxed: read by the system on this thread only.
    selector.store(allowed ? let_through : stop, std::memory_order_relaxed);
  }
  /// Notes what the stint at hand was found doing. `what` and `number` as in a Trace.
  void note(Kind kind, const char* what, long number, std::uint64_t count, bool with_frames) noexcept;
};

// initial-exec: a look at it is one instruction, even within malloc and signal handlers.
extern constinit thread_local Thread this_thread [[gnu::tls_model("initial-exec")]];

/// A call that must not be made on the beat: noted when it begins, and what it does on its way is excused.
class Offence {
 public:
  Offence(Kind kind, const char* function) noexcept : found_(this_thread.is_watched()) {
    if (found_) begin(kind, function);
  }
  ~Offence() {
    if (found_) end();
  }
  Offence(const Offence&) = delete;
  Offence& operator=(const Offence&) = delete;

 private:
  static void begin(Kind kind, const char* function) noexcept;
  static void end() noexcept;

  bool found_;
};

}  // namespace tactus::guard
