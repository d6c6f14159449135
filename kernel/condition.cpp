#include "kernel/condition.hpp"

#include <utility>

#include "kernel/call.hpp"

namespace tactus::kernel {

Result Condition::wait(Mutex& mutex, WaitLimit limit) noexcept {
  const Call call(waiting_, "Condition::wait");
  Task& self = call.task();
  Resource& resource = mutex.resource_;
  if (resource.holder() != &self) call.misuse(Misuse::not_the_holder);
  if (limit.is_at_once()) return Result::timed_out;
  const unsigned again = std::exchange(mutex.again_, 0);
  resource.hand_over();
  const Result result = call.wait(waiting_, limit, &resource);
  // Whoever signals passes the task on to the mutex, and forgets its request.
  const bool passed_on = result == Result::deleted && WaitQueue::request_of(self) == nullptr;
  if (passed_on) return Result::deleted;
  if (resource.holder() != &self && resource.hold_again(call) == Result::deleted) return Result::deleted;
  mutex.again_ = again;
  return result;
}

void Condition::signal() noexcept {
  const Call call(waiting_, "Condition::signal");
  if (Task* const task = waiting_.first()) {
    static_cast<Resource*>(WaitQueue::request_of(*task))->transfer(call, *task);
    call.reschedule();
  }
}

Result Condition::signal_and_wait(Mutex& mutex) noexcept {
  const Call call(waiting_, "Condition::signal_and_wait");
  Resource& resource = mutex.resource_;
  if (resource.holder() != &call.task()) call.misuse(Misuse::not_the_holder);
  Task* const task = waiting_.first();
  if (task == nullptr) return Result::ok;
  if (WaitQueue::request_of(*task) != &resource) call.misuse(Misuse::not_the_holder);
  const unsigned again = std::exchange(mutex.again_, 0);
  resource.give_to(*task);
  const Result result = resource.hold_again(call);
  if (result == Result::ok) mutex.again_ = again;
  return result;
}

void Condition::broadcast() noexcept {
  const Call call(waiting_, "Condition::broadcast");
  while (Task* const task = waiting_.first()) {
    static_cast<Resource*>(WaitQueue::request_of(*task))->transfer(call, *task);
  }
  call.reschedule();
}

}  // namespace tactus::kernel
