#include "kernel/stack.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

namespace tactus::kernel {
namespace {

constexpr auto pattern = std::byte{0xA5};

}  // namespace

Stack::Stack(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t usable = (size + page - 1) / page * page;
  void* const address =
      mmap(nullptr, usable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (address == MAP_FAILED) throw std::bad_alloc();
  mapping_ = {static_cast<std::byte*>(address), usable + page};
  usable_ = mapping_.subspan(page);
  if (mprotect(address, page, PROT_NONE) != 0) {  // stacks grow downwards, onto the guard
    munmap(mapping_.data(), mapping_.size());
    throw std::bad_alloc();
  }
  fill_stack(usable_);  // touches every page
}

Stack::~Stack() { munmap(mapping_.data(), mapping_.size()); }

void fill_stack(std::span<std::byte> stack) noexcept {
  std::memset(stack.data(), std::to_integer<int>(pattern), stack.size());
}

// Reads what frames of the task have left behind, which AddressSanitizer may still hold for poisoned.
__attribute__((no_sanitize("address", "thread"))) std::size_t stack_used(
    std::span<const std::byte> stack) noexcept {
  const std::byte* lowest = stack.data();
  const std::byte* const end = lowest + stack.size();
  while (lowest != end && *lowest == pattern) ++lowest;
  return static_cast<std::size_t>(end - lowest);
}

}  // namespace tactus::kernel
