#pragma once

#include <cstddef>
#include <span>

namespace tactus::kernel {

/// The smallest stack a task accepts, in bytes: room for a signal frame with AVX-512 state, and some calls.
inline constexpr std::size_t minimum_stack = std::size_t{16} * 1024;

/// Memory for a task's stack, with a protected page below it: an overflow is a fault at once, not a silent
/// corruption. Resident from the start, so that real-time code never meets a page fault on it.
/// Ordinary domain. Throws std::bad_alloc when the host has no memory.
class Stack {
 public:
  /// `size` in bytes, rounded up to whole pages.
  explicit Stack(std::size_t size = std::size_t{256} * 1024);
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  /// The usable part, without the guard page.
  [[nodiscard]] std::span<std::byte> memory() const noexcept { return usable_; }
  operator std::span<std::byte>() const noexcept { return usable_; }  // NOLINT(google-explicit-constructor)

 private:
  std::span<std::byte> mapping_;
  std::span<std::byte> usable_;
};

/// Fills a stack with the pattern that `stack_used` looks for.
void fill_stack(std::span<std::byte> stack) noexcept;

/// The high-water mark: how many bytes of a filled stack have ever been used. Takes time in proportion to the
/// unused part. Call it on the kernel's thread, or when the task has ended.
[[nodiscard]] std::size_t stack_used(std::span<const std::byte> stack) noexcept;

}  // namespace tactus::kernel
