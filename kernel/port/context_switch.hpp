#pragma once

// The switch itself, apart from `context.hpp` so that only the scheduler depends on Boost. It is inlined into
// the scheduler's functions for speed: the jump leaves the processor's prediction of return addresses one
// entry off, so every function that is on the stack at the jump costs a mispredicted return.

#include <boost/context/detail/fcontext.hpp>

#include "kernel/port/context.hpp"

#if defined(__has_feature)
#define TACTUS_HAS_FEATURE(name) __has_feature(name)
#else
#define TACTUS_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || TACTUS_HAS_FEATURE(address_sanitizer)
#define TACTUS_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__) || TACTUS_HAS_FEATURE(thread_sanitizer)
#define TACTUS_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif

namespace tactus::kernel {

/// As the C++ ABI lays out the `__cxa_eh_globals` of a thread.
struct Context::ExceptionGlobals {
  void* caught = nullptr;
  unsigned int uncaught = 0;
#ifdef __ARM_EABI_UNWINDER__
  void* propagating = nullptr;
#endif
};

/// Carried across a jump, on the stack of the context that is left.
struct Context::Handover {
  Context& from;
  Context& to;

  [[noreturn]] static void first_entry(boost::context::detail::transfer_t transfer);
};

inline void Context::leaving([[maybe_unused]] Context& next, [[maybe_unused]] bool for_good) noexcept {
#ifdef TACTUS_ASAN
  // A context left for good gives its fake stack back: that is what the null means.
  __sanitizer_start_switch_fiber(for_good ? nullptr : &fake_stack_, next.stack_bottom_, next.stack_size_);
#endif
#ifdef TACTUS_TSAN
  if (function_ == nullptr) fiber_ = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(next.fiber_, 0);
#endif
}

inline void Context::arrived([[maybe_unused]] Context& from) noexcept {
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
}

inline void Context::jump(Context& next) noexcept {
  Handover handover{*this, next};
  const auto transfer = boost::context::detail::jump_fcontext(next.handle_, &handover);
  // Somebody came back to us, not necessarily `next`.
  Context& from = static_cast<Handover*>(transfer.data)->from;
  from.handle_ = transfer.fctx;
  arrived(from);
}

inline void Context::switch_to(Context& next) noexcept {
  // Field by field: a copy of the whole struct is one wide load, which stalls on the narrow stores of the
  // last switch.
  const int saved_error = *thread_errno_;
  void* const saved_caught = thread_exceptions_->caught;
  const unsigned int saved_uncaught = thread_exceptions_->uncaught;
#ifdef __ARM_EABI_UNWINDER__
  void* const saved_propagating = thread_exceptions_->propagating;
#endif
  leaving(next, false);
  jump(next);
  *thread_errno_ = saved_error;
  thread_exceptions_->caught = saved_caught;
  thread_exceptions_->uncaught = saved_uncaught;
#ifdef __ARM_EABI_UNWINDER__
  thread_exceptions_->propagating = saved_propagating;
#endif
}

}  // namespace tactus::kernel
