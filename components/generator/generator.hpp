#pragma once
#include "components/component.hpp"

namespace tactus {

/// Makes set-points, feed-forward and test signals; may read what is measured and observed.
class Generator : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::generator;
};

}  // namespace tactus
