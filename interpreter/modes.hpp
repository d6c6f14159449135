#pragma once
#include "interpreter/schedule_reader.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// Reads one entry of `modes`, once all other components are read: a region becomes a component whose inputs
/// are the signals of its conditions.
void read_region(const Node::Entry& entry, Specification& specification, ScheduleReader& schedules,
                 Findings& findings);

/// Once all regions are read: no component, parameter set, input and output may belong to two of them.
void check_regions(const Specification& specification, Findings& findings);

}  // namespace tactus
