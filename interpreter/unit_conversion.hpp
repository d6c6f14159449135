#pragma once
#include <string>

#include "components/observer/observer.hpp"

namespace tactus {

/// Stands between a signal and an input of another unit: value = scale x value + offset. The compiler puts it
/// there, under the name `<component>.<input>.unit`; users never write one.
class UnitConversion final : public Observer {
 public:
  static constexpr const char* plugin_name = "unit-conversion";

  UnitConversion(const std::string& from, const std::string& to)
      : input_(*this, "value", from), output_(*this, "value", to) {}

  void update(const Beat&) override { output_ = scale_ * input_ + offset_; }

 private:
  Input input_;
  Output output_;
  Parameter<double> scale_{*this, "scale", {.initial = 1.0}, "new unit for each old one"};
  Parameter<double> offset_{*this, "offset", {.initial = 0.0}, "in the new unit"};
};

}  // namespace tactus
