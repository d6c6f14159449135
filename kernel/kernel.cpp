#include "kernel/kernel.hpp"

#include <algorithm>
#include <utility>

#include "kernel/port/context_switch.hpp"
#include "kernel/resource.hpp"

namespace tactus::kernel {
namespace {

/// More than any right program needs, and reached in a fraction of a second by a wrong one.
constexpr std::uint64_t too_many = 1'000'000;

}  // namespace

constinit thread_local const Kernel* Kernel::of_thread_ = nullptr;

// -- The path of every switch, inlined: see port/context_switch.hpp

/// Makes ready what is due: interrupts in order of source, the clock's time-outs, the tasklets that these
/// have scheduled; then what handlers may have asked for as well, a stop and the bells.
inline void Kernel::serve() noexcept {
  // relaxed, here and for the bells: only whether to look; what is not seen yet is followed by a wake, and by
  // another look.
  if (raised_.load(std::memory_order_relaxed) != 0) run_interrupts();
  if (!timeouts_.empty()) expire_timeouts();  // saves the look at the clock
  if (tasklets_.top() >= 0) run_tasklets();
  if (stopping() && !stop_served_) release_waiting();
  if (rung_.load(std::memory_order_relaxed) != nullptr) answer_doorbells();
}

/// The task that is to run next; waits until there is one. Null when no task is alive.
inline Task* Kernel::pick() noexcept {
  serve();
  if (ReadyNode* const node = ready_.pop()) return static_cast<Task*>(node);
  return wait_for_ready();
}

/// Runs the most urgent task. The running one has gone where it belongs: ready, waiting.
inline void Kernel::dispatch() noexcept {
  count_turn();
  Task& self = *running_;
  Task* const next = pick();  // not null: self is alive
  next->state_ = TaskState::running;
  if (next == &self) return;
  running_ = next;
  ++switches_;
  self.context_.switch_to(next->context_);
}

// -- Life of the kernel and of its tasks

void Kernel::run() {
  if (phase_ != Phase::created) fail(Misuse::run_twice, "Kernel::run", "");
  if (of_thread_ != nullptr) fail(Misuse::wrong_thread, "Kernel::run", "", "a kernel runs on it already");
  port_.enter();
  of_thread_ = this;
  phase_ = Phase::running;
  port_.mask();
  if (Task* const first = pick()) {
    running_ = first;
    first->state_ = TaskState::running;
    main_.bind();
    main_.switch_to(first->context_);  // the last task to end switches back
  }
  port_.unmask();
  phase_ = Phase::ended;
  of_thread_ = nullptr;
  port_.leave();
}

void Kernel::stop() noexcept {
  // release: pairs with the acquire in `stopping`. The port's `wake` orders it before the end of the present
  // wait.
  stop_requested_.store(true, std::memory_order_release);
  port_.wake();
}

void Kernel::adopt(Task& task) noexcept {
  Task** link = &tasks_;
  while (*link != nullptr) link = &(*link)->next_task_;
  *link = &task;
}

void Kernel::forget(Task& task) noexcept {
  const bool never_ran = task.state_ == TaskState::created || phase_ == Phase::created;
  if (!never_ran && task.state_ != TaskState::ended) fail(Misuse::destroyed_alive, "Task", task.name());
  if (task.state_ == TaskState::ready) ready_.remove(task);
  if (task.state_ == TaskState::ready || task.state_ == TaskState::suspended) --alive_;
  for (Task** link = &tasks_; *link != nullptr; link = &(*link)->next_task_) {
    if (*link == &task) {
      *link = task.next_task_;
      return;
    }
  }
}

void Kernel::start(Task& task) noexcept {
  if (task.state_ != TaskState::created) fail(Misuse::started_twice, "Task::start", task.name());
  const InterruptMask mask(port_);
  if (!is_here()) fail_at(Misuse::outside_task, "Task::start", task.name());
  ++alive_;
  make_ready(task);
  reschedule();
}

void Kernel::task_begins() noexcept { port_.unmask(); }

void Kernel::task_ends() noexcept {
  port_.mask();
  Task& self = checked("return from the task");
  if (self.held_ != nullptr) fail_at(Misuse::ends_holding, "return from the task", self.held_->name());
  self.state_ = TaskState::ended;
  --alive_;
  self.joiners_.wake_all();
  // Waits for the next task, if need be, on the stack that is to be left: nobody else can want it yet.
  Task* const next = pick();
  running_ = next;
  if (next == nullptr) self.context_.finish(main_);
  ++switches_;
  next->state_ = TaskState::running;
  self.context_.finish(next->context_);
}

// -- What tasks call

Result Kernel::sleep_until(Time time) noexcept {
  const InterruptMask mask(port_);
  Task& self = checked("Kernel::sleep_until");
  if (time <= port_.now()) {
    count_turn();
    reschedule();
    return stopping() ? Result::stopped : Result::ok;
  }
  const Result result =
      block(self, {.what = time == forever ? "the end of time" : "a time", .deadline = time});
  return result == Result::timed_out ? Result::ok : result;
}

Result Kernel::sleep_for(Duration duration) noexcept {
  const Time start = port_.now();
  return sleep_until(duration < forever - start ? start + duration : forever);
}

void Kernel::yield() noexcept {
  const InterruptMask mask(port_);
  Task& self = checked("Kernel::yield");
  check_scheduler_lock(self, "Kernel::yield", "");
  self.state_ = TaskState::ready;
  ready_.push_back(self);
  dispatch();
}

Result Kernel::consume(Duration duration) noexcept {
  const InterruptMask mask(port_);
  Task& self = checked("Kernel::consume");
  if (duration < 0) fail(Misuse::negative_duration, "Kernel::consume", self.name());
  while (duration > 0 && !stopping()) {
    const Time begin = port_.now();
    Time end = duration < forever - begin ? begin + duration : forever;
    if (const Timeout* const first = timeouts_.first()) end = std::min(end, std::max(first->when, begin));
    if (self.quantum_ > 0 && self.quantum_left_ < end - begin) end = begin + self.quantum_left_;
    // relaxed: see `serve`, which is next.
    if (raised_.load(std::memory_order_relaxed) != 0) end = begin;
    port_.unmask();
    port_.work_until(end);
    port_.mask();
    const Duration computed = port_.now() - begin;
    duration -= std::min(duration, computed);
    if (self.quantum_ > 0) count_quantum(self, computed);
    reschedule();
  }
  return stopping() ? Result::stopped : Result::ok;
}

/// At the end of its quantum a task goes behind its equals, if there are any.
inline void Kernel::count_quantum(Task& self, Duration computed) noexcept {
  self.quantum_left_ -= computed;
  if (self.quantum_left_ > 0) return;
  self.quantum_left_ = self.quantum_;
  serve();
  if (self.suspended_ || self.scheduler_locks_ != 0 || ready_.top() < static_cast<int>(self.priority()))
    return;
  self.state_ = TaskState::ready;
  ready_.push_back(self);
  dispatch();
}

Result Kernel::suspend() noexcept {
  const InterruptMask mask(port_);
  return suspend_self();
}

Result Kernel::suspend_self() noexcept {
  Task& self = checked("Kernel::suspend");
  check_scheduler_lock(self, "Kernel::suspend", "");
  if (refuses_wait(self, "resume")) return Result::stopped;
  self.suspended_ = true;
  self.state_ = TaskState::suspended;
  dispatch();
  return stopping() ? Result::stopped : Result::ok;
}

bool Kernel::suspend(Task& task) noexcept {
  const InterruptMask mask(port_);
  if (!is_here()) fail_at(Misuse::outside_task, "Kernel::suspend", task.name());
  const bool alive = task.state_ != TaskState::created && task.state_ != TaskState::ended;
  if (!alive || task.suspended_ || stopping()) return false;
  if (&task == running_ && !in_handler_) return suspend_self() == Result::ok;
  task.suspended_ = true;
  if (task.state_ == TaskState::ready) {
    ready_.remove(task);
    task.state_ = TaskState::suspended;
  }
  return true;
}

bool Kernel::resume(Task& task) noexcept {
  const InterruptMask mask(port_);
  if (!is_here()) fail_at(Misuse::outside_task, "Kernel::resume", task.name());
  if (!std::exchange(task.suspended_, false)) return false;
  if (task.state_ == TaskState::suspended) make_ready(task);
  reschedule();
  return true;
}

// -- The seam

/// A caller that may give the processor away, with the one mask of the call itself.
Task& Kernel::checked(const char* call, const char* object) noexcept {
  Task& self = caller(call, object);
  if (port_.mask_depth() != 1) fail_at(Misuse::blocks_masked, call, object);
  return self;
}

void Kernel::check_scheduler_lock(const Task& self, const char* call, const char* object) const noexcept {
  if (self.scheduler_locks_ != 0) fail_at(Misuse::waits_in_scheduler_lock, call, object);
}

/// After a stop no wait begins; a task that keeps trying is a wrong one.
bool Kernel::refuses_wait(const Task& self, const char* what) noexcept {
  if (!stopping()) return false;
  if (++refused_waits_ > too_many) fail(Misuse::waits_after_stop, what, self.name());
  return true;
}

Result Kernel::block(Task& self, const Wait& wait) noexcept {
  check_scheduler_lock(self, wait.what, wait.queue == nullptr ? "" : wait.queue->name());
  if (wait.stoppable && refuses_wait(self, wait.what)) return Result::stopped;
  self.state_ = TaskState::waiting;
  self.waits_for_ = wait.what;
  self.stoppable_ = wait.stoppable;
  if (wait.deadline != forever) {
    self.timeout_.when = wait.deadline;
    self.timeout_.priority = self.priority();
    timeouts_.insert(self.timeout_);
  }
  if (wait.queue != nullptr) {
    self.request_ = wait.request;
    enter(self, *wait.queue);
  }
  dispatch();
  return self.result_;
}

void Kernel::enter(Task& task, WaitQueue& queue) noexcept {
  queue.insert(task);
  if (queue.inherits_ && queue.holder_ != nullptr) update_priority(*queue.holder_);
}

void Kernel::wake(Task& task, Result result) noexcept {
  timeouts_.remove(task.timeout_);
  task.result_ = result;
  WaitQueue* const queue = task.queue_;
  if (queue == nullptr) return make_ready(task);
  queue->unlink(task);
  make_ready(task);
  if (queue->inherits_ && queue->holder_ != nullptr) update_priority(*queue->holder_);
  const bool abandoned = result == Result::timed_out || result == Result::stopped;
  if (abandoned && queue->abandoned_ != nullptr) queue->abandoned_(*queue);
}

void Kernel::move(Task& task, WaitQueue& queue) noexcept {
  WaitQueue& old = *task.queue_;
  old.unlink(task);
  task.waits_for_ = queue.kind();
  enter(task, queue);
  if (old.inherits_ && old.holder_ != nullptr) update_priority(*old.holder_);
}

void Kernel::wait_in_any_case(Task& task) noexcept {
  timeouts_.remove(task.timeout_);
  task.stoppable_ = false;
  task.request_ = nullptr;
}

void Kernel::make_ready(Task& task) noexcept {
  task.quantum_left_ = task.quantum_;
  task.state_ = task.suspended_ ? TaskState::suspended : TaskState::ready;
  if (!task.suspended_) ready_.push_back(task);
}

void Kernel::reschedule() noexcept {
  if (running_ == nullptr || in_handler_ || port_.mask_depth() != 1) return;
  Task& self = *running_;
  // What is more urgent already needs no look at what is due: the switch looks itself.
  if (ready_.top() <= static_cast<int>(self.priority())) serve();
  if (self.suspended_) {  // by a handler
    self.state_ = TaskState::suspended;
    return dispatch();
  }
  if (ready_.top() <= static_cast<int>(self.priority())) return;
  self.state_ = TaskState::ready;
  ready_.push_front(self);  // pre-empted: it keeps its turn
  dispatch();
}

// -- Scheduling

/// Waits until a task is ready. Null when no task is alive.
Task* Kernel::wait_for_ready() noexcept {
  while (alive_ != 0) {
    const Timeout* const first = timeouts_.first();
    if (first == nullptr && port_.is_virtual()) report_waits_forever();
    port_.wait_until(first == nullptr ? forever : first->when);
    serve();
    if (ReadyNode* const node = ready_.pop()) return static_cast<Task*>(node);
  }
  return nullptr;
}

void Kernel::expire_timeouts() noexcept {
  const Time now = port_.now();
  for (Timeout* first = timeouts_.first(); first != nullptr && first->when <= now;
       first = timeouts_.first()) {
    timeouts_.remove(*first);
    first->expire(*first);
  }
}

void Kernel::release_waiting() noexcept {
  stop_served_ = true;
  for (Task* task = tasks_; task != nullptr; task = task->next_task_) {
    task->suspended_ = false;
    if (task->state_ == TaskState::suspended) make_ready(*task);
    if (task->state_ == TaskState::waiting && task->stoppable_) wake(*task, Result::stopped);
  }
}

/// In virtual time a million turns at one instant are a loop that would never end.
void Kernel::count_turn() noexcept {
  if (++turns_ < too_many) return;
  const Time now = port_.now();
  if (port_.is_virtual() && now == instant_) {
    fail(Misuse::time_stands_still, "Kernel", running_ == nullptr ? "" : running_->name());
  }
  instant_ = now;
  turns_ = 0;
}

}  // namespace tactus::kernel
