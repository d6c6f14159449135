#include "guard/system_call_names.hpp"

#include <sys/syscall.h>

namespace tactus::guard {

std::string system_call_name(long number) {
  switch (number) {
#define TACTUS_CALL(NAME) \
  case SYS_##NAME:        \
    return #NAME;
    // clang-format off
    TACTUS_CALL(read) TACTUS_CALL(write) TACTUS_CALL(openat) TACTUS_CALL(close) TACTUS_CALL(fstat)
    TACTUS_CALL(newfstatat) TACTUS_CALL(statx) TACTUS_CALL(faccessat) TACTUS_CALL(lseek)
    TACTUS_CALL(pread64) TACTUS_CALL(pwrite64) TACTUS_CALL(readv) TACTUS_CALL(writev) TACTUS_CALL(preadv)
    TACTUS_CALL(pwritev) TACTUS_CALL(sendfile) TACTUS_CALL(fsync) TACTUS_CALL(fdatasync)
    TACTUS_CALL(sync_file_range) TACTUS_CALL(ftruncate) TACTUS_CALL(fallocate) TACTUS_CALL(getcwd)
    TACTUS_CALL(dup) TACTUS_CALL(dup3) TACTUS_CALL(pipe2) TACTUS_CALL(fcntl) TACTUS_CALL(flock)
    TACTUS_CALL(ioctl) TACTUS_CALL(ppoll) TACTUS_CALL(pselect6) TACTUS_CALL(epoll_create1)
    TACTUS_CALL(epoll_ctl) TACTUS_CALL(epoll_pwait) TACTUS_CALL(eventfd2) TACTUS_CALL(signalfd4)
    TACTUS_CALL(timerfd_create) TACTUS_CALL(timerfd_settime) TACTUS_CALL(timerfd_gettime)
    TACTUS_CALL(inotify_init1) TACTUS_CALL(socket) TACTUS_CALL(socketpair) TACTUS_CALL(connect)
    TACTUS_CALL(accept) TACTUS_CALL(accept4) TACTUS_CALL(bind) TACTUS_CALL(listen) TACTUS_CALL(sendto)
    TACTUS_CALL(recvfrom) TACTUS_CALL(sendmsg) TACTUS_CALL(recvmsg) TACTUS_CALL(sendmmsg)
    TACTUS_CALL(recvmmsg) TACTUS_CALL(shutdown) TACTUS_CALL(getsockopt) TACTUS_CALL(setsockopt)
    TACTUS_CALL(mmap) TACTUS_CALL(munmap) TACTUS_CALL(mremap) TACTUS_CALL(mprotect) TACTUS_CALL(madvise)
    TACTUS_CALL(brk) TACTUS_CALL(msync) TACTUS_CALL(mincore) TACTUS_CALL(mlock) TACTUS_CALL(mlock2)
    TACTUS_CALL(munlock) TACTUS_CALL(mlockall) TACTUS_CALL(munlockall) TACTUS_CALL(memfd_create)
    TACTUS_CALL(shmget) TACTUS_CALL(shmat) TACTUS_CALL(shmdt) TACTUS_CALL(membarrier) TACTUS_CALL(futex)
    TACTUS_CALL(nanosleep) TACTUS_CALL(clock_nanosleep) TACTUS_CALL(clock_getres)
    TACTUS_CALL(clock_settime) TACTUS_CALL(sched_yield) TACTUS_CALL(sched_setaffinity)
    TACTUS_CALL(sched_getaffinity) TACTUS_CALL(sched_setscheduler) TACTUS_CALL(sched_setparam)
    TACTUS_CALL(getpid) TACTUS_CALL(getppid) TACTUS_CALL(gettid) TACTUS_CALL(getuid) TACTUS_CALL(geteuid)
    TACTUS_CALL(getrandom) TACTUS_CALL(getrusage) TACTUS_CALL(getrlimit) TACTUS_CALL(setrlimit)
    TACTUS_CALL(prlimit64) TACTUS_CALL(sysinfo) TACTUS_CALL(times) TACTUS_CALL(uname)
    TACTUS_CALL(getitimer) TACTUS_CALL(setitimer) TACTUS_CALL(rt_sigaction) TACTUS_CALL(rt_sigprocmask)
    TACTUS_CALL(rt_sigreturn) TACTUS_CALL(rt_sigtimedwait) TACTUS_CALL(sigaltstack) TACTUS_CALL(kill)
    TACTUS_CALL(tkill) TACTUS_CALL(tgkill) TACTUS_CALL(clone) TACTUS_CALL(clone3) TACTUS_CALL(execve)
    TACTUS_CALL(wait4) TACTUS_CALL(waitid) TACTUS_CALL(exit) TACTUS_CALL(exit_group) TACTUS_CALL(prctl)
    TACTUS_CALL(set_robust_list) TACTUS_CALL(rseq) TACTUS_CALL(io_uring_setup) TACTUS_CALL(io_uring_enter)
    TACTUS_CALL(io_submit) TACTUS_CALL(io_getevents) TACTUS_CALL(perf_event_open) TACTUS_CALL(bpf)
    TACTUS_CALL(getdents64)
#ifdef __x86_64__  // newer processors never had these
    TACTUS_CALL(open) TACTUS_CALL(stat) TACTUS_CALL(lstat) TACTUS_CALL(access) TACTUS_CALL(rename)
    TACTUS_CALL(unlink) TACTUS_CALL(mkdir) TACTUS_CALL(readlink) TACTUS_CALL(dup2) TACTUS_CALL(pipe)
    TACTUS_CALL(poll) TACTUS_CALL(select) TACTUS_CALL(epoll_wait) TACTUS_CALL(pause) TACTUS_CALL(alarm)
    TACTUS_CALL(fork) TACTUS_CALL(vfork) TACTUS_CALL(arch_prctl)
#endif
    // clang-format on
#undef TACTUS_CALL
                                                                                                                    default
        : return "system call " +
          std::to_string(number);
  }
}

}  // namespace tactus::guard
