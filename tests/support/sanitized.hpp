#pragma once
// TACTUS_SANITIZED is defined where a sanitizer has its own allocator.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TACTUS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TACTUS_SANITIZED 1
#endif
#endif

#ifdef TACTUS_SANITIZED
#include <cstddef>
// Of every sanitizer's run-time library; g++ does not ship the header.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif
