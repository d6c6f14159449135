// The functions of the C library that take memory or give it back, in front of its own. `operator new` and
// `delete` come this way, too.

#include <cerrno>
#include <cstddef>

#include "guard/thread.hpp"

using tactus::guard::Kind;
using tactus::guard::Offence;

extern "C" {
// The library's own entries behind the usual names: those need not be looked up, which itself takes memory.
// NOLINTBEGIN(bugprone-reserved-identifier)
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
// NOLINTEND(bugprone-reserved-identifier)
}

#pragma GCC visibility push(default)
extern "C" {

void* malloc(std::size_t size) noexcept {
  const Offence offence(Kind::allocation, "malloc");
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  const Offence offence(Kind::allocation, "calloc");
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) noexcept {
  const Offence offence(Kind::allocation, "realloc");
  return __libc_realloc(old, size);
}

void free(void* memory) noexcept {
  if (memory == nullptr) return;
  const Offence offence(Kind::allocation, "free");
  __libc_free(memory);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  const Offence offence(Kind::allocation, "memalign");
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  const Offence offence(Kind::allocation, "aligned_alloc");
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  const Offence offence(Kind::allocation, "posix_memalign");
  const bool is_power_of_two = alignment != 0 && (alignment & (alignment - 1)) == 0;
  if (!is_power_of_two || alignment % sizeof(void*) != 0) return EINVAL;
  void* const taken = __libc_memalign(alignment, size);
  if (taken == nullptr) return ENOMEM;
  *memory = taken;
  return 0;
}

}  // extern "C"
#pragma GCC visibility pop
