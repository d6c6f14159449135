#include "app/session/real_time_domain.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace tactus {
namespace {

constexpr int engine_priority = 200;
constexpr std::size_t task_stack = std::size_t{1} << 20U;  // plug-ins compute on it, too
constexpr long long spin_ns = 50'000;

kernel::LinuxOptions options_of(const HeartbeatSpecification& heartbeat) {
  return {.core = heartbeat.core,
          .priority = heartbeat.priority,
          .spin = heartbeat.spin ? spin_ns : 0,
          .give_up_rights = true};
}

/// Rate-monotonic: the shorter the time between two turns the more urgent; the beat is above all.
kernel::Priority priority_of(const ChainSpecification& chain, const std::vector<ChainSpecification>& chains) {
  const auto more_urgent = [&](const ChainSpecification& other) {
    return other.schedule.every < chain.schedule.every ||
           (other.schedule.every == chain.schedule.every && &other < &chain);
  };
  const auto rank = std::ranges::count_if(chains, more_urgent);
  return static_cast<kernel::Priority>(std::max(0, engine_priority - 1 - static_cast<int>(rank)));
}

}  // namespace

RealTimeDomain::ChainPart::ChainPart(kernel::Kernel& kernel, const std::string& name,
                                     kernel::Priority priority)
    : work(kernel),
      stack(task_stack),
      task(kernel, name, priority, kernel::Entry::member<&ChainTask::run>(work), stack) {}

RealTimeDomain::RealTimeDomain(const HeartbeatSpecification& heartbeat,
                               const std::vector<ChainSpecification>& chains, const EngineOptions& options)
    : beat_(heartbeat.virtual_time ? KernelThread() : KernelThread(options_of(heartbeat))),
      engine_(beat_.kernel(), options),
      stack_(task_stack),
      task_(beat_.kernel(), "engine", engine_priority, kernel::Entry::member<&Engine::run>(engine_), stack_),
      end_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (end_.number() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  add_chains(chains, heartbeat);
}

RealTimeDomain::~RealTimeDomain() {
  stop();
  join();
}

void RealTimeDomain::add_chains(const std::vector<ChainSpecification>& chains,
                                const HeartbeatSpecification& heartbeat) {
  for (const ChainSpecification& chain : chains) {
    ChainPart& part =
        chains_.emplace_back(kernel_of(chain, heartbeat), chain.name, priority_of(chain, chains));
    engine_.add_chain(part.work);
  }
}

/// The beat's own, or that of another core. In virtual time there is but one.
kernel::Kernel& RealTimeDomain::kernel_of(const ChainSpecification& chain,
                                          const HeartbeatSpecification& heartbeat) {
  if (heartbeat.virtual_time || !chain.core || chain.core == heartbeat.core) return beat_.kernel();
  kernel::LinuxOptions options = options_of(heartbeat);
  options.core = chain.core;
  options.priority = std::max(1, heartbeat.priority - 1);  // in case the beat strays onto that core
  options.spin = 0;
  return others_.try_emplace(*chain.core, options).first->second.kernel();
}

std::vector<kernel::Privilege> RealTimeDomain::enter() {
  std::vector<kernel::Privilege> all = beat_.enter();
  for (auto& [core, thread] : others_) {
    for (kernel::Privilege& privilege : thread.enter()) {
      if (std::ranges::count(all, privilege.asked, &kernel::Privilege::asked) == 0) all.push_back(privilege);
    }
  }
  return all;
}

void RealTimeDomain::start() {
  for (ChainPart& chain : chains_) chain.task.start();
  task_.start();
  for (auto& [core, thread] : others_) thread.start();
  beat_.start([this] { note_end(); });
}

void RealTimeDomain::join() {
  beat_.join();  // it ends the chains
  for (auto& [core, thread] : others_) thread.join();
  if (ended()) engine_.conclude();
}

void RealTimeDomain::note_end() noexcept {
  // release: pairs with `ended`.
  ended_.store(true, std::memory_order_release);
  eventfd_write(end_.number(), 1);
}

}  // namespace tactus
