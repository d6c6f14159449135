#include "guard/preload.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace tactus::guard {
namespace {

namespace fs = std::filesystem;

constexpr const char* variable = "LD_PRELOAD";
constexpr const char* library_name = "libtactus_guard.so";

std::string preloaded() {
  const char* const value = std::getenv(variable);
  return value != nullptr ? value : "";
}

fs::path program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

fs::path library() {
#ifdef TACTUS_GUARD_LIBRARY
  const fs::path here = program().parent_path();
  const fs::path places[] = {here / library_name,                                    // beside the program
                             here / ".." / "guard" / library_name,                   // in the build tree
                             here / ".." / TACTUS_LIBDIR / "tactus" / library_name,  // installed
                             here / ".." / "lib" / "tactus" / library_name};
  std::error_code error;
  for (const fs::path& place : places) {
    if (fs::exists(place, error)) return fs::canonical(place);
  }
  throw GuardError(std::string(library_name) + " is missing: it belongs to " +
                   places[2].lexically_normal().string());
#else
  throw GuardError("a build with a sanitizer has none: the sanitizer stands where they would");
#endif
}

/// The arguments that this process was begun with.
std::vector<std::string> arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

/// Programs that this one begins are to have no guards.
void forget_library() {
  const std::string value = preloaded();
  const std::size_t end = value.find(':');
  if (value.substr(0, end).find(library_name) == std::string::npos) return;
  if (end == std::string::npos) {
    unsetenv(variable);
  } else {
    setenv(variable, value.substr(end + 1).c_str(), 1);
  }
}

}  // namespace

Guards* standing_guards() {
  const auto entry = reinterpret_cast<decltype(&tactus_guards)>(dlsym(RTLD_DEFAULT, "tactus_guards"));
  if (entry == nullptr) return nullptr;
  forget_library();
  return entry(interface_version);
}

void restart_with_guards() {
  const std::string file = library().string();
  const std::string before = preloaded();
  if (before.find(library_name) != std::string::npos) {
    throw GuardError("the system did not load " + file +
                     ": it is another version's, or the program has privileges of its own (setuid, setcap), "
                     "with which LD_PRELOAD is ignored");
  }
  setenv(variable, (before.empty() ? file : file + ":" + before).c_str(), 1);
  std::vector<std::string> words = arguments();
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execv(program().c_str(), pointers.data());
  throw GuardError("the program can't be begun anew: " + std::generic_category().message(errno));
}

}  // namespace tactus::guard
