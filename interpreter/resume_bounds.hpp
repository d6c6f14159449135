#pragma once
// What must agree for a run to go on from a checkpoint: the key `resume` of the file.

#include <vector>

#include "engine/layout.hpp"
#include "interpreter/compiler.hpp"
#include "interpreter/quantity_reader.hpp"

namespace tactus {

/// The bounds of a specification in the units of a program's signals, as the layout tells them. What is no
/// measurement, or no bound, goes to the findings.
std::vector<CompiledBound> compile_bounds(const Specification& specification, const ProgramLayout& layout,
                                          QuantityReader& quantities, Findings& findings);

/// The signals that there may be bounds for.
std::vector<std::string> measurements(const ProgramLayout& layout);

}  // namespace tactus
