#pragma once
#include <memory>
#include <vector>

#include "engine/layout.hpp"
#include "interpreter/specification.hpp"
#include "reporter/sink.hpp"

namespace tactus {

/// The files that the specification asks for, created: none if it asks for none. Throws std::runtime_error,
/// with the file's name, if one exists or cannot be made. Names are relative to the current directory.
std::vector<std::unique_ptr<Sink>> make_recordings(const Specification& specification,
                                                   const ProgramLayout& layout);

/// Whether two specifications ask for the same recording.
bool same_recordings(const Specification& a, const Specification& b);

}  // namespace tactus
