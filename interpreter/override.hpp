#pragma once
#include <string>

#include "interpreter/finding.hpp"
#include "interpreter/node.hpp"

namespace tactus {

/// The tree with one value changed, as if the user had written it there: `loop.kp=2`, `drive.pump.limits=[0
/// V, 4 V]`, `heartbeat.period=1 ms`, `rig.noise=0 V`. What is wrong is found at the position `--set
/// loop.kp=2`; the tree is returned as it was then.
Node with_assignment(const Node& tree, const std::string& assignment, Findings& findings);

}  // namespace tactus
