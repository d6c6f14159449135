#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "components/actuator/actuator.hpp"
#include "engine/rate.hpp"
#include "engine/region.hpp"

namespace tactus {

/// What the modes of one region mean for a program; everything is looked up beforehand. Made in the ordinary
/// domain by ProgramBuilder; `enter` is real-time, of the beat's task, and takes a time that grows with what
/// the region governs.
class ModeSwitch final : public ModeEffect {
 public:
  /// A component that is active in some modes.
  struct Governed {
    Rate* rate;  ///< its own
    std::span<Status> statuses;
    std::vector<bool> active;  ///< by mode
  };
  /// A component with other parameters in some modes.
  struct Tuned {
    Component* component;
    std::vector<Settings> own;              ///< those of modes
    std::vector<const Settings*> settings;  ///< by mode
  };
  /// An input that reads something else in some modes.
  struct Rewired {
    Input* input;
    const Status** status;  ///< where the component's step looks for it
    std::vector<const double*> values;
    std::vector<const Status*> statuses;
    std::vector<bool> connected;  ///< all three by mode
  };
  /// An output that is safe in some modes.
  struct Guarded {
    Actuator* actuator;
    std::size_t line;
    std::vector<bool> safe;  ///< by mode
  };

  std::vector<Governed> governed;
  std::vector<Tuned> tuned;
  std::vector<Rewired> rewired;
  std::vector<Guarded> guarded;

  void enter(std::size_t mode, const Beat* turn) override;
};

}  // namespace tactus
