#pragma once
#include "components/component.hpp"

namespace tactus {

/// Derives what is not measured: estimates, filtered values, detected patterns.
class Observer : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::observer;
};

}  // namespace tactus
