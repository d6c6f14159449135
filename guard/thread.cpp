#include "guard/thread.hpp"

#include <unwind.h>

#include <cstring>

namespace tactus::guard {
namespace {

/// Where the frames of a walk along the stack go.
struct Walk {
  std::array<const void*, 16>& frames;
  std::size_t length = 0;
};

_Unwind_Reason_Code take_frame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  if (walk.length == walk.frames.size()) return _URC_END_OF_STACK;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address is what it is
  walk.frames[walk.length++] = reinterpret_cast<const void*>(_Unwind_GetIP(context));
  return _URC_NO_REASON;
}

}  // namespace

constinit thread_local Thread this_thread;

void Thread::note(Kind kind, const char* what, long number, std::uint64_t count, bool with_frames) noexcept {
  Trace trace{};
  trace.kind = kind;
  trace.what = what;
  trace.number = number;
  trace.beat = stint->beat;
  trace.count = count;
  std::strncpy(trace.component, stint->name, sizeof trace.component - 1);
  if (with_frames) {
    Walk walk{trace.frames};
    _Unwind_Backtrace(take_frame, &walk);
  }
  ledger->note(trace);
}

void Offence::begin(Kind kind, const char* function) noexcept {
  this_thread.excused = true;
  this_thread.select();
  this_thread.note(kind, function, 0, 1, true);
}

void Offence::end() noexcept {
  this_thread.excused = false;
  this_thread.select();
}

}  // namespace tactus::guard
