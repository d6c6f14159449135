// A shared object that must not be used; its definitions say why. The manifest that every plug-in brings is
// put aside for one of its own, such as another version would bring.
#define tactus_plugin_manifest manifest_put_aside
#include "plugin/registration.hpp"
#undef tactus_plugin_manifest

#if defined(TACTUS_TEST_OLD)
extern "C" [[gnu::visibility("default")]] tactus::PluginManifest tactus_plugin_manifest() {
  return {999, tactus::plugin_abi, nullptr};
}
#elif defined(TACTUS_TEST_FOREIGN)
extern "C" [[gnu::visibility("default")]] tactus::PluginManifest tactus_plugin_manifest() {
  return {tactus::plugin_interface_version, "libc++", nullptr};
}
#endif
