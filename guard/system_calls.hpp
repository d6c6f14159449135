#pragma once
// System calls by any means, the raw instruction included: Linux hands each one to a signal handler while the
// thread's selector says so (syscall user dispatch). The handler notes it and makes it.

#include "guard/thread.hpp"

namespace tactus::guard {

/// Has the calling thread's system calls looked at, as its selector says. False if the machine can't: Linux
/// before 5.11, another processor. Ordinary domain.
bool watch_system_calls(Thread& thread) noexcept;

/// How often the calling thread met memory that was not there. A system call of the guard's own, which the
/// selector does not stop.
Faults faults_so_far() noexcept;

}  // namespace tactus::guard
