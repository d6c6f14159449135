#include "tests/kernel/random_model.hpp"

namespace tactus::kernel::test {

Model::Model(const Program& program) : program_(program), tasks_(program.size() + 1) {
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    ModelTask& task = tasks_[i];
    task.index = i;
    task.base = task.priority = i < program.size() ? program[i].priority : keeper_priority;
    task.quantum = task.quantum_left = i < program.size() ? program[i].quantum : 0;
    ready_.push_back(i);
  }
  for (std::size_t i = 0; i < mutexes_.size(); ++i) mutexes_[i].options = mutex_options[i];
  for (std::size_t i = 0; i < semaphores_.size(); ++i) {
    semaphores_[i].maximum = semaphore_options[i].maximum;
    semaphores_[i].queue.order = semaphore_options[i].order;
  }
  for (std::size_t i = 0; i < rw_locks_.size(); ++i) {
    rw_locks_[i].preference = preferences[i];
    if (preferences[i] == Preference::arrival) rw_locks_[i].queue.order = Order::fifo;
  }
}

std::vector<Event> Model::run() {
  for (;;) {
    expire();
    if (running_ != nobody) {
      const bool preempted = std::any_of(ready_.begin(), ready_.end(), [&](std::size_t other) {
        return tasks_[other].priority > self().priority;
      });
      if (preempted) {
        self().state = State::ready;
        ready_.insert(ready_.begin(), running_);
        running_ = nobody;
      }
    }
    if (running_ == nobody) {
      const Queue all{.tasks = ready_};
      running_ = first(all);
      if (running_ == nobody) {
        now_ = next_deadline();
        if (now_ == forever) return events_;
        continue;
      }
      ready_.erase(std::find(ready_.begin(), ready_.end(), running_));
      self().state = State::running;
    }
    go();
  }
}

/// The one to be served first.
std::size_t Model::first(const Queue& queue) const {
  std::size_t best = nobody;
  for (const std::size_t task : queue.tasks) {
    if (queue.order == Order::fifo) return task;
    if (best == nobody || tasks_[task].priority > tasks_[best].priority) best = task;
  }
  return best;
}

/// Gives everybody the priority that is due.
void Model::settle() {
  std::vector<Priority> due(tasks_.size());
  for (const ModelTask& task : tasks_) due[task.index] = std::max(task.base, task.lock_ceiling);
  for (bool changed = true; changed;) {
    changed = false;
    for (const ModelMutex& mutex : mutexes_) {
      if (mutex.holder == nobody || mutex.options.protocol == Protocol::none) continue;
      Priority given = mutex.options.ceiling;
      if (mutex.options.protocol == Protocol::inheritance) {
        for (const std::size_t waiter : mutex.queue.tasks) given = std::max(given, due[waiter]);
      }
      if (given > due[mutex.holder]) {
        due[mutex.holder] = given;
        changed = true;
      }
    }
  }
  for (ModelTask& task : tasks_) {
    if (due[task.index] == task.priority) continue;
    const bool raised = due[task.index] > task.priority;
    task.priority = due[task.index];
    if (task.state == State::ready) {
      ready_.erase(std::find(ready_.begin(), ready_.end(), task.index));
      ready_.insert(raised ? ready_.end() : ready_.begin(), task.index);
    } else if (task.queue != nullptr && task.queue->order == Order::priority) {
      auto& others = task.queue->tasks;
      others.erase(std::find(others.begin(), others.end(), task.index));
      others.push_back(task.index);
    }
  }
}

void Model::make_ready(std::size_t index) {
  ModelTask& task = tasks_[index];
  task.quantum_left = task.quantum;
  task.state = task.suspended ? State::suspended : State::ready;
  if (!task.suspended) ready_.push_back(index);
}

void Model::wake(std::size_t index, Result result) {
  ModelTask& task = tasks_[index];
  Queue& queue = *task.queue;
  queue.tasks.erase(std::find(queue.tasks.begin(), queue.tasks.end(), index));
  task.queue = nullptr;
  task.deadline = forever;
  task.result = result;
  make_ready(index);
  settle();
  if (result != Result::timed_out) return;
  for (ModelRwLock& lock : rw_locks_) {
    if (&lock.queue == &queue) serve_rw(lock);
  }
}

/// False if the limit allows no wait; the result is set then.
bool Model::block(Queue& queue, const Step& step) {
  ModelTask& task = self();
  if (step.limit == Step::Limit::at_once || (step.limit == Step::Limit::within && step.length == 0)) {
    task.result = Result::timed_out;
    return false;
  }
  if (step.limit == Step::Limit::within) {
    task.deadline = now_ + step.length;
    task.arrival = arrivals_++;
  }
  block_without_limit(queue);
  return true;
}

void Model::block_without_limit(Queue& queue) {
  ModelTask& task = self();
  task.state = State::waiting;
  task.queue = &queue;
  queue.tasks.push_back(running_);
  settle();
  running_ = nobody;
}

bool Model::closes_circle(std::size_t task, std::size_t holder) const {
  while (holder != nobody && holder != task) {
    std::size_t next = nobody;
    for (const ModelMutex& mutex : mutexes_) {
      if (tasks_[holder].queue == &mutex.queue) next = mutex.holder;
    }
    for (const ModelRwLock& lock : rw_locks_) {
      if (tasks_[holder].queue == &lock.queue) next = lock.writer;
    }
    holder = next;
  }
  return holder == task;
}

void Model::expire() {
  for (;;) {
    ModelTask* next = nullptr;
    for (ModelTask& task : tasks_) {
      if (task.deadline > now_) continue;
      if (next == nullptr || task.deadline < next->deadline ||
          (task.deadline == next->deadline &&
           (task.priority > next->priority ||
            (task.priority == next->priority && task.arrival < next->arrival)))) {
        next = &task;
      }
    }
    if (next == nullptr) return;
    wake(next->index, Result::timed_out);
  }
}

Time Model::next_deadline() const {
  Time next = forever;
  for (const ModelTask& task : tasks_) next = std::min(next, task.deadline);
  return next;
}

}  // namespace tactus::kernel::test
