#include "interpreter/plugin_library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "interpreter/trusted_path.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

namespace fs = std::filesystem;

/// Where the path leads, links resolved, so that what is looked at here is what is loaded afterwards. Throws
/// PluginError if somebody else could alter it.
fs::path trusted(const fs::path& path) {
  std::error_code error;
  fs::path canonical = fs::canonical(path, error);
  if (error) throw PluginError("cannot be loaded: " + path.string() + ": " + error.message());
  if (const auto why = why_untrusted(canonical))
    throw PluginError("no plug-in is loaded from where others can write: " + *why);
  return canonical;
}

/// Loads a shared object for good, and asks it what it holds.
PluginManifest open_shared_object(const fs::path& file) {
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw PluginError("cannot be loaded: " + std::string(dlerror()));
  using Function = PluginManifest (*)();
  const auto manifest = reinterpret_cast<Function>(dlsym(handle, "tactus_plugin_manifest"));
  if (manifest == nullptr)
    throw PluginError(file.string() + " is no tactus plug-in: it has no tactus_plugin_manifest");
  return manifest();
}

void check_fit(const fs::path& file, const PluginManifest& manifest) {
  if (manifest.interface_version != plugin_interface_version) {
    throw PluginError(file.string() + " was built for plug-in interface " +
                      std::to_string(manifest.interface_version) + ", this is " +
                      std::to_string(plugin_interface_version) + ": build it again");
  }
  if (std::string_view(manifest.abi) != plugin_abi) {
    throw PluginError(file.string() + " was built with another C++ library (" + manifest.abi + ", this is " +
                      plugin_abi + "): build it with this one");
  }
}

std::string with_article(PluginKind kind) {
  const std::string name = to_string(kind);
  return (name.front() == 'a' || name.front() == 'o' ? "an " : "a ") + name;
}

/// Directory of the running program.
fs::path program_directory() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace

std::vector<fs::path> PluginLibrary::search_path(const std::vector<std::string>& given) {
  std::vector<fs::path> path(given.begin(), given.end());
  // Not where the program has more rights than its user (setcap): the user must not choose what it loads.
  if (const char* environment = secure_getenv("TACTUS_PLUGIN_PATH")) {
    for (const std::string& directory : split(environment, ':')) {
      if (!directory.empty()) path.emplace_back(directory);
    }
  }
  const fs::path here = program_directory();
  path.push_back(here / "plugins");                                    // beside the program
  path.push_back(here / ".." / "plugins");                             // in the build tree
  path.push_back(here / ".." / TACTUS_LIBDIR / "tactus" / "plugins");  // installed
  path.push_back(here / ".." / "lib" / "tactus" / "plugins");
  return path;
}

const PluginManifest& PluginLibrary::load(const fs::path& file) {
  const auto known = loaded_.find(file);
  if (known != loaded_.end()) return known->second;
  trusted(file.parent_path());  // nor may others put a file into it
  const PluginManifest manifest = open_shared_object(trusted(file));
  check_fit(file, manifest);
  return loaded_.emplace(file, manifest).first->second;
}

const PluginEntry& PluginLibrary::find(std::string_view name) {
  const std::string stem(name.substr(0, name.find('/')));
  std::error_code error;
  if (!stem.empty() && stem != "." && stem != "..") {
    for (const fs::path& directory : directories_) {
      const fs::path file = directory / (stem + ".so");
      if (!fs::exists(file, error)) continue;
      for (const PluginEntry* entry = load(file).first; entry != nullptr; entry = entry->next) {
        if (entry->name == name) return *entry;
      }
    }
  }
  std::vector<std::string> names;
  for (const Listed& listed : all().plugins) names.emplace_back(listed.entry->name);
  if (names.empty()) {
    std::vector<std::string> places(directories_.begin(), directories_.end());
    throw PluginError("no plug-in `" + std::string(name) + "`: there are none in " + join(places));
  }
  throw PluginError("no plug-in `" + std::string(name) + "`" + hint(name, names));
}

const PluginEntry& PluginLibrary::find(std::string_view name, PluginKind kind) {
  const PluginEntry& entry = find(name);
  if (entry.kind == kind) return entry;
  throw PluginError("plug-in `" + std::string(name) + "` is " + with_article(entry.kind) + ", not " +
                    with_article(kind));
}

std::unique_ptr<Configurable> PluginLibrary::create(const PluginEntry& entry) {
  try {
    return std::unique_ptr<Configurable>(entry.create());
  } catch (const std::exception& error) {
    throw PluginError("plug-in `" + std::string(entry.name) + "` cannot be made: " + error.what());
  }
}

PluginLibrary::Listing PluginLibrary::all() {
  Listing listing;
  std::set<std::string> seen;  // the first directory wins
  for (const fs::path& directory : directories_) {
    std::error_code error;
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
      if (entry.path().extension() == ".so") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    try {
      if (!files.empty()) trusted(directory);
    } catch (const PluginError& problem) {  // once, not for each file
      listing.problems.emplace_back(problem.what());
      continue;
    }
    for (const fs::path& file : files) {
      if (!seen.insert(file.stem()).second) continue;
      try {
        for (const PluginEntry* entry = load(file).first; entry != nullptr; entry = entry->next) {
          listing.plugins.push_back({entry, file});
        }
      } catch (const PluginError& problem) {
        listing.problems.emplace_back(problem.what());
      }
    }
  }
  std::ranges::sort(listing.plugins, {},
                    [](const Listed& listed) { return std::string_view(listed.entry->name); });
  return listing;
}

}  // namespace tactus
