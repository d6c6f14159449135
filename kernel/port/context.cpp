#include "kernel/port/context.hpp"

#include <cxxabi.h>

#include <boost/context/detail/fcontext.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#if defined(__has_feature)
#define TACTUS_HAS_FEATURE(name) __has_feature(name)
#else
#define TACTUS_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || TACTUS_HAS_FEATURE(address_sanitizer)
#define TACTUS_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__) || TACTUS_HAS_FEATURE(thread_sanitizer)
#define TACTUS_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif

namespace tactus::kernel {

namespace fcontext = boost::context::detail;

/// Carried across a jump, on the stack of the context that is left.
struct Context::Handover {
  Context& from;
  Context& to;

  [[noreturn]] static void first_entry(fcontext::transfer_t transfer) {
    auto& handover = *static_cast<Handover*>(transfer.data);
    handover.from.handle_ = transfer.fctx;
    Context& self = handover.to;
    self.arrived(handover.from);
    self.function_(self.argument_);
    std::abort();  // functions of contexts leave by `finish`
  }
};

Context::Context(std::span<std::byte> stack, Function function, void* argument) noexcept
    : function_(function), argument_(argument), stack_bottom_(stack.data()), stack_size_(stack.size()) {
  // The stack grows downwards: it begins at its upper end.
  handle_ = fcontext::make_fcontext(stack.data() + stack.size(), stack.size(), &Handover::first_entry);
#ifdef TACTUS_TSAN
  fiber_ = __tsan_create_fiber(0);
#endif
}

Context::~Context() {
#ifdef TACTUS_TSAN
  if (function_ != nullptr) __tsan_destroy_fiber(fiber_);
#endif
}

void Context::switch_to(Context& next) noexcept {
  static_assert(sizeof(ExceptionGlobals) <= 4 * sizeof(void*));
  errno_ = errno;
  std::memcpy(&exceptions_, static_cast<void*>(abi::__cxa_get_globals()), sizeof exceptions_);
  jump(next, false);
}

void Context::finish(Context& next) noexcept {
  jump(next, true);
  std::abort();  // nobody switches to a finished context
}

void Context::jump(Context& next, [[maybe_unused]] bool for_good) noexcept {
#ifdef TACTUS_ASAN
  // A context left for good gives its fake stack back: that is what the null means.
  __sanitizer_start_switch_fiber(for_good ? nullptr : &fake_stack_, next.stack_bottom_, next.stack_size_);
#endif
#ifdef TACTUS_TSAN
  if (function_ == nullptr) fiber_ = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(next.fiber_, 0);
#endif
  Handover handover{*this, next};
  const fcontext::transfer_t transfer = fcontext::jump_fcontext(next.handle_, &handover);
  // Somebody came back to us, not necessarily `next`.
  Context& from = static_cast<Handover*>(transfer.data)->from;
  from.handle_ = transfer.fctx;
  arrived(from);
}

void Context::arrived([[maybe_unused]] Context& from) noexcept {
#ifdef TACTUS_ASAN
  const void* bottom = nullptr;
  std::size_t size = 0;
  __sanitizer_finish_switch_fiber(fake_stack_, &bottom, &size);
  // The thread's own flow does not know its stack; the first context that it switches to learns it.
  if (from.function_ == nullptr) {
    from.stack_bottom_ = bottom;
    from.stack_size_ = size;
  }
#endif
  errno = errno_;
  std::memcpy(static_cast<void*>(abi::__cxa_get_globals()), &exceptions_, sizeof exceptions_);
}

}  // namespace tactus::kernel
