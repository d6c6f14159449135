#pragma once
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/port/linux/linux_port.hpp"

namespace tactus {

/// A kernel on a thread of its own. Made, started and ended by one ordinary thread.
class KernelThread {
 public:
  /// In virtual time.
  KernelThread();
  /// In real time.
  explicit KernelThread(const kernel::LinuxOptions& options);
  /// A kernel that runs must have been brought to its end.
  ~KernelThread();
  KernelThread(const KernelThread&) = delete;
  KernelThread& operator=(const KernelThread&) = delete;

  kernel::Kernel& kernel() { return kernel_; }

  /// Makes the thread and lets it take its privileges: what it asked for and what it got. Once.
  std::vector<kernel::Privilege> enter();
  /// Runs the kernel's tasks, then `at_end` on the same thread. After `enter`.
  void start(std::function<void()> at_end = {});
  /// Waits for the end; the thread of a kernel that was not started ends at once.
  void join();

 private:
  void run(std::promise<std::vector<kernel::Privilege>> entered);

  std::unique_ptr<kernel::Port> port_;
  kernel::LinuxPort* linux_port_ = nullptr;  // the same, in real time
  kernel::Kernel kernel_;
  std::function<void()> at_end_;
  std::promise<bool> go_;  // false: it is not to run after all
  bool started_ = false;
  std::thread thread_;
};

}  // namespace tactus
