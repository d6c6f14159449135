#pragma once
#include "components/component.hpp"

namespace tactus {

/// Computes what the actuators shall do from set-points, measurements and estimates.
class Controller : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::controller;
};

}  // namespace tactus
