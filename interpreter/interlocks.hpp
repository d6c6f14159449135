#pragma once
#include "interpreter/section_reader.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// Reads what is special about an interlock: its condition, whose signals become its inputs, and its action.
void read_interlock(ComponentSpecification& component, const SectionReader& reader, Findings& findings);

/// Once all components are read: what the interlocks act on gets to know them, as gates of its outputs.
void connect_interlocks(Specification& specification, Findings& findings);

}  // namespace tactus
