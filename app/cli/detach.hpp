#pragma once
#include <filesystem>
#include <optional>

#include "reporter/recording_file.hpp"

namespace tactus::cli {

/// A run that goes on without the terminal and the process that started it. The process divides in two before
/// anything is opened and before there are threads; the first one returns when the second one has started the
/// run, or with its error and exit status. Ordinary domain.
class Detachment {
 public:
  /// In the second process: an object. In the first one, when the second one has started or has failed:
  /// nothing, and `status` is what to exit with. Throws std::system_error.
  static std::optional<Detachment> divide(int& status);

  /// From here on, what the run says goes into a file of its own, new and empty. Throws std::system_error.
  void speak_into(const std::filesystem::path& log);
  /// The run has started: the first process may go.
  void started();

 private:
  explicit Detachment(FileDescriptor line) : line_(std::move(line)) {}
  FileDescriptor line_;  // to the first process
};

/// The file into which the run of this name speaks.
std::filesystem::path log_path(const std::filesystem::path& directory, const std::string& name);

}  // namespace tactus::cli
