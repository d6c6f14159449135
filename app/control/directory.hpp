#pragma once
// Where the runs of a user are found: a directory that only this user can enter, with a socket for each run.

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "reporter/recording_file.hpp"

namespace tactus::control {

/// The directory or a socket in it cannot be had. The message is for the user.
class ControlError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A run has the name already.
class NameTaken : public ControlError {
 public:
  using ControlError::ControlError;
};

/// $XDG_RUNTIME_DIR/tactus, or /tmp/tactus-<uid> where there is none. Made if it is not there; throws
/// ControlError if it is somebody else's, open to others, or could be replaced by others. Links are resolved.
std::filesystem::path directory();

/// The socket of the run of this name.
std::filesystem::path socket_path(const std::filesystem::path& directory, const std::string& name);

/// The right to a name among the runs of this user, until the object or the process ends: a lock that the
/// system gives back by itself, so that a killed run leaves no name taken.
class NameClaim {
 public:
  /// Throws NameTaken, or ControlError if it cannot be told. What a dead run of this name left behind is
  /// removed.
  NameClaim(std::filesystem::path directory, std::string name);
  ~NameClaim();
  NameClaim(const NameClaim&) = delete;
  NameClaim& operator=(const NameClaim&) = delete;

  const std::string& name() const { return name_; }
  std::filesystem::path socket() const { return socket_path(directory_, name_); }
  /// The lock: another process that holds it, too, keeps the name taken when this one is killed.
  int lock() const { return lock_.number(); }

 private:
  std::filesystem::path directory_;
  std::string name_;
  FileDescriptor lock_;
};

/// The names of all runs in the directory, sorted. What dead runs left behind is removed.
std::vector<std::string> run_names(const std::filesystem::path& directory);

}  // namespace tactus::control
