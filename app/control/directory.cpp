#include "app/control/directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "interpreter/trusted_path.hpp"

namespace tactus::control {
namespace {

namespace fs = std::filesystem;

fs::path lock_path(const fs::path& directory, const std::string& name) {
  return directory / (name + ".lock");
}

/// The name's lock, or no descriptor if somebody holds it. A lock file is removed when it is given back, so
/// the one that was opened may be gone by the time it is locked: then it is tried again.
FileDescriptor try_lock(const fs::path& path) {
  while (true) {
    FileDescriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0) throw ControlError(path.string() + ": " + error_text(errno));
    if (flock(file.number(), LOCK_EX | LOCK_NB) != 0) return FileDescriptor();
    struct stat locked {};
    struct stat present {};
    if (fstat(file.number(), &locked) == 0 && lstat(path.c_str(), &present) == 0 &&
        locked.st_ino == present.st_ino) {
      return file;
    }
  }
}

/// What a run leaves in the directory; for the holder of its lock, who gives that back afterwards.
void remove_traces(const fs::path& directory, const std::string& name) {
  unlink(socket_path(directory, name).c_str());
  unlink(lock_path(directory, name).c_str());
}

}  // namespace

fs::path directory() {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  const bool has_runtime = runtime != nullptr && runtime[0] == '/';
  fs::path path =
      has_runtime ? fs::path(runtime) / "tactus" : fs::path("/tmp/tactus-" + std::to_string(geteuid()));
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    throw ControlError(path.string() + ": " + error_text(errno));
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) throw ControlError(path.string() + ": " + error_text(errno));
  if (!S_ISDIR(found.st_mode) || found.st_uid != geteuid() || (found.st_mode & 077U) != 0) {
    throw ControlError(path.string() +
                       " must be a directory of your own that is closed to others (mode 0700)");
  }
  path = fs::canonical(path);
  if (const auto why = why_untrusted(path))
    throw ControlError(path.string() + " is not safe from others: " + *why);
  return path;
}

fs::path socket_path(const fs::path& directory, const std::string& name) {
  return directory / (name + ".sock");
}

NameClaim::NameClaim(fs::path directory, std::string name)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      lock_(try_lock(lock_path(directory_, name_))) {
  if (lock_.number() < 0) {
    throw NameTaken("a run named `" + name_ + "` is there already: end it with `tactus stop -n " + name_ +
                    "`, or give this one another name with --name");
  }
  unlink(socket().c_str());  // of a run that was killed
}

NameClaim::~NameClaim() { remove_traces(directory_, name_); }

std::vector<std::string> run_names(const fs::path& directory) {
  std::vector<std::string> candidates;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".sock") candidates.push_back(entry.path().stem());
  }
  std::ranges::sort(candidates);
  std::vector<std::string> names;
  for (const std::string& name : candidates) {
    const FileDescriptor lock = try_lock(lock_path(directory, name));
    if (lock.number() < 0) {
      names.push_back(name);
    } else {
      remove_traces(directory, name);
    }
  }
  return names;
}

}  // namespace tactus::control
