#pragma once
// The kernel, the engine on it, and the thread they run on.

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "engine/engine.hpp"
#include "interpreter/specification.hpp"
#include "kernel/kernel.hpp"
#include "kernel/port/linux/linux_port.hpp"
#include "kernel/stack.hpp"
#include "kernel/task.hpp"
#include "reporter/recording_file.hpp"

namespace tactus {

/// One real-time domain, in real or in virtual time. Made, started and ended by one ordinary thread.
class RealTimeDomain {
 public:
  /// Takes the memory. Throws std::system_error if there is not enough.
  RealTimeDomain(const HeartbeatSpecification& heartbeat, const EngineOptions& options);
  /// Stops it if it runs.
  ~RealTimeDomain();
  RealTimeDomain(const RealTimeDomain&) = delete;
  RealTimeDomain& operator=(const RealTimeDomain&) = delete;

  Engine& engine() { return engine_; }
  const Engine& engine() const { return engine_; }

  /// Makes the thread and lets it take its privileges: what it asked for and what it got. Once. In virtual
  /// time there is nothing to ask for.
  std::vector<kernel::Privilege> enter();
  /// Lets the engine run, after `enter`.
  void start();
  /// Ends the run at once, whatever the engine waits for; its outputs are safe when it has ended. Any thread.
  void stop() noexcept { kernel_.stop(); }
  /// Waits for the end of a run. By itself it ends nothing.
  void join();

  /// True once the engine has run; the engine may then be asked for its outcome.
  bool ended() const {
    // acquire: who sees the end sees all that the run wrote.
    return ended_.load(std::memory_order_acquire);
  }
  /// Readable once the engine has run.
  int end_descriptor() const { return end_.number(); }

 private:
  void run(std::promise<std::vector<kernel::Privilege>> entered);

  std::unique_ptr<kernel::Port> port_;
  kernel::LinuxPort* linux_port_;  // the same, in real time
  kernel::Kernel kernel_;
  Engine engine_;
  kernel::Stack stack_;
  kernel::Task task_;
  FileDescriptor end_;
  std::atomic<bool> ended_{false};
  std::promise<bool> go_;  // false: it is not to run after all
  std::thread thread_;
  bool started_ = false;
};

}  // namespace tactus
