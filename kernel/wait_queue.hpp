#pragma once

#include <cstddef>
#include <cstdint>

namespace tactus::kernel {

class Kernel;
class Task;

/// In which order those who wait at an object are served. Equals go in the order in which they came.
enum class Order : std::uint8_t {
  priority,  ///< the most urgent first; a change of priority moves a task that waits
  fifo,      ///< who came first, first
};

/// The tasks that wait for one thing: the kernel's one way of blocking, on which its objects are built. Its
/// functions are the seam for those objects and are called within a `Call` (`kernel/call.hpp`).
///
/// A wait ends in exactly one way: somebody ends it, its limit comes, the kernel stops, or the queue is
/// destroyed (Result::deleted; whoever sees that must not touch the object again). To enter costs, in order
/// of priority, a step for each less urgent task in this queue; all else takes the same time always.
///
/// Some queues have a holder: the task on whose progress the wait depends, such as the owner of a mutex. The
/// holders are the edges of the wait graph, along which deadlock is found and priority inherited.
class WaitQueue {
 public:
  /// `kind` says what the queue belongs to ("semaphore"), `name` which of them it is; both must outlive it.
  WaitQueue(Kernel& kernel, const char* kind, const char* name, Order order) noexcept
      : kernel_(kernel), kind_(kind), name_(name), order_(order) {}

  /// Ends all waits with Result::deleted. By a task or a handler of the kernel, or when nobody waits.
  ~WaitQueue();
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;

  [[nodiscard]] Kernel& kernel() const noexcept { return kernel_; }
  [[nodiscard]] const char* kind() const noexcept { return kind_; }
  [[nodiscard]] const char* name() const noexcept { return name_; }
  [[nodiscard]] bool empty() const noexcept { return head_ == nullptr; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Task* holder() const noexcept { return holder_; }

  /// Who is to be served first; null for nobody.
  [[nodiscard]] Task* first() const noexcept { return head_; }
  /// Who comes after `task`, which waits here; null after the last.
  [[nodiscard]] Task* after(const Task& task) const noexcept;

  /// What a waiting task has asked for: the last argument of its `Call::wait`.
  [[nodiscard]] static void* request_of(const Task& task) noexcept;

  /// Ends the wait of a task that waits here.
  void wake(Task& task) noexcept;

  /// Ends the wait of the first; false if nobody waits.
  bool wake_first() noexcept;

  /// Ends all waits.
  void wake_all() noexcept;

 protected:
  /// What to do when a task has left because its limit has come or the kernel stops.
  using Abandoned = void (*)(WaitQueue&);

  void on_abandoned(Abandoned abandoned) noexcept { abandoned_ = abandoned; }

  Task* holder_ = nullptr;
  bool inherits_ = false;  ///< the holder runs at least at the priority of each who waits

 private:
  friend class Kernel;

  void insert(Task& task) noexcept;
  void unlink(Task& task) noexcept;

  Kernel& kernel_;
  const char* kind_;
  const char* name_;
  Order order_;
  std::size_t size_ = 0;
  Task* head_ = nullptr;  ///< of a ring
  Abandoned abandoned_ = nullptr;
};

}  // namespace tactus::kernel
