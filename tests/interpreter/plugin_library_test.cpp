#include "interpreter/plugin_library.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "components/component.hpp"
#include "interpreter/describe.hpp"
#include "tests/interpreter/experiment.hpp"

namespace tactus {
namespace {

std::string refusal(PluginLibrary& library, const std::string& name) {
  try {
    library.find(name);
  } catch (const PluginError& error) {
    return error.what();
  }
  return "";
}

TEST(PluginLibrary, FindsNamesAndVariants) {
  PluginLibrary library({"/nowhere", TACTUS_TEST_PLUGINS});
  EXPECT_STREQ(library.find("rig").name, "rig");
  EXPECT_STREQ(library.find("rig/hard").name, "rig/hard");
  EXPECT_EQ(library.find("parts/gain", PluginKind::controller).kind, PluginKind::controller);
  const auto instance = PluginLibrary::create(library.find("parts/gain"));
  EXPECT_EQ(static_cast<Component&>(*instance).inputs().size(), 3);
}

TEST(PluginLibrary, RefusesWhatIsNotThere) {
  PluginLibrary library({TACTUS_TEST_PLUGINS});
  EXPECT_EQ(refusal(library, "parts/gian"), "no plug-in `parts/gian`; did you mean `parts/gain`?");
  EXPECT_EQ(refusal(library, "riig"), "no plug-in `riig`; did you mean `rig`?");
  EXPECT_EQ(refusal(library, "../plugins/rig").substr(0, 12), "no plug-in `");
  EXPECT_EQ(refusal(library, "").substr(0, 13), "no plug-in ``");
  PluginLibrary none({"/nowhere"});
  EXPECT_EQ(refusal(none, "pid"), "no plug-in `pid`: there are none in /nowhere");
}

TEST(PluginLibrary, RefusesStrangersWithTheReason) {
  PluginLibrary library({TACTUS_TEST_STRANGERS});
  const std::string place = std::string(TACTUS_TEST_STRANGERS) + "/";
  EXPECT_EQ(refusal(library, "old"), place + "old.so was built for plug-in interface 999, this is " +
                                         std::to_string(plugin_interface_version) + ": build it again");
  EXPECT_EQ(refusal(library, "foreign"),
            place + "foreign.so was built with another C++ library (libc++, this is " + plugin_abi +
                "): build it with this one");
  EXPECT_EQ(refusal(library, "alien"),
            place + "alien.so is no tactus plug-in: it has no tactus_plugin_manifest");
  EXPECT_EQ(library.all().plugins.size(), 0);
  EXPECT_EQ(library.all().problems.size(), 3);
}

TEST(PluginLibrary, SurvivesAFileThatIsNoSharedObject) {
  const std::filesystem::path directory =
      std::filesystem::path(::testing::TempDir()) / "tactus_plugin_library_test";
  std::filesystem::create_directory(directory);
  std::ofstream(directory / "text.so") << "this is text\n";
  PluginLibrary library({directory});
  EXPECT_EQ(refusal(library, "text").substr(0, 18), "cannot be loaded: ");
  std::filesystem::remove_all(directory);
}

TEST(PluginLibrary, ListsAllByName) {
  PluginLibrary library({TACTUS_TEST_PLUGINS, TACTUS_TEST_PLUGINS});
  std::vector<std::string> names;
  for (const auto& listed : library.all().plugins) names.emplace_back(listed.entry->name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"parts/brackets", "parts/doubting", "parts/everything", "parts/gain",
                                      "parts/no-unit", "parts/radio", "parts/reserved", "parts/sum",
                                      "parts/unmakable", "parts/wave", "rig", "rig/broken", "rig/hard"}));
}

TEST(PluginLibrary, SearchesGivenPlacesFirst) {
  ASSERT_EQ(setenv("TACTUS_PLUGIN_PATH", "/b::/c", 1), 0);
  const auto path = PluginLibrary::search_path({"/a"});
  unsetenv("TACTUS_PLUGIN_PATH");
  ASSERT_GE(path.size(), 4);
  EXPECT_EQ(path[0], "/a");
  EXPECT_EQ(path[1], "/b");
  EXPECT_EQ(path[2], "/c");
  EXPECT_EQ(path[3].filename(), "plugins");
}

TEST(Describe, TellsAllThatAPluginSaysOfItself) {
  const nlohmann::json gain = describe(testing::library().find("parts/gain"));
  EXPECT_EQ(gain["kind"], "controller");
  EXPECT_EQ(gain["inputs"][2]["otherwise"], 0.0);
  EXPECT_EQ(gain["parameters"][0]["required"], true);
  EXPECT_EQ(gain["parameters"][1]["min"], 0.0);
  EXPECT_FALSE(gain["parameters"][1].contains("max"));
  EXPECT_EQ(describe_as_text(gain),
            "parts/gain (controller): proportional controller\n"
            "inputs:\n"
            "  setpoint     Y               what is wanted\n"
            "  measurement  Y               what is\n"
            "  extra        U  otherwise 0  added\n"
            "outputs:\n"
            "  output  U    to the actuator\n"
            "parameters:\n"
            "  kp  U/Y    required           gain\n"
            "  ki  U/Y/s  default 0  from 0  integral gain\n");
}

TEST(Describe, TellsTypesAndChoices) {
  const nlohmann::json wave = describe(testing::library().find("parts/wave"));
  EXPECT_EQ(wave["parameters"][0]["choices"], (std::vector<std::string>{"constant", "ramp"}));
  EXPECT_EQ(wave["parameters"][0]["default"], "constant");
  const nlohmann::json all = describe(testing::library().find("parts/everything"));
  EXPECT_EQ(all["parameters"][0]["type"], "boolean");
  EXPECT_EQ(all["parameters"][3]["type"], "list of numbers");
  EXPECT_EQ(all["parameters"][4]["difference"], true);
  const nlohmann::json rig = describe(testing::library().find("rig"));
  EXPECT_FALSE(rig.contains("inputs"));
  EXPECT_EQ(rig["parameters"].size(), 2);
}

}  // namespace
}  // namespace tactus
