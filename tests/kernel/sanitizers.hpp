#pragma once

// Which sanitizer the tests are built with, for the few that one of them makes impossible.
#if defined(__has_feature)
#define TACTUS_TEST_HAS_FEATURE(name) __has_feature(name)
#else
#define TACTUS_TEST_HAS_FEATURE(name) 0
#endif

namespace tactus::kernel::test {

#if defined(__SANITIZE_ADDRESS__) || TACTUS_TEST_HAS_FEATURE(address_sanitizer)
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif

#if defined(__SANITIZE_THREAD__) || TACTUS_TEST_HAS_FEATURE(thread_sanitizer)
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif

}  // namespace tactus::kernel::test
