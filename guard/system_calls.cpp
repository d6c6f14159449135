#include "guard/system_calls.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>

#ifdef __x86_64__
#ifndef SYS_USER_DISPATCH
#define SYS_USER_DISPATCH 2  // si_code, in <asm/siginfo.h> since Linux 5.11
#endif

// The only code that the selector does not concern: a system call with six arguments, and the way back from a
// signal handler. The unwinder knows the latter by its bytes, and must not take it for a part of what stands
// before it.
asm(R"(
  .pushsection .text
  .globl tactus_guard_free_begin, tactus_guard_free_call, tactus_guard_free_return, tactus_guard_free_end
  .hidden tactus_guard_free_begin, tactus_guard_free_call, tactus_guard_free_return, tactus_guard_free_end
tactus_guard_free_begin:
  .type tactus_guard_free_call, @function
tactus_guard_free_call:
  .cfi_startproc
  mov %rdi, %rax
  mov %rsi, %rdi
  mov %rdx, %rsi
  mov %rcx, %rdx
  mov %r8, %r10
  mov %r9, %r8
  mov 8(%rsp), %r9
  syscall
  ret
  .cfi_endproc
  .size tactus_guard_free_call, . - tactus_guard_free_call
  nop
  .type tactus_guard_free_return, @function
tactus_guard_free_return:
  mov $15, %rax
  syscall
  .size tactus_guard_free_return, . - tactus_guard_free_return
  ud2
tactus_guard_free_end:
  .popsection
)");
extern "C" {
long tactus_guard_free_call(long number, long a, long b, long c, long d, long e, long f) noexcept;
extern const char tactus_guard_free_begin;
extern const char tactus_guard_free_return;
extern const char tactus_guard_free_end;
}

namespace tactus::guard {
namespace {

/// Reading a clock is a system call only where the machine has none that programs can read by themselves.
bool is_harmless(long number) {
  return number == SYS_clock_gettime || number == SYS_gettimeofday || number == SYS_time ||
         number == SYS_getcpu;
}

/// Calls that do not come back to where they were made, or that act on what the handler's end puts back: made
/// in the handler they would go wrong. Some of them also block the signal that the handler lives on.
bool must_be_made_in_place(long number) {
  switch (number) {
    case SYS_rt_sigreturn:
    case SYS_rt_sigprocmask:
    case SYS_sigaltstack:
    case SYS_clone:
    case SYS_clone3:
    case SYS_fork:
    case SYS_vfork:
      return true;
    default:
      return false;
  }
}

void on_stopped_call(int, siginfo_t* info, void* raw) noexcept {
  if (info->si_code != SYS_USER_DISPATCH) std::abort();  // somebody else's filter: as without a handler
  const int saved_errno = errno;
  Thread& thread = this_thread;
  auto& registers = static_cast<ucontext_t*>(raw)->uc_mcontext.gregs;
  const long number = info->si_syscall;
  thread.excused = true;
  if (!is_harmless(number)) thread.note(Kind::system_call, nullptr, number, 1, true);
  if (must_be_made_in_place(number)) {
    constexpr greg_t instruction = 2;  // bytes
    registers[REG_RIP] -= instruction;
    thread.is_let_go = true;
  } else {
    registers[REG_RAX] =
        tactus_guard_free_call(number, registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                               registers[REG_R10], registers[REG_R8], registers[REG_R9]);
  }
  thread.excused = false;
  thread.select();
  errno = saved_errno;
}

/// As the system takes it; the C library would put in its own way back from the handler.
struct SignalAction {
  void (*handler)(int, siginfo_t*, void*) noexcept;
  unsigned long flags;
  const void* restorer;
  std::uint64_t mask;
};

bool install_handler() noexcept {
  constexpr unsigned long own_restorer = 0x04000000;
  const SignalAction action{on_stopped_call, SA_SIGINFO | own_restorer, &tactus_guard_free_return, 0};
  return syscall(SYS_rt_sigaction, SIGSYS, &action, nullptr, sizeof action.mask) == 0;
}

}  // namespace

bool watch_system_calls(Thread& thread) noexcept {
  static const bool installed = install_handler();
  return installed && prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, &tactus_guard_free_begin,
                            &tactus_guard_free_end - &tactus_guard_free_begin, &thread.selector) == 0;
}

Faults faults_so_far() noexcept {
  rusage usage{};
  tactus_guard_free_call(SYS_getrusage, RUSAGE_THREAD, reinterpret_cast<long>(&usage), 0, 0, 0, 0);
  return {static_cast<std::uint64_t>(usage.ru_minflt), static_cast<std::uint64_t>(usage.ru_majflt)};
}

}  // namespace tactus::guard

#else

namespace tactus::guard {

bool watch_system_calls(Thread&) noexcept { return false; }

Faults faults_so_far() noexcept {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return {static_cast<std::uint64_t>(usage.ru_minflt), static_cast<std::uint64_t>(usage.ru_majflt)};
}

}  // namespace tactus::guard

#endif
