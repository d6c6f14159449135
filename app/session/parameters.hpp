#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/session/session.hpp"

namespace tactus {

/// One value that a user may have given to a running experiment.
struct ParameterInForce {
  std::string name;  ///< `loop.kp`, `drive.pump.limits`
  nlohmann::json value;
  std::string unit;  ///< empty: it has none
  const char* from;  ///< which word holds: `set`, `mode`, `file` or `default`
};

/// All parameters of the running program as the present modes have them, in the order of the beat: those of
/// the components, the limits, slew rates and safe values of the outputs, and those of the devices.
std::vector<ParameterInForce> parameters_in_force(const Session& session);

/// A number as JSON: what has no place there is `.inf`, `-.inf` or `.nan`.
nlohmann::json number_json(double value);

}  // namespace tactus
