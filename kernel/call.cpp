#include "kernel/call.hpp"

namespace tactus::kernel {

Result Call::wait(WaitQueue& queue, WaitLimit limit, void* request) const noexcept {
  if (!limit.is_at_once()) {
    Task& self = kernel_.checked(function_, object_);
    const Time deadline = limit.deadline([&] { return kernel_.now(); });
    if (deadline == forever || deadline > kernel_.now()) {
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
