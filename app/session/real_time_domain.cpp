#include "app/session/real_time_domain.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>

#include "kernel/port/virtual/virtual_port.hpp"

namespace tactus {
namespace {

constexpr kernel::Priority engine_priority = 200;
constexpr std::size_t engine_stack = std::size_t{1} << 20U;  // plug-ins compute on it, too
constexpr long long spin_ns = 50'000;

std::unique_ptr<kernel::Port> make_port(const HeartbeatSpecification& heartbeat) {
  if (heartbeat.virtual_time) return std::make_unique<kernel::VirtualPort>();
  return std::make_unique<kernel::LinuxPort>(kernel::LinuxOptions{
      .core = heartbeat.core, .priority = heartbeat.priority, .spin = heartbeat.spin ? spin_ns : 0});
}

}  // namespace

RealTimeDomain::RealTimeDomain(const HeartbeatSpecification& heartbeat, const EngineOptions& options)
    : port_(make_port(heartbeat)),
      linux_port_(dynamic_cast<kernel::LinuxPort*>(port_.get())),
      kernel_(*port_),
      engine_(kernel_, options),
      stack_(engine_stack),
      task_(kernel_, "engine", engine_priority, kernel::Entry::member<&Engine::run>(engine_), stack_),
      end_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (end_.number() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

RealTimeDomain::~RealTimeDomain() {
  if (!thread_.joinable()) return;
  stop();
  if (!started_) go_.set_value(false);
  join();
}

std::vector<kernel::Privilege> RealTimeDomain::enter() {
  std::promise<std::vector<kernel::Privilege>> entered;
  auto report = entered.get_future();
  thread_ = std::thread(&RealTimeDomain::run, this, std::move(entered));
  return report.get();
}

void RealTimeDomain::start() {
  started_ = true;
  go_.set_value(true);
}

void RealTimeDomain::join() {
  if (thread_.joinable()) thread_.join();
}

void RealTimeDomain::run(std::promise<std::vector<kernel::Privilege>> entered) {
  port_->enter();
  entered.set_value(linux_port_ != nullptr ? linux_port_->report() : std::vector<kernel::Privilege>());
  if (!go_.get_future().get()) {
    port_->leave();
    return;
  }
  task_.start();
  kernel_.run();
  // release: pairs with `ended`.
  ended_.store(true, std::memory_order_release);
  eventfd_write(end_.number(), 1);
}

}  // namespace tactus
