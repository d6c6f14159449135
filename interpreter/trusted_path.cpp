#include "interpreter/trusted_path.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace tactus {
namespace {

namespace fs = std::filesystem;

bool is_trusted(uid_t user) { return user == 0 || user == geteuid(); }

/// By name; an unknown one is somebody else.
bool is_trusted(const char* name) {
  const passwd* const user = getpwnam(name);
  return user != nullptr && is_trusted(user->pw_uid);
}

/// Whether the group is this user's (or root's) own, as many systems give one to each user, and let its
/// members write by default.
bool is_private(gid_t number) {
  const group* const found = getgrgid(number);
  if (found == nullptr) return false;
  for (char** member = found->gr_mem; *member != nullptr; ++member) {
    if (!is_trusted(*member)) return false;
  }
  bool others = false;
  setpwent();
  while (const passwd* const user = getpwent())
    others = others || (user->pw_gid == number && !is_trusted(user->pw_uid));
  endpwent();
  return !others;
}

/// What of one path lets others in; `beneath`: something that matters stands in it.
std::optional<std::string> fault_of(const fs::path& path, bool beneath) {
  struct stat about {};
  if (lstat(path.c_str(), &about) != 0) return path.string() + ": " + std::generic_category().message(errno);
  if (!is_trusted(about.st_uid)) {
    return path.string() + " belongs to another user (" + std::to_string(about.st_uid) +
           "), who could put something else in its place: chown it, or copy what is needed";
  }
  if (beneath && S_ISDIR(about.st_mode) && (about.st_mode & S_ISVTX) != 0) return std::nullopt;
  if ((about.st_mode & S_IWOTH) != 0) {
    return path.string() +
           " can be written by everybody, who could put something else in its place: chmod o-w " +
           path.string();
  }
  if ((about.st_mode & S_IWGRP) != 0 && !is_private(about.st_gid)) {
    return path.string() + " can be written by its group (" + std::to_string(about.st_gid) +
           "), who could put something else in its place: chmod g-w " + path.string();
  }
  return std::nullopt;
}

/// Whether `path` stands in `directory`, or is it.
bool is_within(const fs::path& path, const fs::path& directory) {
  const auto [end, rest] = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

}  // namespace

std::optional<std::string> why_untrusted(const fs::path& canonical) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  bool beneath = false;
  for (fs::path path = canonical; !is_within(program, path); path = path.parent_path()) {
    if (auto fault = fault_of(path, beneath)) return fault;
    if (path == path.root_path()) break;
    beneath = true;
  }
  return std::nullopt;
}

}  // namespace tactus
