// A shared object that must not be used: REASON says why. It brings a manifest of its own, as another version
// would.
#include <cstdint>

struct Manifest {
  std::uint32_t interface_version;
  const char* abi;
  const void* first;
};

#if defined(TACTUS_TEST_OLD)
extern "C" [[gnu::visibility("default")]] Manifest tactus_plugin_manifest() {
  return {999, "libstdc++ cxx11, 64 bit", nullptr};
}
#elif defined(TACTUS_TEST_FOREIGN)
extern "C" [[gnu::visibility("default")]] Manifest tactus_plugin_manifest() {
  return {TACTUS_TEST_FOREIGN, "libc++", nullptr};
}
#else
extern "C" [[gnu::visibility("default")]] int nothing_of_ours() { return 0; }
#endif
