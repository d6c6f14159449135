#pragma once

#include <cstddef>
#include <span>

namespace tactus::kernel {

/// A flow of control with a stack of its own, switched by a jump in user space (Boost.Context).
///
/// A switch keeps, for each context, what the thread alone would share between them: callee-saved registers,
/// MXCSR and x87 control word (the jump does), `errno`, and the C++ runtime's list of caught exceptions,
/// which two contexts suspended inside `catch` would otherwise corrupt for each other. The sanitizers are
/// told of every switch.
class Context {
 public:
  using Function = void (*)(void*);

  /// The calling thread's own flow, filled in by the first switch away from it.
  Context() noexcept = default;

  /// A new flow that will call `function(argument)` on `stack` when first switched to. The function never
  /// returns; it ends with `finish`. Ordinary domain.
  Context(std::span<std::byte> stack, Function function, void* argument) noexcept;

  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// Leaves this context, which must be the running one, for `next`; returns when something switches back.
  void switch_to(Context& next) noexcept;

  /// Leaves this context, which must be the running one, for `next`, for good.
  [[noreturn]] void finish(Context& next) noexcept;

 private:
  /// As the C++ ABI lays out `__cxa_eh_globals`.
  struct ExceptionGlobals {
    void* caught = nullptr;
    unsigned int uncaught = 0;
#ifdef __ARM_EABI_UNWINDER__
    void* propagating = nullptr;
#endif
  };

  struct Handover;

  void jump(Context& next, bool for_good) noexcept;
  void arrived(Context& from) noexcept;

  void* handle_ = nullptr;
  Function function_ = nullptr;
  void* argument_ = nullptr;
  int errno_ = 0;
  ExceptionGlobals exceptions_;

  // For the sanitizers; the layout does not depend on them, so that all objects agree on it.
  const void* stack_bottom_ = nullptr;
  std::size_t stack_size_ = 0;
  void* fake_stack_ = nullptr;
  void* fiber_ = nullptr;
};

}  // namespace tactus::kernel
