#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tactus {

/// The text of a unit as a product of powers (`U s/Y`: U, s, 1/Y), so that units can be multiplied, cancelled
/// and put in the place of unit variables and still read as people write them.
class UnitProduct {
 public:
  UnitProduct() = default;
  /// What is more than names, powers, blanks and `/` stays in one piece.
  static UnitProduct parse(std::string_view text);

  /// This one times `factor` to a power.
  void multiply(const UnitProduct& factor, int power);
  /// Every `variable` replaced by a unit.
  UnitProduct with(char variable, const UnitProduct& unit) const;
  /// Without `variable`, whatever its power.
  UnitProduct without(char variable) const;

  /// `V/K`, `1/s`, `1`.
  std::string text() const;

 private:
  void multiply(const std::string& factor, int power);
  std::vector<std::pair<std::string, int>> factors_;  // no power is 0; in the order of their appearance
};

}  // namespace tactus
