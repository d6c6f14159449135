// Random programs: the kernel does what a plain model of it says, step by step.
//
// TACTUS_KERNEL_RANDOM=<seeds>x<steps> runs another number of them, such as 100x100000.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>

#include "kernel/barrier.hpp"
#include "kernel/condition.hpp"
#include "kernel/scheduler_lock.hpp"
#include "tests/kernel/random_model.hpp"
#include "tests/kernel/random_program.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel::test {
namespace {

/// A random program on the kernel itself.
class Performance {
 public:
  explicit Performance(const Program& program) : program_(program) {
    for (std::size_t i = 0; i < mutex_options.size(); ++i) {
      mutexes_.emplace_back(scene_.kernel, "mutex", mutex_options[i]);
    }
    for (const auto& options : semaphore_options) semaphores_.emplace_back(scene_.kernel, "s", 0U, options);
    for (const Preference preference : preferences) rw_locks_.emplace_back(scene_.kernel, "rw", preference);
    locks_.resize(program.size());
    rw_.resize(program.size());
    for (std::size_t i = 0; i < program.size(); ++i) {
      Task& task = scene_.task("t" + std::to_string(i), program[i].priority, [this, i] { act(i); });
      task.set_quantum(program[i].quantum);
      tasks_.push_back(&task);
    }
    scene_.task("keeper", keeper_priority, [this] { keep(); });
  }

  std::vector<Event> run() {
    scene_.kernel.run();
    return std::move(events_);
  }

 private:
  void keep() {
    auto ended = [](const Task* task) { return task->state() == TaskState::ended; };
    while (!std::all_of(tasks_.begin(), tasks_.end(), ended)) {
      scene_.kernel.sleep_for(keeper_period);
      for (Task* const task : tasks_) scene_.kernel.resume(*task);
    }
  }

  void act(std::size_t index) {
    const Actor& actor = program_[index];
    for (std::size_t i = 0; i < actor.steps.size(); ++i) {
      std::uint64_t seen = 0;
      const Result result = perform(index, actor.steps[i], seen);
      events_.push_back({.time = scene_.kernel.now(),
                         .task = index,
                         .step = i,
                         .op = actor.steps[i].op,
                         .result = result,
                         .priority = scene_.kernel.current().priority(),
                         .seen = seen});
    }
    while (!locks_[index].empty()) unlock(index, locks_[index].back());
    for (std::size_t i = 0; i < preferences.size(); ++i) unlock_rw(index, i);
  }

  static WaitLimit limit_of(const Step& step) {
    if (step.limit == Step::Limit::none) return {};
    return step.limit == Step::Limit::at_once ? at_once : within(step.length);
  }

  Result perform(std::size_t self, const Step& step, std::uint64_t& seen) {
    Kernel& kernel = scene_.kernel;
    const WaitLimit limit = limit_of(step);
    switch (step.op) {
      case Op::consume:
        return kernel.consume(step.length);
      case Op::consume_locked: {
        const SchedulerLock lock{kernel, step.priority};
        return kernel.consume(step.length);
      }
      case Op::sleep:
        return kernel.sleep_for(step.length);
      case Op::yield:
        kernel.yield();
        return Result::ok;
      case Op::lock: {
        const std::size_t mutex = step.object % mutexes_.size();
        const Result result = mutexes_[mutex].lock(limit);
        if (result == Result::ok) locks_[self].push_back(mutex);
        return result;
      }
      case Op::unlock:
        if (!locks_[self].empty()) unlock(self, locks_[self][step.object % locks_[self].size()]);
        return Result::ok;
      case Op::acquire:
        return semaphores_[step.object % semaphores_.size()].acquire(limit);
      case Op::release:
        return semaphores_[step.object % semaphores_.size()].release();
      case Op::meet:
        return barrier_.wait(limit);
      case Op::set_flags:
        flags_.set(step.bits);
        return Result::ok;
      case Op::wait_flags:
        return flags_.wait(step.bits, step.match, step.on_exit, limit, &seen);
      case Op::wait_condition:
        return holds_one_mutex_only(self) ? condition_.wait(mutexes_[locks_[self][0]], limit) : Result::ok;
      case Op::signal:
        condition_.signal();
        return Result::ok;
      case Op::broadcast:
        condition_.broadcast();
        return Result::ok;
      case Op::signal_and_wait:
        return holds_one_mutex_only(self) ? condition_.signal_and_wait(mutexes_[locks_[self][0]])
                                          : Result::ok;
      case Op::lock_read:
      case Op::lock_write:
        return lock_rw(self, step, limit);
      case Op::unlock_rw:
        unlock_rw(self, step.object % rw_locks_.size());
        return Result::ok;
      case Op::set_priority:
        tasks_[step.object % tasks_.size()]->set_priority(step.priority);
        return Result::ok;
      case Op::suspend:
        return kernel.suspend(*tasks_[step.object % tasks_.size()]) ? Result::ok : Result::timed_out;
      case Op::resume:
        return kernel.resume(*tasks_[step.object % tasks_.size()]) ? Result::ok : Result::timed_out;
      case Op::count:
        break;
    }
    return Result::ok;
  }

  void unlock(std::size_t self, std::size_t mutex) {
    auto& locks = locks_[self];
    locks.erase(std::find(locks.begin(), locks.end(), mutex));
    mutexes_[mutex].unlock();
  }

  /// The condition stands for one thing, so those who wait for it must use one mutex. A task that held more
  /// would let others wait for that while they have the mutex.
  bool holds_one_mutex_only(std::size_t self) {
    const auto& locks = locks_[self];
    auto other = [](std::size_t mutex) { return mutex != condition_mutex; };
    return !locks.empty() && std::none_of(locks.begin(), locks.end(), other) &&
           rw_[self] == std::array<int, 3>{};
  }

  Result lock_rw(std::size_t self, const Step& step, WaitLimit limit) {
    const std::size_t index = step.object % rw_locks_.size();
    int& mine = rw_[self][index];
    if (mine != 0) return Result::ok;
    const bool writes = step.op == Op::lock_write;
    RwLock& lock = rw_locks_[index];
    const Result result = writes ? lock.lock_write(limit) : lock.lock_read(limit);
    if (result == Result::ok) mine = writes ? 2 : 1;
    return result;
  }

  void unlock_rw(std::size_t self, std::size_t index) {
    switch (std::exchange(rw_[self][index], 0)) {
      case 1:
        return rw_locks_[index].unlock_read();
      case 2:
        return rw_locks_[index].unlock_write();
      default:
        return;
    }
  }

  const Program& program_;
  Scene scene_;
  std::deque<Mutex> mutexes_;
  std::deque<Semaphore> semaphores_;
  std::deque<RwLock> rw_locks_;
  Barrier barrier_{scene_.kernel, "barrier", parties};
  Flags flags_{scene_.kernel, "flags"};
  Condition condition_{scene_.kernel, "condition"};
  std::vector<Task*> tasks_;
  std::vector<std::vector<std::size_t>> locks_;
  std::vector<std::array<int, 3>> rw_;
  std::vector<Event> events_;
};

/// The first place where two runs differ, with what was before it.
std::optional<std::string> difference(const std::vector<Event>& kernel, const std::vector<Event>& model) {
  const auto [a, b] = std::mismatch(kernel.begin(), kernel.end(), model.begin(), model.end());
  if (a == kernel.end() && b == model.end()) return std::nullopt;
  std::string text;
  for (auto before = a - std::min<std::ptrdiff_t>(15, a - kernel.begin()); before != a; ++before) {
    text += text_of(*before) + "\n";
  }
  text += "kernel: " + (a == kernel.end() ? "nothing" : text_of(*a)) + "\n";
  return text + "model:  " + (b == model.end() ? "nothing" : text_of(*b)) + "\n";
}

TEST(RandomPrograms, TheKernelDoesWhatTheModelSays) {
  std::uint32_t seeds = 100;
  std::size_t steps = 2000;
  if (const char* const wanted = std::getenv("TACTUS_KERNEL_RANDOM")) {
    ASSERT_EQ(std::sscanf(wanted, "%ux%zu", &seeds, &steps), 2) << wanted;
  }
  std::map<std::pair<Op, Result>, std::size_t> done;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    const std::size_t actors = 2 + seed % 9;
    const Program program = random_program(seed, actors, steps);
    const std::vector<Event> events = Performance{program}.run();
    ASSERT_EQ(difference(events, Model{program}.run()), std::nullopt) << "seed " << seed;
    EXPECT_EQ(events.size(), actors * steps);
    for (const Event& event : events) ++done[{event.op, event.result}];
  }
  // That what matters was among them.
  const std::pair<Op, Result> wanted[] = {{Op::consume, Result::ok},
                                          {Op::consume_locked, Result::ok},
                                          {Op::lock, Result::ok},
                                          {Op::lock, Result::timed_out},
                                          {Op::lock, Result::deadlock},
                                          {Op::lock_write, Result::timed_out},
                                          {Op::lock_write, Result::deadlock},
                                          {Op::lock_read, Result::ok},
                                          {Op::release, Result::full},
                                          {Op::acquire, Result::timed_out},
                                          {Op::meet, Result::timed_out},
                                          {Op::meet, Result::ok},
                                          {Op::wait_flags, Result::ok},
                                          {Op::wait_flags, Result::timed_out},
                                          {Op::wait_condition, Result::timed_out},
                                          {Op::suspend, Result::ok},
                                          {Op::resume, Result::ok}};
  for (const auto& each : wanted) {
    EXPECT_GT(done[each], 50U) << static_cast<int>(each.first) << " " << name_of(each.second);
  }
}

}  // namespace
}  // namespace tactus::kernel::test
