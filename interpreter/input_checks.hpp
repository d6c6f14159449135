#pragma once
// What a user says about bad samples of an input: the keys `outlier`, `stuck` and `on_bad` of a channel.

#include <string>

#include "interpreter/quantity_reader.hpp"
#include "interpreter/section_reader.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// As written. `what` names the signal in messages.
void read_input_checks(ChannelSpecification& channel, const SectionReader& reader, const std::string& what,
                       Findings& findings);

/// In numbers, for a signal of that unit. What is wrong becomes a finding and is left at its default.
void compile_input_checks(ScannerLine& line, const ChannelSpecification& channel, const Unit& unit,
                          const std::string& what, QuantityReader& quantities, Findings& findings);

}  // namespace tactus
