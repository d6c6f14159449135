#include "tests/guard/offences.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace tactus::test {
namespace {

constexpr std::size_t page = 4096;

/// What the offences use. Made and never given back: the test program ends soon.
struct Means {
  void* block = nullptr;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  sem_t semaphore{};
  std::mutex cpp_mutex;
  std::shared_mutex cpp_shared_mutex;
  std::condition_variable cpp_condition;
  std::vector<double> full;
  std::thread thread;
  int null_device = -1;
  char* fresh = nullptr;
  char* cold = nullptr;
};
Means* means = nullptr;

/// Keeps the optimiser from leaving out what nobody looks at.
bool is_there(const void* memory) {
  asm volatile("" : : "r"(memory) : "memory");
  return memory != nullptr;
}

char* make_fresh_page() {
  void* const memory = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  munlock(memory, page);
  madvise(memory, page, MADV_DONTNEED);
  return static_cast<char*>(memory);
}

/// A page of a file that only the disk has; null if the system keeps it in memory, as file systems without a
/// disk do.
char* make_cold_page() {
  std::array<char, 32> name{"cold-page-XXXXXX"};
  const int file = mkstemp(name.data());
  if (file < 0) return nullptr;
  unlink(name.data());
  const std::vector<char> text(page, 'x');
  void* memory = MAP_FAILED;
  if (write(file, text.data(), page) == static_cast<ssize_t>(page) && fsync(file) == 0)
    memory = mmap(nullptr, page, PROT_READ, MAP_SHARED, file, 0);
  unsigned char resident = 1;
  if (memory != MAP_FAILED) {
    munlock(memory, page);
    madvise(memory, page, MADV_DONTNEED);
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    mincore(memory, page, &resident);
  }
  close(file);
  return (resident & 1U) == 0 ? static_cast<char*>(memory) : nullptr;
}

timespec past() { return {0, 0}; }

long raw_system_call(long number) {
#ifdef __x86_64__
  long result = number;
  asm volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
  return result;
#else
  return syscall(number);
#endif
}

bool throws() {
  try {
    throw std::runtime_error("with a text that is too long for a short string");
  } catch (const std::runtime_error& error) {
    return is_there(&error);
  }
}

bool waits_on_a_condition() {
  std::unique_lock lock(means->cpp_mutex, std::try_to_lock);
  return lock && means->cpp_condition.wait_for(lock, std::chrono::nanoseconds(1)) == std::cv_status::timeout;
}

/// Signals blocked in the handler that notes the call would be unblocked at its end.
bool blocks_a_signal() {
  sigset_t wanted, seen;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGUSR1);
  const bool done = pthread_sigmask(SIG_BLOCK, &wanted, nullptr) == 0;
  return done && pthread_sigmask(SIG_UNBLOCK, &wanted, &seen) == 0 && sigismember(&seen, SIGUSR1) == 1;
}

using enum guard::Kind;
constexpr Offence list[] = {
    {"malloc", allocation, "malloc", [] { return is_there(means->block = std::malloc(32)); }},
    {"calloc", allocation, "calloc", [] { return is_there(means->block = std::calloc(4, 8)); }},
    {"realloc", allocation, "realloc",
     [] { return is_there(means->block = std::realloc(means->block, 100'000)); }},
    {"free", allocation, "free", [] { return std::free(std::exchange(means->block, nullptr)), true; }},
    {"aligned_alloc", allocation, "aligned_alloc",
     [] { return is_there(means->block = std::aligned_alloc(64, 128)); }},
    {"posix_memalign", allocation, "posix_memalign",
     [] { return posix_memalign(&means->block, 64, 100) == 0; }},
    {"new", allocation, "malloc", [] { return is_there(means->block = ::operator new(32)); }},
    {"delete", allocation, "free",
     [] { return ::operator delete(std::exchange(means->block, nullptr)), true; }},
    {"vector", allocation, "malloc", [] { return means->full.push_back(1), means->full.size() == 2; }},
    {"throw", allocation, "malloc", throws},
    {"mutex", lock, "pthread_mutex_lock", [] { return pthread_mutex_lock(&means->mutex) == 0; }},
    {"std_mutex", lock, "pthread_mutex_lock", [] { return means->cpp_mutex.lock(), true; }},
    {"read_lock", lock, "pthread_rwlock_rdlock", [] { return pthread_rwlock_rdlock(&means->rwlock) == 0; }},
    {"std_shared_mutex", lock, "pthread_rwlock_wrlock", [] { return means->cpp_shared_mutex.lock(), true; }},
    {"condition", lock, "pthread_cond_timedwait",
     [] {
       const timespec until = past();
       return pthread_mutex_trylock(&means->mutex) == 0 &&
              pthread_cond_timedwait(&means->condition, &means->mutex, &until) == ETIMEDOUT;
     }},
    {"std_condition", lock, "pthread_cond_clockwait", waits_on_a_condition},
    {"semaphore", lock, "sem_wait", [] { return sem_wait(&means->semaphore) == 0; }},
    {"join", lock, "pthread_join", [] { return means->thread.join(), true; }},
    {"write", system_call, "write", [] { return write(means->null_device, "x", 1) == 1; }},
    {"open", system_call, "openat",
     [] { return open("/no such file", O_RDONLY | O_CLOEXEC) == -1 && errno == ENOENT; }},
    {"sleep", system_call, "clock_nanosleep",
     [] {
       const timespec moment{0, 1};
       return nanosleep(&moment, nullptr) == 0;
     }},
    {"futex", system_call, "futex",
     [] {
       int word = 0;
       return syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0) == 0;
     }},
    {"raw", system_call, "getppid", [] { return raw_system_call(SYS_getppid) == getppid(); }},
    {"six_arguments", system_call, "mmap",
     [] { return mmap(nullptr, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED; }},
    {"signal_mask", system_call, "rt_sigprocmask", blocks_a_signal},
    {"thread", system_call, "rt_sigprocmask", [] { return std::thread([] {}).detach(), true; }},
    {"fork", system_call, "clone",
     [] {
       const long child = syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
       if (child == 0) _exit(0);
       return child > 0;
     }},
    {"fresh_page", page_fault, "minor", [] { return is_there(means->fresh) && (*means->fresh = 1) == 1; }},
};

}  // namespace

std::span<const Offence> offences() { return list; }

void prepare_offences() {
  means = new Means;  // the last one's locks are held, its memory is gone
  means->block = std::malloc(32);
  means->full.assign(1, 0.0);
  means->full.shrink_to_fit();
  means->thread = std::thread([] {});
  means->null_device = open("/dev/null", O_WRONLY | O_CLOEXEC);
  sem_init(&means->semaphore, 0, 1);
  means->fresh = make_fresh_page();
  means->cold = make_cold_page();
}

const char* cold_page() { return means->cold; }

}  // namespace tactus::test
