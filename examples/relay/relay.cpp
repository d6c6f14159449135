#include <tactus.hpp>

class Relay : public tactus::Controller {
  Input error{*this, "error", "E"};  // E and U: any unit, resolved from the wiring
  Output output{*this, "output", "U"};
  Parameter<double> amplitude{*this, "amplitude", {.unit = "U", .min = 0}, "switching level"};

  void update(const Beat&) override { output = error > 0 ? amplitude : -amplitude; }
};

TACTUS_PLUGIN(Relay, "relay", "two-point controller")
