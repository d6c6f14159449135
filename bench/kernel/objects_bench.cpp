// What the kernel's objects cost, beside their peers of POSIX threads on one core.
#include <benchmark/benchmark.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include <array>
#include <deque>
#include <functional>
#include <thread>

#include "kernel/channel.hpp"
#include "kernel/condition.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mutex.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/queue.hpp"
#include "kernel/semaphore.hpp"

namespace {

using namespace tactus::kernel;

/// A kernel with two tasks, the less urgent of which is measured, and `others` that wait for ever.
class Bench {
 public:
  explicit Bench(std::int64_t others = 0) {
    for (std::int64_t i = 0; i < others; ++i) {
      others_.emplace_back(kernel, "other", Priority{20}, Entry{wait_for_ever_},
                           stacks_.emplace_back(minimum_stack));
      others_.back().start();
    }
  }

  void run(const std::function<void()>& measured, const std::function<void()>& partner) {
    auto first = [&] {
      measured();
      kernel.stop();
    };
    const Stack stack_a, stack_b;
    Task a{kernel, "measured", 10, Entry{first}, stack_a};
    Task b{kernel, "partner", 11, Entry{partner}, stack_b};
    b.start();
    a.start();
    kernel.run();
  }

  LinuxPort port{{.priority = 0, .lock_memory = false, .dma_latency = false}};
  Kernel kernel{port};

 private:
  std::function<void()> wait_for_ever_ = [this] { kernel.suspend(); };
  std::deque<Stack> stacks_;
  std::deque<Task> others_;
};

void mutex_uncontended(benchmark::State& state, Protocol protocol) {
  Bench bench{state.range(0)};
  Mutex mutex{bench.kernel, "m", {.protocol = protocol, .ceiling = 100}};
  bench.run(
      [&] {
        for ([[maybe_unused]] auto _ : state) {
          benchmark::DoNotOptimize(mutex.lock());
          mutex.unlock();
        }
      },
      [] {});
}
BENCHMARK_CAPTURE(mutex_uncontended, inheritance, Protocol::inheritance)->Arg(0)->Arg(1000);
BENCHMARK_CAPTURE(mutex_uncontended, ceiling, Protocol::ceiling)->Arg(0)->Arg(1000);

void mutex_uncontended_pthread(benchmark::State& state) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, &attributes);
  for ([[maybe_unused]] auto _ : state) {
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
  }
  pthread_mutex_destroy(&mutex);
}
BENCHMARK(mutex_uncontended_pthread);

void semaphore_ping_pong(benchmark::State& state) {
  Bench bench{state.range(0)};
  Semaphore ping{bench.kernel, "ping", 0}, pong{bench.kernel, "pong", 0};
  bench.run(
      [&] {
        for ([[maybe_unused]] auto _ : state) {
          ping.release();
          pong.acquire();
        }
      },
      [&] {
        while (ping.acquire() == Result::ok) pong.release();
      });
}
BENCHMARK(semaphore_ping_pong)->Arg(0)->Arg(1000);

/// Both threads on one core, as the tasks are.
void semaphore_ping_pong_pthread(benchmark::State& state) {
  cpu_set_t before, one;
  pthread_getaffinity_np(pthread_self(), sizeof before, &before);
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
  pthread_setaffinity_np(pthread_self(), sizeof one, &one);  // the other thread inherits it
  sem_t ping, pong;
  sem_init(&ping, 0, 0);
  sem_init(&pong, 0, 0);
  bool done = false;
  std::thread other([&] {
    for (;;) {
      sem_wait(&ping);
      if (done) return;
      sem_post(&pong);
    }
  });
  for ([[maybe_unused]] auto _ : state) {
    sem_post(&ping);
    sem_wait(&pong);
  }
  done = true;
  sem_post(&ping);
  other.join();
  pthread_setaffinity_np(pthread_self(), sizeof before, &before);
}
BENCHMARK(semaphore_ping_pong_pthread)->UseRealTime();

void condition_ping_pong(benchmark::State& state) {
  Bench bench;
  Mutex mutex{bench.kernel, "m"};
  Condition ball_moved{bench.kernel, "ball moved"};
  bool there = false;
  bench.run(
      [&] {
        for ([[maybe_unused]] auto _ : state) {
          const Locked locked{mutex};
          there = true;
          ball_moved.signal();
          while (there) ball_moved.wait(mutex);
        }
      },
      [&] {
        const Locked locked{mutex};
        Result result = Result::ok;
        while (result == Result::ok) {
          there = false;
          ball_moved.signal();
          while (!there && result == Result::ok) result = ball_moved.wait(mutex);
        }
      });
}
BENCHMARK(condition_ping_pong);

void queue_16_bytes(benchmark::State& state) {
  using Item = std::array<std::int64_t, 2>;
  Bench bench{state.range(0)};
  Queue<Item, 4> queue{bench.kernel, "q"};
  bench.run(
      [&] {
        Item item{};
        for ([[maybe_unused]] auto _ : state) {
          queue.send(item);
          ++item[0];
        }
      },
      [&] {
        Item item{};
        while (queue.receive(item) == Result::ok) benchmark::DoNotOptimize(item);
      });
}
BENCHMARK(queue_16_bytes)->Arg(0)->Arg(1000);

void send_receive_reply(benchmark::State& state) {
  Bench bench{state.range(0)};
  Channel<std::int64_t, std::int64_t> channel{bench.kernel, "c"};
  bench.run(
      [&] {
        std::int64_t reply = 0;
        for ([[maybe_unused]] auto _ : state) channel.send(reply, reply);
      },
      [&] {
        Channel<std::int64_t, std::int64_t>::Server server{channel};
        for (Channel<std::int64_t, std::int64_t>::Received call; server.receive(call) == Result::ok;) {
          server.reply(call.client, call.request + 1);
        }
      });
}
BENCHMARK(send_receive_reply)->Arg(0)->Arg(1000);

}  // namespace
