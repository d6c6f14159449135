#include "app/cli/plugins.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/exit_status.hpp"
#include "app/cli/text.hpp"
#include "interpreter/describe.hpp"
#include "interpreter/plugin_library.hpp"

namespace tactus::cli {

int plugins(const std::vector<std::string>& plugin_path, bool json) {
  PluginLibrary library(PluginLibrary::search_path(plugin_path));
  const PluginLibrary::Listing listing = library.all();
  nlohmann::json entries = nlohmann::json::array();
  std::vector<std::vector<std::string>> rows;
  for (const PluginLibrary::Listed& listed : listing.plugins) {
    const PluginEntry& entry = *listed.entry;
    entries.push_back({{"name", entry.name},
                       {"kind", to_string(entry.kind)},
                       {"description", entry.description},
                       {"file", listed.file.lexically_normal().string()}});
    rows.push_back({entry.name, to_string(entry.kind), entry.description});
  }
  if (json) {
    fmt::print("{}\n", nlohmann::json{{"plugins", entries}, {"problems", listing.problems}}.dump(2));
  } else {
    fmt::print("{}", table(rows));
    for (const std::string& problem : listing.problems) fmt::print(stderr, "{}\n", problem);
  }
  return done;
}

int describe(const std::string& name, const std::vector<std::string>& plugin_path, bool json) {
  PluginLibrary library(PluginLibrary::search_path(plugin_path));
  try {
    const nlohmann::json description = tactus::describe(library.find(name));
    fmt::print("{}", json ? description.dump(2) + "\n" : describe_as_text(description));
    return done;
  } catch (const PluginError& error) {
    fmt::print(stderr, "tactus: {}\n", error.what());
    return input_wrong;
  }
}

}  // namespace tactus::cli
