#pragma once
#include "interpreter/schedule_reader.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// Reads one entry of `chains`, once all components are read: those that it names get to know it.
void read_chain(const Node::Entry& entry, Specification& specification, ScheduleReader& schedules,
                Findings& findings);

}  // namespace tactus
