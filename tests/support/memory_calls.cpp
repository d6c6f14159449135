#include "tests/support/memory_calls.hpp"

#include <cerrno>
#include <cstddef>

#include "tests/support/sanitized.hpp"

namespace {
constinit thread_local tactus::test::MemoryCalls calls;
}  // namespace

#ifdef TACTUS_SANITIZED

#include <cstdlib>

namespace {
void note_taken(const volatile void*, std::size_t) { ++calls.taken; }
void note_given_back(const volatile void*) { ++calls.given_back; }
}  // namespace

// Of every sanitizer's run-time library; g++ does not ship the header.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                         void (*)(const volatile void*));

tactus::test::MemoryCalls tactus::test::memory_calls() {
  static const bool installed = __sanitizer_install_malloc_and_free_hooks(note_taken, note_given_back) != 0;
  if (!installed) std::abort();
  return calls;
}

#else

tactus::test::MemoryCalls tactus::test::memory_calls() { return calls; }

// The C library's own entries stand behind the usual names. In everybody's sight, so that operator new and
// all else in libraries comes this way, too.
#pragma GCC visibility push(default)
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) noexcept {
  ++calls.taken;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  ++calls.taken;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  ++calls.taken;
  if (old != nullptr) ++calls.given_back;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++calls.taken;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  ++calls.taken;
  *memory = __libc_memalign(alignment, size);
  return *memory != nullptr ? 0 : ENOMEM;
}
void free(void* memory) noexcept {
  if (memory != nullptr) ++calls.given_back;
  __libc_free(memory);
}
}
#pragma GCC visibility pop

#endif
