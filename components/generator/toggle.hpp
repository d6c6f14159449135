#pragma once
#include "components/generator/generator.hpp"

namespace tactus {

/// Changes between two levels on each of its turns: what keeps a charge pump going. It counts turns, not
/// time, so that it shows beats that ran, and stands still as soon as there are none.
class Toggle final : public Generator {
 public:
  void configure(Configuration& configuration) override {
    if (low() == high()) configuration.refuse("high", "is the same as `low`: nothing would toggle");
  }
  void update(const Beat&) override {
    is_high_ = !is_high_;
    level_ = is_high_ ? high() : low();
  }
  void state(StateVisitor& visitor) override { visitor.visit("high", is_high_); }

 private:
  Output level_{*this, "level", "U", "that the line is to have"};
  Parameter<double> low{*this, "low", {.unit = "U"}, "one level"};
  Parameter<double> high{*this, "high", {.unit = "U"}, "the other level, and the first"};
  bool is_high_ = false;
};

}  // namespace tactus
