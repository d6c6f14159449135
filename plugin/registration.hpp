#pragma once
// How a shared object says which plug-ins it holds, and for which interface it was built.

#include <cstdint>
#include <type_traits>

#include "plugin/configurable.hpp"

namespace tactus {

/// Goes up with every change of what plug-ins and engine share: a class layout, a virtual function, a
/// meaning.
inline constexpr std::uint32_t plugin_interface_version = 4;

/// The five functional components and the devices, in the order in which a beat serves them.
enum class PluginKind : std::uint8_t {
  device,
  region,  ///< of modes; built in, no plug-in is one
  scanner,
  generator,
  observer,
  controller,
  interlock,  ///< built in, no plug-in is one
  actuator
};

constexpr const char* to_string(PluginKind kind) {
  constexpr const char* names[] = {"device",   "region",     "scanner",   "generator",
                                   "observer", "controller", "interlock", "actuator"};
  return names[static_cast<std::size_t>(kind)];
}

/// One plug-in of a shared object.
struct PluginEntry {
  const char* name;
  const char* description;
  PluginKind kind;
  Configurable* (*create)();
  const PluginEntry* next;
};

/// What the loader asks of a shared object before it touches anything else in it.
struct PluginManifest {
  std::uint32_t interface_version;
  const char* abi;  ///< the C++ library whose classes cross the border
  const PluginEntry* first;
};

namespace detail {
/// The list of this shared object: hidden, so that each shared object has one of its own.
[[gnu::visibility("hidden")]] inline const PluginEntry* plugin_list = nullptr;

template <class T>
Configurable* create_plugin() {
  return new T;
}

struct [[gnu::visibility("hidden")]] PluginRegistrar {
  PluginEntry entry;
  PluginRegistrar(const char* name, const char* description, PluginKind kind, Configurable* (*create)())
      : entry{name, description, kind, create, plugin_list} {
    plugin_list = &entry;
  }
};
}  // namespace detail

#if defined(__GLIBCXX__) && _GLIBCXX_USE_CXX11_ABI
inline constexpr const char* plugin_abi = "libstdc++ cxx11, 64 bit";
#else
inline constexpr const char* plugin_abi = "unknown";
#endif
static_assert(sizeof(void*) == 8, "tactus is for 64-bit machines");

}  // namespace tactus

/// The one symbol that the loader looks up. `used`: nothing inside the shared object calls it.
extern "C" [[gnu::visibility("default"), gnu::used]] inline tactus::PluginManifest tactus_plugin_manifest() {
  return {tactus::plugin_interface_version, tactus::plugin_abi, tactus::detail::plugin_list};
}

/// Makes `Class` known under `name`, with one sentence for the user. Once or more in any source of a shared
/// object.
#define TACTUS_PLUGIN(Class, name, sentence)                               \
  static const ::tactus::detail::PluginRegistrar tactus_registrar_##Class{ \
      name, sentence, Class::plugin_kind, &::tactus::detail::create_plugin<Class>};
