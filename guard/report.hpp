#pragma once
#include <string>
#include <vector>

#include "guard/guards.hpp"
#include "guard/symbols.hpp"

namespace tactus::guard {

/// One thing that must not happen on the beat and did, in words.
struct Finding {
  std::string kind;
  std::string what;  ///< the function, the system call, or the kind of page fault
  std::string component;
  std::uint64_t beat = 0;   ///< of the first time
  std::uint64_t count = 0;  ///< how many times
  std::string caller;       ///< who did it: `Pid::update(...)+0x12 (pid.so)`; empty if that can't be known
};

/// Makes words of what guards noted. Ordinary domain, one thread.
class Report {
 public:
  explicit Report(const Guards& guards) : guards_(guards) {}

  /// All so far, in the order of the beats.
  std::vector<Finding> findings();
  const Guards& guards() const { return guards_; }

 private:
  std::string caller(const Trace& trace);

  const Guards& guards_;
  Symbols symbols_;
};

/// A sentence.
std::string to_text(const Finding& finding);

}  // namespace tactus::guard
