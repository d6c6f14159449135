#pragma once
#include <filesystem>

#include "reporter/recording_file.hpp"

namespace tactus::control {

/// A socket that listens at a path that does not exist yet, for this user only; never blocks. Throws
/// ControlError.
FileDescriptor listen_at(const std::filesystem::path& path);

/// A socket that is connected to the one at the path. Throws ControlError.
FileDescriptor connect_to(const std::filesystem::path& path);

/// Whether the process at the other end belongs to this user or to root.
bool is_trusted_peer(const FileDescriptor& socket);

}  // namespace tactus::control
