// A second thread, on another core than the one that measures.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <utility>

namespace tactus::bench {

/// Puts the calling thread on one core; without effect where there is no such core.
inline void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(core), &set);
  (void)pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

/// Calls `work` over and over on core 1, as long as it lives; the caller is put on core 0.
class OtherCore {
 public:
  template <class Work>
  explicit OtherCore(Work work)
      : thread_([this, work = std::move(work)]() mutable {
          pin(1);
          running_.store(true, std::memory_order_release);
          while (!stop_.load(std::memory_order_relaxed)) work();
        }) {
    pin(0);
    while (!running_.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  OtherCore(const OtherCore&) = delete;
  OtherCore& operator=(const OtherCore&) = delete;
  ~OtherCore() {
    stop_.store(true, std::memory_order_relaxed);
    thread_.join();
  }

 private:
  std::atomic<bool> running_{false};
  std::atomic<bool> stop_{false};
  std::thread thread_;  // the last member: it uses the others
};

}  // namespace tactus::bench
