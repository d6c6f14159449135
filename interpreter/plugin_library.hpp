#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/registration.hpp"

namespace tactus {

/// A plug-in is not there, or may not be used. The message is for the user.
class PluginError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Finds and loads plug-ins. `name` and `name/variant` are in the shared object `name.so` of the first
/// directory that has one. What was loaded stays so until the process ends: instances of it may live
/// anywhere. Ordinary domain, one thread.
class PluginLibrary {
 public:
  explicit PluginLibrary(std::vector<std::filesystem::path> directories)
      : directories_(std::move(directories)) {}

  /// The search path: the given directories, then $TACTUS_PLUGIN_PATH (with `:` between), then those of this
  /// build or installation.
  static std::vector<std::filesystem::path> search_path(const std::vector<std::string>& given);

  const std::vector<std::filesystem::path>& directories() const { return directories_; }

  struct Listed {
    const PluginEntry* entry;
    std::filesystem::path file;
  };
  struct Listing {
    std::vector<Listed> plugins;        ///< sorted by name
    std::vector<std::string> problems;  ///< one sentence for each shared object that could not be used
  };

  /// Throws PluginError, with the nearest known name if there is none of this one.
  const PluginEntry& find(std::string_view name);
  /// The same for a plug-in that must be of one kind.
  const PluginEntry& find(std::string_view name, PluginKind kind);
  /// A new instance of a plug-in. Throws PluginError if its constructor fails.
  static std::unique_ptr<Configurable> create(const PluginEntry& entry);

  /// Everything there is; loads all of it.
  Listing all();

 private:
  const PluginManifest& load(const std::filesystem::path& file);

  std::vector<std::filesystem::path> directories_;
  std::map<std::filesystem::path, PluginManifest> loaded_;
};

}  // namespace tactus
