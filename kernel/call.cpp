#include "kernel/call.hpp"

namespace tactus::kernel {

Result Call::wait(WaitQueue& queue, WaitLimit limit, void* request) const noexcept {
  if (!limit.is_at_once()) {
    Task& self = kernel_.checked(function_, object_);
    const Time now = limit.is_endless() ? 0 : kernel_.now();
    const Time deadline = limit.deadline(now);
    if (deadline > now) {
      return kernel_.block(self,
                           {.what = queue.kind(), .deadline = deadline, .queue = &queue, .request = request});
    }
  }
  kernel_.count_attempt();
  return Result::timed_out;
}

Result Call::wait_in_any_case(WaitQueue& queue) const noexcept {
  Task& self = kernel_.checked(function_, object_);
  return kernel_.block(self, {.what = queue.kind(), .queue = &queue, .stoppable = false});
}

}  // namespace tactus::kernel
