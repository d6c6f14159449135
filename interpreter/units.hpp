#pragma once
// Units of measure: UDUNITS-2 strings under stricter rules. Angle and cycle are dimensions (1 Hz is 2 pi
// rad/s and not 1/s), nothing is converted into its reciprocal, and an offset (degC) applies to absolute
// values only.

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "plugin/parameter.hpp"

namespace tactus {

/// The text is no unit, or two units do not belong together. The message is for the user.
class UnitError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a unit text means. A value in base units is `scale x value + offset`.
class Unit {
 public:
  /// The unit of pure numbers.
  Unit() = default;
  /// Any UDUNITS-2 unit, in which unit variables (see `variables`) may stand; throws UnitError. Any thread.
  static Unit parse(std::string_view text);

  /// As the user wrote it, without blanks at the ends; `1` for pure numbers.
  const std::string& text() const { return text_; }
  double scale() const { return scale_; }
  double offset() const { return offset_; }
  /// A pure number: a bare `2` will do.
  bool is_one() const { return powers_.empty() && scale_ == 1 && offset_ == 0; }
  /// The same dimensions: values may be converted.
  bool convertible_to(const Unit& other) const { return powers_ == other.powers_; }
  /// Nothing to convert.
  bool operator==(const Unit& other) const;

  /// The unit variables in it with their powers: single capital letters that are no unit (`E`, `U`, `Y`).
  std::map<char, int> variables() const;

 private:
  friend class UnitReader;
  std::string text_ = "1";
  double scale_ = 1;
  double offset_ = 0;
  std::map<std::string, int> powers_;  // of the base units; a variable is one, called `$U`
};

/// value in the new unit = scale x value + offset.
struct Conversion {
  double scale = 1;
  double offset = 0;
  bool is_identity() const { return scale == 1 && offset == 0; }
};

/// Throws UnitError if the dimensions differ.
Conversion conversion(const Unit& from, const Unit& to, Quantity quantity = Quantity::absolute);

/// One value from one unit into another, correctly rounded where the factor is a whole number or a fraction
/// of 1 (9 mV are the double nearest to 0.009 V). Throws UnitError if the dimensions differ.
double convert(double value, const Unit& from, const Unit& to, Quantity quantity = Quantity::absolute);

/// `above` for each `below`: V/K.
Unit quotient(const Unit& above, const Unit& below);

/// A number with a unit as users write it: `3 V`, `0.02 1/s`, `-5 mV`, `2`.
struct Literal {
  double value = 0;
  std::string number;        ///< its text, for those who need it exactly
  std::optional<Unit> unit;  ///< absent: a bare number
};

/// Nothing if the text does not begin with a number; throws UnitError if what follows is no unit.
std::optional<Literal> parse_literal(std::string_view text);

}  // namespace tactus
