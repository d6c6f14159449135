#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "reporter/recording_file.hpp"

namespace tactus {

/// How a process ended.
struct Death {
  enum class Kind : std::uint8_t {
    exited,  ///< by itself; number: its exit status
    killed,  ///< number: the signal
    hidden,  ///< the system no longer tells
  } kind = Kind::hidden;
  int number = 0;

  /// `killed by SIGSEGV (Segmentation fault)`.
  [[nodiscard]] std::string text() const;
};

/// Another process, by a descriptor that always means this one, never a later one of the same number. It need
/// not be a child. Ordinary domain.
class WatchedProcess {
 public:
  /// `descriptor` is a pidfd of the process `pid`.
  WatchedProcess(FileDescriptor descriptor, int pid);

  /// Readable once the process is dead, with all its threads, and has given back all it had open.
  [[nodiscard]] int descriptor() const noexcept { return process_.number(); }
  [[nodiscard]] bool dead() const;
  /// SIGKILL. Death comes later: see `wait`. False if the process may not be killed.
  bool kill() const;
  /// Gives all its threads the caller's priority, if that is a real-time one, as far as the system allows: a
  /// thread needs a processor to die, too, and one of ordinary priority may not get any where others have
  /// taken them all.
  void hasten() const;
  /// Until it is dead, or `patience` is over: false then.
  bool wait(std::chrono::milliseconds patience) const;
  /// As in /proc: `R` running, `S` asleep, `T` stopped ...; `?` if it can't be told. Of its first thread.
  [[nodiscard]] char state() const;
  /// Whether it has begun to die by itself: on a busy machine that may take its time.
  [[nodiscard]] bool dying() const;
  /// Of a dead process: how it ended. At once, since a parent that waits for it makes the system forget.
  [[nodiscard]] Death death() const;

 private:
  [[nodiscard]] std::string about() const;
  [[nodiscard]] std::optional<int> status_of_zombie() const;
  [[nodiscard]] std::optional<int> status_of_reaped() const;

  int pid_;
  FileDescriptor process_;
  FileDescriptor stat_;  // of /proc, opened beforehand: reading it is all that is left to do
};

}  // namespace tactus
