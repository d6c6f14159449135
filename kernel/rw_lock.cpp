#include "kernel/rw_lock.hpp"

#include "kernel/call.hpp"

namespace tactus::kernel {

RwLock::RwLock(Kernel& kernel, const char* name, Preference preference) noexcept
    : WaitQueue(kernel, "read/write lock", name,
                preference == Preference::arrival ? Order::fifo : Order::priority),
      preference_(preference) {
  // A writer that gives up may have been all that kept readers from going on.
  on_abandoned([](WaitQueue& queue) { static_cast<RwLock&>(queue).serve(); });
}

Result RwLock::lock_read(WaitLimit limit) noexcept { return lock("RwLock::lock_read", Role::reader, limit); }

Result RwLock::lock_write(WaitLimit limit) noexcept {
  return lock("RwLock::lock_write", Role::writer, limit);
}

Result RwLock::lock(const char* function, Role role, WaitLimit limit) noexcept {
  const Call call(*this, function);
  Task& self = call.task();
  if (admits(role)) {
    take(role, self);
    return Result::ok;
  }
  if (!limit.is_at_once() && kernel().closes_circle(self, *this)) return Result::deadlock;
  return call.wait(*this, limit, &role);
}

void RwLock::unlock_read() noexcept {
  const Call call(*this, "RwLock::unlock_read");
  if (readers_ == 0) call.misuse(Misuse::not_the_holder);
  --readers_;
  serve();
  call.reschedule();
}

void RwLock::unlock_write() noexcept {
  const Call call(*this, "RwLock::unlock_write");
  if (holder_ != &call.task()) call.misuse(Misuse::not_the_holder);
  holder_ = nullptr;
  serve();
  call.reschedule();
}

/// Whether a newcomer need not wait.
bool RwLock::admits(Role role) const noexcept {
  if (holder_ != nullptr) return false;
  if (role == Role::writer) return readers_ == 0;  // a free lock has nobody waiting
  switch (preference_) {
    case Preference::arrival:
      return empty();
    case Preference::readers:
      return true;
    case Preference::writers:
      return first_of(Role::writer) == nullptr;
  }
  return false;
}

void RwLock::take(Role role, Task& task) noexcept {
  if (role == Role::reader) {
    ++readers_;
  } else {
    holder_ = &task;
  }
}

Task* RwLock::first_of(Role role) const noexcept {
  Task* task = first();
  while (task != nullptr && *static_cast<Role*>(request_of(*task)) != role) task = after(*task);
  return task;
}

/// The one whose turn it is, whether it can have the lock or not.
Task* RwLock::next_in_turn() const noexcept {
  if (preference_ == Preference::arrival) return first();
  const bool writers_first = preference_ == Preference::writers;
  Task* const preferred = first_of(writers_first ? Role::writer : Role::reader);
  return preferred != nullptr ? preferred : first();
}

/// Lets in all who can have it now.
void RwLock::serve() noexcept {
  while (holder_ == nullptr) {
    Task* const task = next_in_turn();
    if (task == nullptr) return;
    const Role role = *static_cast<Role*>(request_of(*task));
    if (role == Role::writer && readers_ > 0) return;
    take(role, *task);
    wake(*task);
  }
}

}  // namespace tactus::kernel
