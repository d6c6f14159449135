#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace tactus {

/// Why a file or directory may be altered or replaced by somebody else than root and this user: a sentence
/// that names the path at fault and what to do about it. Nothing if only those two can. It is so if the path
/// and every directory above it belong to one of the two and nobody else may write there; a directory with
/// the sticky bit, such as /tmp, is no danger to what stands in it, and a group that has no other member is
/// none at all. Symbolic links must have been resolved before (std::filesystem::canonical).
///
/// Directories that the running program stands in, at any depth, are not asked about: who can write there can
/// replace the program itself. Ordinary domain.
std::optional<std::string> why_untrusted(const std::filesystem::path& canonical);

}  // namespace tactus
