#include "kernel/port/context.hpp"

#include <cxxabi.h>

#include <cerrno>
#include <cstdlib>

#include "kernel/port/context_switch.hpp"

namespace tactus::kernel {

void Context::Handover::first_entry(boost::context::detail::transfer_t transfer) {
  auto& handover = *static_cast<Handover*>(transfer.data);
  handover.from.handle_ = transfer.fctx;
  Context& self = handover.to;
  self.arrived(handover.from);
  self.bind();
  *self.thread_errno_ = 0;
  *self.thread_exceptions_ = {};
  self.function_(self.argument_);
  std::abort();  // functions of contexts leave by `finish`
}

Context::Context(std::span<std::byte> stack, Function function, void* argument) noexcept
    : function_(function), argument_(argument), stack_bottom_(stack.data()), stack_size_(stack.size()) {
  // The stack grows downwards: it begins at its upper end.
  handle_ = boost::context::detail::make_fcontext(stack.data() + stack.size(), stack.size(),
                                                  &Handover::first_entry);
#ifdef TACTUS_TSAN
  fiber_ = __tsan_create_fiber(0);
#endif
}

Context::~Context() {
#ifdef TACTUS_ASAN
  // The frames of a finished context never returned, so their red zones are still marked on memory that the
  // caller may use for something else now.
  __asan_unpoison_memory_region(stack_bottom_, function_ == nullptr ? 0 : stack_size_);
#endif
#ifdef TACTUS_TSAN
  if (function_ != nullptr) __tsan_destroy_fiber(fiber_);
#endif
}

void Context::bind() noexcept {
  thread_errno_ = &errno;
  thread_exceptions_ = reinterpret_cast<ExceptionGlobals*>(abi::__cxa_get_globals());
}

void Context::finish(Context& next) noexcept {
  leaving(next, true);
  jump(next);
  std::abort();  // nobody switches to a finished context
}

}  // namespace tactus::kernel
