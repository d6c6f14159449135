#pragma once
// The order in which outputs go safe: the key `safe_order` of the file.

#include <vector>

#include "engine/program_builder.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// Fills `safe_order` of a specification that has its components already.
void read_safe_order(const Node& node, Specification& specification, Findings& findings);

/// The outputs by number: as the components and their channels stand in the specification.
std::vector<ProgramBuilder::Line> lines_in_safe_order(const Specification& specification);

}  // namespace tactus
