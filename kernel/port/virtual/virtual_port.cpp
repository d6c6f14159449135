#include "kernel/port/virtual/virtual_port.hpp"

#include <algorithm>

namespace tactus::kernel {

void VirtualPort::wait_until(Time time) noexcept { now_ = std::max(now_, time); }

void VirtualPort::work_until(Time time) noexcept { now_ = std::max(now_, time); }

}  // namespace tactus::kernel
