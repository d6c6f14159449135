// What each step of a program does, in the model.
#include <utility>

#include "tests/kernel/random_model.hpp"

namespace tactus::kernel::test {

void Model::go() {
  ModelTask& task = self();
  if (task.index + 1 == tasks_.size()) return keep();
  const Actor& actor = program_[task.index];
  if (task.step == actor.steps.size()) {  // gives back what it holds, and ends
    if (!task.locks.empty()) return unlock(task.locks.back());
    for (std::size_t i = 0; i < task.rw.size(); ++i) {
      if (task.rw[i] != 0) return unlock_rw(i);
    }
    task.state = State::ended;
    running_ = nobody;
    return;
  }
  const Step& step = actor.steps[task.step];
  if (task.stage == 0) {
    task.result = Result::ok;
    task.seen = 0;
    begin(step);
  } else {
    go_on(step);
  }
}

void Model::keep() {
  ModelTask& task = self();
  if (task.stage == 1) {
    for (std::size_t i = 0; i + 1 < tasks_.size(); ++i) {
      ModelTask& other = tasks_[i];
      other.suspended = false;
      if (other.state == State::suspended) make_ready(i);
    }
  }
  task.stage = 1;
  const bool alone = std::all_of(tasks_.begin(), tasks_.end() - 1,
                                 [](const ModelTask& other) { return other.state == State::ended; });
  if (alone) {
    task.state = State::ended;
    running_ = nobody;
    return;
  }
  block(asleep_, {.length = keeper_period, .limit = Step::Limit::within});
}

void Model::finish() {
  ModelTask& task = self();
  const Step& step = program_[task.index].steps[task.step];
  events_.push_back({.time = now_,
                     .task = task.index,
                     .step = task.step,
                     .op = step.op,
                     .result = task.result,
                     .priority = task.priority,
                     .seen = task.seen});
  task.stage = 0;
  ++task.step;
}

/// A step begins. Stage 1 is the end of most: the others had their chance to run before the task notes it.
void Model::begin(const Step& step) {
  ModelTask& task = self();
  task.stage = 1;
  switch (step.op) {
    case Op::consume_locked:
      task.lock_ceiling = step.priority;
      settle();
      [[fallthrough]];
    case Op::consume:
      task.stage = 2;
      task.remaining = step.length;
      return;
    case Op::sleep:
      if (step.length > 0) block(asleep_, {.length = step.length, .limit = Step::Limit::within});
      return;
    case Op::yield:
      task.state = State::ready;
      ready_.push_back(running_);
      running_ = nobody;
      return;
    case Op::lock: {
      ModelMutex& mutex = mutexes_[step.object % mutexes_.size()];
      if (mutex.holder == nobody) {
        mutex.holder = task.index;
        settle();
      } else if (mutex.holder == task.index && mutex.options.recursive) {
        ++mutex.again;
      } else if (step.limit != Step::Limit::at_once && closes_circle(task.index, mutex.holder)) {
        task.result = Result::deadlock;
      } else {
        block(mutex.queue, step);
      }
      return;
    }
    case Op::unlock:
      if (!task.locks.empty()) unlock(task.locks[step.object % task.locks.size()]);
      return;
    case Op::acquire: {
      ModelSemaphore& semaphore = semaphores_[step.object % semaphores_.size()];
      if (semaphore.value > 0) {
        --semaphore.value;
      } else {
        block(semaphore.queue, step);
      }
      return;
    }
    case Op::release: {
      ModelSemaphore& semaphore = semaphores_[step.object % semaphores_.size()];
      const std::size_t next = first(semaphore.queue);
      if (next != nobody) {
        wake(next, Result::ok);
      } else if (semaphore.value == semaphore.maximum) {
        task.result = Result::full;
      } else {
        ++semaphore.value;
      }
      return;
    }
    case Op::meet:
      if (barrier_.tasks.size() + 1 < parties) {
        block(barrier_, step);
      } else {
        while (!barrier_.tasks.empty()) wake(first(barrier_), Result::ok);
      }
      return;
    case Op::set_flags: {
      bits_ |= step.bits;
      std::uint64_t cleared = 0;
      Queue waiting = flags_;
      while (!waiting.tasks.empty()) {
        const std::size_t next = first(waiting);
        waiting.tasks.erase(std::find(waiting.tasks.begin(), waiting.tasks.end(), next));
        const Step& wanted = program_[next].steps[tasks_[next].step];
        const std::uint64_t both = bits_ & wanted.bits;
        if (wanted.match == Flags::Match::all ? both != wanted.bits : both == 0) continue;
        tasks_[next].seen = bits_;
        if (wanted.on_exit == Flags::OnExit::clear) cleared |= wanted.bits;
        wake(next, Result::ok);
      }
      bits_ &= ~cleared;
      return;
    }
    case Op::wait_flags: {
      const std::uint64_t both = bits_ & step.bits;
      if (step.match == Flags::Match::all ? both != step.bits : both == 0) {
        block(flags_, step);
      } else {
        task.seen = bits_;
        if (step.on_exit == Flags::OnExit::clear) bits_ &= ~step.bits;
      }
      return;
    }
    case Op::wait_condition:
      return wait_condition(step);
    case Op::signal:
      if (!condition_.tasks.empty()) transfer(first(condition_));
      return;
    case Op::broadcast:
      while (!condition_.tasks.empty()) transfer(first(condition_));
      return;
    case Op::signal_and_wait:
      return signal_and_wait();
    case Op::lock_read:
    case Op::lock_write: {
      const std::size_t lock = step.object % rw_locks_.size();
      if (task.rw[lock] == 0) lock_rw(lock, step.op == Op::lock_write, step);
      return;
    }
    case Op::unlock_rw: {
      const std::size_t lock = step.object % rw_locks_.size();
      if (task.rw[lock] != 0) unlock_rw(lock);
      return;
    }
    case Op::set_priority:
      tasks_[step.object % program_.size()].base = step.priority;
      settle();
      return;
    case Op::suspend: {
      ModelTask& other = tasks_[step.object % program_.size()];
      if (other.suspended || other.state == State::ended) {
        task.result = Result::timed_out;
        return;
      }
      other.suspended = true;
      if (other.state == State::waiting) return;
      if (other.state == State::ready) ready_.erase(std::find(ready_.begin(), ready_.end(), other.index));
      other.state = State::suspended;
      if (other.index == running_) running_ = nobody;
      return;
    }
    case Op::resume: {
      ModelTask& other = tasks_[step.object % program_.size()];
      if (!other.suspended) {
        task.result = Result::timed_out;
        return;
      }
      other.suspended = false;
      if (other.state == State::suspended) make_ready(other.index);
      return;
    }
    case Op::count:
      return;
  }
}

/// A step goes on after a wait, or after others had their chance to run.
void Model::go_on(const Step& step) {
  ModelTask& task = self();
  if (task.stage == 2) return compute();
  if (step.op == Op::sleep) task.result = Result::ok;  // its time has come
  if (task.stage >= 3) {                               // has to have its mutex again
    if (task.stage == 3) task.kept = task.result;
    ModelMutex& mutex = mutexes_[condition_mutex];
    task.stage = 4;
    if (mutex.holder == nobody) {
      mutex.holder = task.index;
      settle();
    } else if (mutex.holder != task.index) {
      return block_without_limit(mutex.queue);
    }
    mutex.again = task.again;
    task.result = task.kept;
  }
  const std::size_t lock = step.object % rw_locks_.size();
  if (task.result == Result::ok) {
    if (step.op == Op::lock) task.locks.push_back(step.object % mutexes_.size());
    if (step.op == Op::lock_read && task.rw[lock] == 0) task.rw[lock] = 1;
    if (step.op == Op::lock_write && task.rw[lock] == 0) task.rw[lock] = 2;
  }
  finish();
}

/// Works until its end, the end of its quantum, or the next time-out.
void Model::compute() {
  ModelTask& task = self();
  if (task.remaining == 0) {
    task.stage = 1;
    task.lock_ceiling = 0;
    return settle();
  }
  Duration work = std::min(task.remaining, next_deadline() - now_);
  if (task.quantum > 0) work = std::min(work, task.quantum_left);
  now_ += work;
  task.remaining -= work;
  task.quantum_left -= work;
  if (task.quantum == 0 || task.quantum_left > 0) return;
  task.quantum_left = task.quantum;
  expire();
  const bool locked = program_[task.index].steps[task.step].op == Op::consume_locked;
  const bool others = std::any_of(ready_.begin(), ready_.end(),
                                  [&](std::size_t other) { return tasks_[other].priority >= task.priority; });
  if (locked || !others) return;
  task.state = State::ready;
  ready_.push_back(running_);
  running_ = nobody;
}

bool Model::holds_one_mutex_only() {
  const auto& locks = self().locks;
  auto other = [](std::size_t mutex) { return mutex != condition_mutex; };
  return !locks.empty() && std::none_of(locks.begin(), locks.end(), other) &&
         self().rw == std::array<int, 3>{};
}

void Model::wait_condition(const Step& step) {
  ModelTask& task = self();
  if (!holds_one_mutex_only()) return;
  if (step.limit == Step::Limit::at_once) {
    task.result = Result::timed_out;
    return;
  }
  ModelMutex& mutex = mutexes_[condition_mutex];
  task.again = std::exchange(mutex.again, 0U);
  task.stage = 3;
  hand_over(mutex);
  if (!block(condition_, step)) go_on(step);
}

void Model::signal_and_wait() {
  if (!holds_one_mutex_only() || condition_.tasks.empty()) return;
  ModelTask& task = self();
  ModelMutex& mutex = mutexes_[condition_mutex];
  task.again = std::exchange(mutex.again, 0U);
  task.stage = 3;
  mutex.holder = nobody;
  settle();
  mutex.holder = first(condition_);
  wake(mutex.holder, Result::ok);
  block_without_limit(mutex.queue);
}

/// A signalled task waits for its mutex from now on, or has it.
void Model::transfer(std::size_t index) {
  ModelTask& task = tasks_[index];
  ModelMutex& mutex = mutexes_[condition_mutex];
  if (mutex.holder == nobody) {
    mutex.holder = index;
    settle();
    return wake(index, Result::ok);
  }
  condition_.tasks.erase(std::find(condition_.tasks.begin(), condition_.tasks.end(), index));
  task.deadline = forever;
  task.queue = &mutex.queue;
  mutex.queue.tasks.push_back(index);
  settle();
}

void Model::unlock(std::size_t index) {
  auto& locks = self().locks;
  locks.erase(std::find(locks.begin(), locks.end(), index));
  ModelMutex& mutex = mutexes_[index];
  if (mutex.again > 0) {
    --mutex.again;
    return;
  }
  hand_over(mutex);
}

void Model::hand_over(ModelMutex& mutex) {
  mutex.holder = nobody;
  settle();
  const std::size_t next = first(mutex.queue);
  if (next == nobody) return;
  mutex.holder = next;
  settle();
  wake(next, Result::ok);
}

// -- Read/write locks

bool Model::lock_rw(std::size_t index, bool writes, const Step& step) {
  ModelRwLock& lock = rw_locks_[index];
  ModelTask& task = self();
  if (admits(lock, writes)) {
    if (writes) {
      lock.writer = task.index;
    } else {
      ++lock.readers;
    }
    return true;
  }
  if (step.limit != Step::Limit::at_once && closes_circle(task.index, lock.writer)) {
    task.result = Result::deadlock;
    return false;
  }
  task.writes = writes;
  return block(lock.queue, step);
}

void Model::unlock_rw(std::size_t index) {
  ModelRwLock& lock = rw_locks_[index];
  if (std::exchange(self().rw[index], 0) == 2) {
    lock.writer = nobody;
  } else {
    --lock.readers;
  }
  serve_rw(lock);
}

bool Model::admits(const ModelRwLock& lock, bool writes) const {
  if (lock.writer != nobody) return false;
  if (writes) return lock.readers == 0;
  if (lock.preference == Preference::arrival) return lock.queue.tasks.empty();
  return lock.preference == Preference::readers || first_of(lock, true) == nobody;
}

std::size_t Model::first_of(const ModelRwLock& lock, bool writes) const {
  Queue some{.order = lock.queue.order};
  for (const std::size_t task : lock.queue.tasks) {
    if (tasks_[task].writes == writes) some.tasks.push_back(task);
  }
  return first(some);
}

void Model::serve_rw(ModelRwLock& lock) {
  while (lock.writer == nobody && !lock.queue.tasks.empty()) {
    std::size_t next = first(lock.queue);
    if (lock.preference != Preference::arrival) {
      const std::size_t preferred = first_of(lock, lock.preference == Preference::writers);
      if (preferred != nobody) next = preferred;
    }
    if (tasks_[next].writes) {
      if (lock.readers > 0) return;
      lock.writer = next;
    } else {
      ++lock.readers;
    }
    wake(next, Result::ok);
  }
}

}  // namespace tactus::kernel::test
