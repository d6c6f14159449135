// The mediator that costs nothing: plain memory. It is the right one where producer and consumers are steps
// of the same task and so never run at the same time; across tasks take Latest or Fifo.
#pragma once

#include <type_traits>

namespace tactus {

/// Plain memory with a mediator's verbs.
///
/// Domain: any, but producer and consumers must be serialised by the caller (steps of one kernel task).
/// Preemption: there is none to argue about; a producer stopped inside write() means that no consumer of that
/// task runs.
template <class T>
class Unprotected {
  static_assert(std::is_nothrow_copy_assignable_v<T>, "a real-time write must not throw");

 public:
  Unprotected() = default;
  explicit Unprotected(const T& initial) : value_(initial) {}

  /// Producer: puts out a value.
  void write(const T& value) noexcept { value_ = value; }
  /// Producer, in place: what the next publish() puts out. It holds the previous value.
  [[nodiscard]] T& slot() noexcept { return value_; }
  /// Producer: puts out what stands in slot(). Here it stands where it is read already.
  void publish() noexcept {}

  /// Consumer: the last value put out, or the initial one.
  [[nodiscard]] const T& read() const noexcept { return value_; }

 private:
  T value_{};
};

}  // namespace tactus
