// The functions of the C library that wait for another thread, or may, in front of its own. std::mutex and
// its kind come this way; waits on atomics are system calls. Those that only try never wait, and are not
// here.

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <cstdlib>
#include <ctime>

#include "guard/thread.hpp"

namespace {

/// The C library's own. From its handle, because only there the newest version of a name comes first.
void* own(const char* name) {
  static void* const library = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  void* const function = library != nullptr ? dlsym(library, name) : nullptr;
  if (function == nullptr) std::abort();  // not a C library that this was made for
  return function;
}

}  // namespace

// A function `int NAME(PARAMETERS)` that notes the offence and then does what it always did.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define TACTUS_WAITS(NAME, PARAMETERS, ARGUMENTS)                             \
  int NAME PARAMETERS {                                                       \
    using Function = int(*) PARAMETERS;                                       \
    static std::atomic<Function> known{nullptr};                              \
    const tactus::guard::Offence offence(tactus::guard::Kind::lock, #NAME);   \
    /* relaxed: whoever finds it unknown looks it up, with the same result */ \
    Function function = known.load(std::memory_order_relaxed);                \
    if (function == nullptr) {                                                \
      function = reinterpret_cast<Function>(own(#NAME));                      \
      known.store(function, std::memory_order_relaxed);                       \
    }                                                                         \
    return function ARGUMENTS;                                                \
  }
// NOLINTEND(bugprone-macro-parentheses)

#pragma GCC visibility push(default)
extern "C" {

TACTUS_WAITS(pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex))
TACTUS_WAITS(pthread_mutex_timedlock, (pthread_mutex_t * mutex, const timespec* until), (mutex, until))
TACTUS_WAITS(pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const timespec* until),
             (mutex, clock, until))
TACTUS_WAITS(pthread_spin_lock, (pthread_spinlock_t * lock), (lock))
TACTUS_WAITS(pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
TACTUS_WAITS(pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
TACTUS_WAITS(pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const timespec* until), (lock, until))
TACTUS_WAITS(pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const timespec* until), (lock, until))
TACTUS_WAITS(pthread_rwlock_clockrdlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until),
             (lock, clock, until))
TACTUS_WAITS(pthread_rwlock_clockwrlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until),
             (lock, clock, until))
TACTUS_WAITS(pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t* mutex), (condition, mutex))
TACTUS_WAITS(pthread_cond_timedwait,
             (pthread_cond_t * condition, pthread_mutex_t* mutex, const timespec* until),
             (condition, mutex, until))
TACTUS_WAITS(pthread_cond_clockwait,
             (pthread_cond_t * condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until),
             (condition, mutex, clock, until))
TACTUS_WAITS(pthread_barrier_wait, (pthread_barrier_t * barrier), (barrier))
TACTUS_WAITS(pthread_join, (pthread_t thread, void** result), (thread, result))
TACTUS_WAITS(sem_wait, (sem_t * semaphore), (semaphore))
TACTUS_WAITS(sem_timedwait, (sem_t * semaphore, const timespec* until), (semaphore, until))
TACTUS_WAITS(sem_clockwait, (sem_t * semaphore, clockid_t clock, const timespec* until),
             (semaphore, clock, until))

}  // extern "C"
#pragma GCC visibility pop
