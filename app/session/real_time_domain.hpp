#pragma once
// The kernels, the engine and the chains on them, and the threads they run on.

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "app/session/kernel_thread.hpp"
#include "engine/chain_task.hpp"
#include "engine/engine.hpp"
#include "interpreter/specification.hpp"
#include "kernel/stack.hpp"
#include "kernel/task.hpp"
#include "reporter/recording_file.hpp"

namespace tactus {

/// One real-time domain, in real or in virtual time. Made, started and ended by one ordinary thread.
class RealTimeDomain {
 public:
  /// Takes the memory. Throws std::system_error if there is not enough.
  RealTimeDomain(const HeartbeatSpecification& heartbeat, const std::vector<ChainSpecification>& chains,
                 const EngineOptions& options);
  /// Stops it if it runs.
  ~RealTimeDomain();
  RealTimeDomain(const RealTimeDomain&) = delete;
  RealTimeDomain& operator=(const RealTimeDomain&) = delete;

  Engine& engine() { return engine_; }
  const Engine& engine() const { return engine_; }

  /// Makes the threads and lets them take their privileges: what they asked for and what they got. Once. In
  /// virtual time there is nothing to ask for.
  std::vector<kernel::Privilege> enter();
  /// Lets the engine run, after `enter`.
  void start();
  /// Ends the run at once, whatever the engine waits for; its outputs are safe when it has ended. Any thread.
  void stop() noexcept { beat_.kernel().stop(); }
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
  /// A chain's task, on whatever kernel.
  struct ChainPart {
    ChainPart(kernel::Kernel& kernel, const std::string& name, kernel::Priority priority);
    ChainTask work;
    kernel::Stack stack;
    kernel::Task task;
  };
  kernel::Kernel& kernel_of(const ChainSpecification& chain, const HeartbeatSpecification& heartbeat);
  void add_chains(const std::vector<ChainSpecification>& chains, const HeartbeatSpecification& heartbeat);
  void note_end() noexcept;

  KernelThread beat_;
  std::map<int, KernelThread> others_;  // by core
  std::list<ChainPart> chains_;
  Engine engine_;
  kernel::Stack stack_;
  kernel::Task task_;
  FileDescriptor end_;
  std::atomic<bool> ended_{false};
};

}  // namespace tactus
