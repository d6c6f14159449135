#include "app/session/kernel_thread.hpp"

#include <utility>

#include "kernel/port/virtual/virtual_port.hpp"

namespace tactus {

KernelThread::KernelThread() : port_(std::make_unique<kernel::VirtualPort>()), kernel_(*port_) {}

KernelThread::KernelThread(const kernel::LinuxOptions& options)
    : port_(std::make_unique<kernel::LinuxPort>(options)),
      linux_port_(static_cast<kernel::LinuxPort*>(port_.get())),
      kernel_(*port_) {}

KernelThread::~KernelThread() { join(); }

std::vector<kernel::Privilege> KernelThread::enter() {
  std::promise<std::vector<kernel::Privilege>> entered;
  auto report = entered.get_future();
  thread_ = std::thread(&KernelThread::run, this, std::move(entered));
  return report.get();
}

void KernelThread::start(std::function<void()> at_end) {
  at_end_ = std::move(at_end);
  started_ = true;
  go_.set_value(true);
}

void KernelThread::join() {
  if (!thread_.joinable()) return;
  if (!std::exchange(started_, true)) go_.set_value(false);
  thread_.join();
}

void KernelThread::run(std::promise<std::vector<kernel::Privilege>> entered) {
  port_->enter();
  entered.set_value(linux_port_ != nullptr ? linux_port_->report() : std::vector<kernel::Privilege>());
  if (!go_.get_future().get()) {
    port_->leave();
    return;
  }
  kernel_.run();
  if (at_end_) at_end_();
}

}  // namespace tactus
