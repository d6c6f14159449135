#pragma once

// What a random program should do, worked out in the plainest way: lists that are searched, priorities that
// are computed anew for everybody after every change, and a loop that does one thing at a time.

#include <algorithm>
#include <deque>
#include <vector>

#include "tests/kernel/random_program.hpp"

namespace tactus::kernel::test {

class Model {
 public:
  explicit Model(const Program& program);
  std::vector<Event> run();

 private:
  enum class State : std::uint8_t { ready, running, waiting, suspended, ended };
  static constexpr std::size_t nobody = ~std::size_t{0};

  struct Queue {
    Order order = Order::priority;
    std::vector<std::size_t> tasks{};  // in order of arrival
  };
  struct ModelMutex {
    MutexOptions options{};
    Queue queue{};
    std::size_t holder = nobody;
    unsigned again = 0;
  };
  struct ModelSemaphore {
    std::uint32_t maximum = 0;
    Queue queue{};
    std::uint32_t value = 0;
  };
  struct ModelRwLock {
    Preference preference{};
    Queue queue{};
    std::size_t writer = nobody;
    std::size_t readers = 0;
  };
  struct ModelTask {
    std::size_t index = 0;
    Priority base = 0, priority = 0, lock_ceiling = 0;
    Duration quantum = 0, quantum_left = 0;
    State state = State::ready;
    bool suspended = false;
    std::size_t step = 0;
    int stage = 0;  // 0: before the step
    Duration remaining = 0;
    Queue* queue = nullptr;
    Time deadline = forever;
    std::uint64_t arrival = 0;
    Result result = Result::ok, kept = Result::ok;
    bool writes = false;  // what it waits for at a read/write lock
    unsigned again = 0;
    std::uint64_t seen = 0;
    std::vector<std::size_t> locks{};  // mutexes, once for each lock
    std::array<int, 3> rw{};           // 1 reads, 2 writes
  };

  ModelTask& self() { return tasks_[running_]; }
  std::size_t first(const Queue& queue) const;
  void settle();
  void make_ready(std::size_t task);
  void wake(std::size_t task, Result result);
  bool block(Queue& queue, const Step& step);
  void block_without_limit(Queue& queue);
  bool closes_circle(std::size_t task, std::size_t holder) const;
  void hand_over(ModelMutex& mutex);
  void transfer(std::size_t task);
  void serve_rw(ModelRwLock& lock);
  bool admits(const ModelRwLock& lock, bool writes) const;
  std::size_t first_of(const ModelRwLock& lock, bool writes) const;
  void expire();
  Time next_deadline() const;
  void go();
  void keep();
  void begin(const Step& step);
  void go_on(const Step& step);
  void compute();
  bool holds_one_mutex_only();
  void wait_condition(const Step& step);
  void signal_and_wait();
  void unlock(std::size_t mutex);
  void unlock_rw(std::size_t lock);
  bool lock_rw(std::size_t lock, bool writes, const Step& step);
  void finish();

  const Program& program_;
  std::vector<Event> events_;
  std::vector<ModelTask> tasks_;  // the keeper is the last
  std::vector<std::size_t> ready_;
  std::size_t running_ = nobody;
  Time now_ = 0;
  std::uint64_t arrivals_ = 0;
  std::array<ModelMutex, mutex_options.size()> mutexes_;
  std::array<ModelSemaphore, semaphore_options.size()> semaphores_;
  std::array<ModelRwLock, preferences.size()> rw_locks_;
  Queue barrier_, flags_, condition_, asleep_;
  std::uint64_t bits_ = 0;
};

}  // namespace tactus::kernel::test
