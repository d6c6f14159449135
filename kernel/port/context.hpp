#pragma once

#include <cstddef>
#include <span>

namespace tactus::kernel {

/// A flow of control with a stack of its own, switched by a jump in user space (Boost.Context).
///
/// A switch keeps, for each context, what the thread alone would share between them: callee-saved registers,
/// MXCSR and x87 control word (the jump does), `errno`, and the C++ runtime's list of caught exceptions,
/// which two contexts suspended inside `catch` would otherwise corrupt for each other. The sanitizers are
/// told of every switch. A context stays on the thread it first runs on.
class Context {
 public:
  using Function = void (*)(void*);

  /// A thread's own flow; call `bind` on that thread before the first switch away from it.
  Context() noexcept = default;

  /// A new flow that will call `function(argument)` on `stack` when first switched to. The function never
  /// returns; it ends with `finish`. Ordinary domain.
  Context(std::span<std::byte> stack, Function function, void* argument) noexcept;

  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// Ties this context to the calling thread. New flows do so by themselves.
  void bind() noexcept;

  /// Leaves this context, which must be the running one, for `next`; returns when something switches back.
  /// Defined in `kernel/port/context_switch.hpp`, for those few that call it.
  [[gnu::always_inline]] inline void switch_to(Context& next) noexcept;

  /// Leaves this context, which must be the running one, for `next`, for good.
  [[noreturn]] void finish(Context& next) noexcept;

 private:
  struct Handover;
  struct ExceptionGlobals;

  [[gnu::always_inline]] inline void jump(Context& next) noexcept;
  inline void leaving(Context& next, bool for_good) noexcept;
  inline void arrived(Context& from) noexcept;

  void* handle_ = nullptr;
  Function function_ = nullptr;  ///< null for a thread's own flow
  void* argument_ = nullptr;
  int* thread_errno_ = nullptr;  ///< both looked up once: the look-up costs as much as the rest of a switch
  ExceptionGlobals* thread_exceptions_ = nullptr;

  // For the sanitizers; the layout does not depend on them, so that all objects agree on it.
  const void* stack_bottom_ = nullptr;
  std::size_t stack_size_ = 0;
  [[maybe_unused]] void* fake_stack_ = nullptr;
  [[maybe_unused]] void* fiber_ = nullptr;
};

}  // namespace tactus::kernel
