// Loads a shared object as tactus does and prints what is in it: kind, name and sentence of each plug-in, and
// its parameters.

#include <dlfcn.h>

#include <cstdio>
#include <memory>

#include "plugin/registration.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: manifest_reader FILE.so\n", stderr), 2;
  void* object = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) return std::fprintf(stderr, "%s\n", dlerror()), 1;

  using Manifest = tactus::PluginManifest (*)();
  const auto manifest_of = reinterpret_cast<Manifest>(dlsym(object, "tactus_plugin_manifest"));
  if (manifest_of == nullptr) return std::fprintf(stderr, "%s\n", dlerror()), 1;

  const tactus::PluginManifest manifest = manifest_of();
  if (manifest.interface_version != tactus::plugin_interface_version) {
    return std::fputs("another interface version\n", stderr), 1;
  }
  for (const tactus::PluginEntry* entry = manifest.first; entry != nullptr; entry = entry->next) {
    std::printf("%s %s: %s\n", to_string(entry->kind), entry->name, entry->description);
    const std::unique_ptr<tactus::Configurable> instance(entry->create());
    for (const tactus::ParameterBase* parameter : instance->parameters()) {
      const tactus::ParameterDescription& about = parameter->description();
      std::printf("  %s [%s]: %s\n", about.name.c_str(), about.unit.c_str(), about.description.c_str());
    }
  }
  return 0;
}
