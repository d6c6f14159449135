// Loads each shared object as the engine does and holds its plug-ins against what they say of themselves.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "tactus.hpp"

namespace tactus {
namespace {

struct SharedObject {
  const char* name;
  std::map<std::string, PluginKind> plugins;
};

class Loading : public ::testing::TestWithParam<SharedObject> {
 protected:
  void SetUp() override {
    const std::string path = std::string(TACTUS_PLUGIN_DIRECTORY "/") + GetParam().name + ".so";
    void* const object = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);  // never unloaded, like in the engine
    ASSERT_NE(object, nullptr) << dlerror();
    const auto manifest_of =
        reinterpret_cast<decltype(&tactus_plugin_manifest)>(dlsym(object, "tactus_plugin_manifest"));
    ASSERT_NE(manifest_of, nullptr);
    manifest = manifest_of();
  }
  PluginManifest manifest{};
};

TEST_P(Loading, FitsThisInterface) {
  EXPECT_EQ(manifest.interface_version, plugin_interface_version);
  EXPECT_STREQ(manifest.abi, plugin_abi);
}

TEST_P(Loading, HoldsExactlyItsPlugins) {
  std::map<std::string, PluginKind> found;
  for (const PluginEntry* entry = manifest.first; entry != nullptr; entry = entry->next) {
    EXPECT_STRNE(entry->description, "");
    found.emplace(entry->name, entry->kind);
  }
  EXPECT_EQ(found, GetParam().plugins);
}

void check(const ParameterDescription& about) {
  EXPECT_FALSE(about.description.empty());
  EXPECT_FALSE(about.unit.empty());
  EXPECT_LE(about.min, about.max);
  if (!about.initial) return;
  EXPECT_EQ(about.initial->index(), about.type.index());
  if (const double* number = std::get_if<double>(&*about.initial)) {
    EXPECT_GE(*number, about.min);
    EXPECT_LE(*number, about.max);
  }
  if (!about.choices.empty()) {
    EXPECT_LT(static_cast<std::size_t>(std::get<std::int64_t>(*about.initial)), about.choices.size());
  }
}

TEST_P(Loading, PluginsDescribeThemselvesWithoutContradiction) {
  for (const PluginEntry* entry = manifest.first; entry != nullptr; entry = entry->next) {
    SCOPED_TRACE(entry->name);
    const std::unique_ptr<Configurable> plugin(entry->create());
    std::set<std::string> names;
    for (const ParameterBase* parameter : plugin->parameters()) {
      SCOPED_TRACE(parameter->description().name);
      EXPECT_TRUE(names.insert(parameter->description().name).second);
      check(parameter->description());
    }
    if (entry->kind == PluginKind::device) {
      EXPECT_NE(dynamic_cast<Device*>(plugin.get()), nullptr);
      continue;
    }
    const auto* const component = dynamic_cast<Component*>(plugin.get());
    ASSERT_NE(component, nullptr);
    EXPECT_FALSE(component->outputs().empty());
    std::set<std::string> inputs, outputs;
    for (const Input* input : component->inputs())
      EXPECT_TRUE(inputs.insert(input->description().name).second);
    for (const Output* output : component->outputs())
      EXPECT_TRUE(outputs.insert(output->description().name).second);
  }
}

// A variable that only parameters use would never get its unit: the ports declare it.
TEST_P(Loading, UnitVariablesOfParametersAreThoseOfPorts) {
  for (const PluginEntry* entry = manifest.first; entry != nullptr; entry = entry->next) {
    const std::unique_ptr<Configurable> plugin(entry->create());
    const auto* const component = dynamic_cast<Component*>(plugin.get());
    if (component == nullptr) continue;
    std::set<std::string> declared;
    for (const Input* input : component->inputs()) declared.insert(input->description().unit);
    for (const Output* output : component->outputs()) declared.insert(output->description().unit);
    for (const ParameterBase* parameter : plugin->parameters()) {
      const std::string& unit = parameter->description().unit;
      for (const char* variable : {"U", "Y", "E"}) {
        if (unit.find(variable) != std::string::npos) {
          EXPECT_TRUE(declared.contains(variable)) << entry->name << ": " << unit;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Plugins, Loading,
                         ::testing::Values(SharedObject{"waveform", {{"waveform", PluginKind::generator}}},
                                           SharedObject{"pid", {{"pid", PluginKind::controller}}},
                                           SharedObject{"simulator",
                                                        {{"simulator/cascaded-tanks", PluginKind::device},
                                                         {"simulator/dc-motor", PluginKind::device}}},
                                           SharedObject{"csv", {{"csv", PluginKind::device}}},
                                           SharedObject{"cascaded-tanks-ekf",
                                                        {{"cascaded-tanks-ekf", PluginKind::observer}}}),
                         [](const auto& object) {
                           std::string name = object.param.name;
                           for (char& c : name)
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           return name;
                         });

}  // namespace
}  // namespace tactus
