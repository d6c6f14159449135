#include "kernel/kernel.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "kernel/doorbell.hpp"
#include "kernel/port/context_switch.hpp"

namespace tactus::kernel {
namespace {

/// More than any right program needs, and reached in a fraction of a second by a wrong one.
constexpr std::uint64_t too_many = 1'000'000;

/// The kernel that runs on this thread.
constinit thread_local const Kernel* kernel_of_thread = nullptr;

}  // namespace

// -- The path of every switch, inlined: see port/context_switch.hpp

/// Makes ready what the clock, a ring or a stop has made due.
inline void Kernel::serve() noexcept {
  if (stopping() && !stop_served_) release_waiting();
  // relaxed: only whether to look; a ring that is not seen yet is followed by a wake, and by another look.
  if (rung_.load(std::memory_order_relaxed) != nullptr) answer_doorbells();
  if (!timeouts_.empty()) expire_timeouts();  // saves the look at the clock
}

/// The task that is to run next; waits until there is one. Null when no task is alive.
inline Task* Kernel::pick() noexcept {
  serve();
  if (ReadyNode* const node = ready_.pop()) return static_cast<Task*>(node);
  return wait_for_ready();
}

/// Runs the most urgent task. The running one has gone where it belongs: ready, waiting.
inline void Kernel::dispatch() noexcept {
  count_switch();
  Task& self = *running_;
  Task* const next = pick();  // not null: self is alive
  next->state_ = TaskState::running;
  if (next == &self) return;
  running_ = next;
  self.context_.switch_to(next->context_);
}

// -- Life of the kernel and of its tasks

void Kernel::run() {
  if (phase_ != Phase::created) fail(Misuse::run_twice, "Kernel::run", "");
  if (kernel_of_thread != nullptr)
    fail(Misuse::wrong_thread, "Kernel::run", "", "a kernel runs on it already");
  port_.enter();
  kernel_of_thread = this;
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
  kernel_of_thread = nullptr;
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
  if (task.state_ == TaskState::ready) {
    ready_.remove(task);
    --alive_;
  }
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
  ++alive_;
  task.state_ = TaskState::ready;
  ready_.push_back(task);
  if (phase_ == Phase::running) {
    checked("Task::start");
    reschedule();
  }
}

void Kernel::task_begins() noexcept { port_.unmask(); }

void Kernel::task_ends() noexcept {
  port_.mask();
  Task& self = checked("return from the task");
  self.state_ = TaskState::ended;
  --alive_;
  // Waits for the next task, if need be, on the stack that is to be left: nobody else can want it yet.
  Task* const next = pick();
  running_ = next;
  if (next == nullptr) self.context_.finish(main_);
  next->state_ = TaskState::running;
  self.context_.finish(next->context_);
}

// -- What tasks call

Result Kernel::sleep_until(Time time) noexcept {
  const InterruptMask mask(port_);
  Task& self = checked("Kernel::sleep_until");
  if (time <= port_.now()) {
    count_switch();
    reschedule();
    return stopping() ? Result::stopped : Result::ok;
  }
  const Result result = block(self, time == forever ? "the end of time" : "a time", time);
  return result == Result::timed_out ? Result::ok : result;
}

Result Kernel::sleep_for(Duration duration) noexcept {
  const Time start = port_.now();
  return sleep_until(duration < forever - start ? start + duration : forever);
}

void Kernel::yield() noexcept {
  const InterruptMask mask(port_);
  Task& self = checked("Kernel::yield");
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
    port_.unmask();
    port_.work_until(end);
    port_.mask();
    duration -= std::min(duration, port_.now() - begin);
    reschedule();
  }
  return stopping() ? Result::stopped : Result::ok;
}

Result Kernel::suspend() noexcept {
  const InterruptMask mask(port_);
  Task& self = checked("Kernel::suspend");
  self.suspended_ = true;
  const Result result = block(self, "resume", forever);
  self.suspended_ = false;
  return result;
}

bool Kernel::resume(Task& task) noexcept {
  const InterruptMask mask(port_);
  checked("Kernel::resume");
  if (task.state_ != TaskState::waiting || !task.suspended_) return false;
  wake(task, Result::ok);
  reschedule();
  return true;
}

// -- The seam

Task& Kernel::caller(const char* call) noexcept {
  if (running_ == nullptr || kernel_of_thread != this) fail(Misuse::outside_task, call, "");
  return *running_;
}

/// A caller that is about to give the processor away, with the one mask of the call itself.
Task& Kernel::checked(const char* call) noexcept {
  Task& self = caller(call);
  if (port_.mask_depth() != 1) fail(Misuse::blocks_masked, call, self.name());
  return self;
}

Result Kernel::block(Task& self, const char* what, Time deadline) noexcept {
  if (stopping()) {
    if (++refused_waits_ > too_many) fail(Misuse::waits_after_stop, what, self.name());
    return Result::stopped;
  }
  self.state_ = TaskState::waiting;
  self.waits_for_ = what;
  if (deadline != forever) {
    self.timeout_.when = deadline;
    self.timeout_.priority = self.priority();
    timeouts_.insert(self.timeout_);
  }
  dispatch();
  return self.result_;
}

void Kernel::wake(Task& task, Result result) noexcept {
  timeouts_.remove(task.timeout_);
  task.result_ = result;
  task.state_ = TaskState::ready;
  ready_.push_back(task);
}

void Kernel::reschedule() noexcept {
  serve();
  if (ready_.top() <= static_cast<int>(running_->priority())) return;
  running_->state_ = TaskState::ready;
  ready_.push_front(*running_);  // pre-empted: it keeps its turn
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

void Kernel::list_rung(Doorbell& bell) noexcept {
  Doorbell* first = rung_.load(std::memory_order_relaxed);  // relaxed: the exchange below checks it
  do {
    bell.next_rung_ = first;
    // release: the kernel that takes the list sees the link. Another round only if another bell came between.
  } while (!rung_.compare_exchange_weak(first, &bell, std::memory_order_release, std::memory_order_relaxed));
  port_.wake();
}

void Kernel::answer_doorbells() noexcept {
  // acquire: pairs with the release that made each bell the first of the list.
  Doorbell* bell = rung_.exchange(nullptr, std::memory_order_acquire);
  Doorbell* in_order = nullptr;  // the list is the last first; those who wait get up in the order of ringing
  while (bell != nullptr) {
    Doorbell* const next = bell->next_rung_;
    bell->next_rung_ = in_order;
    in_order = bell;
    bell = next;
  }
  while (in_order != nullptr) {
    Doorbell* const next = in_order->next_rung_;  // before the answer, after which it may ring again
    in_order->answer();
    in_order = next;
  }
}

void Kernel::release_waiting() noexcept {
  stop_served_ = true;
  for (Task* task = tasks_; task != nullptr; task = task->next_task_) {
    if (task->state_ == TaskState::waiting) wake(*task, Result::stopped);
  }
}

/// In virtual time a million switches at one instant are a loop that would never end.
void Kernel::count_switch() noexcept {
  if (++switches_ < too_many) return;
  const Time now = port_.now();
  if (port_.is_virtual() && now == instant_) {
    fail(Misuse::time_stands_still, "Kernel", running_->name());
  }
  instant_ = now;
  switches_ = 0;
}

void Kernel::report_waits_forever() noexcept {
  std::array<char, 1024> text{};
  std::size_t length = 0;
  for (const Task* task = tasks_; task != nullptr; task = task->next_task_) {
    if (task->state_ != TaskState::waiting) continue;
    const int added = std::snprintf(text.data() + length, text.size() - length, "%s'%s' waits for %s",
                                    length == 0 ? "" : ", ", task->name(), task->waits_for_);
    length = std::min(length + static_cast<std::size_t>(std::max(added, 0)), text.size() - 1);
  }
  fail(Misuse::waits_forever, "Kernel", "", text.data());
}

}  // namespace tactus::kernel
