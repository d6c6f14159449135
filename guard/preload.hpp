#pragma once
// How the guards come into a process: their library has to be loaded before the C library whose functions it
// stands in front of, so a program that wants them begins anew. An ordinary run never meets them.

#include <stdexcept>

#include "guard/guards.hpp"

namespace tactus::guard {

/// Why there are no guards, for the user.
class GuardError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The guards of this process; null if it was begun without them. Ordinary domain.
Guards* standing_guards();

/// Begins this program anew, with the same arguments, and with guards. Before threads are made and files are
/// opened. Throws GuardError if that can't be.
[[noreturn]] void restart_with_guards();

}  // namespace tactus::guard
