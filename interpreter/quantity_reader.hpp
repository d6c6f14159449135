#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "interpreter/finding.hpp"
#include "interpreter/node.hpp"
#include "interpreter/units.hpp"

namespace tactus {

/// Quantities that have a name in the file.
using Constants = std::map<std::string, Node, std::less<>>;

/// Turns what the user wrote into numbers in the unit that is wanted. What is wrong goes to the findings, at
/// the value's position.
class QuantityReader {
 public:
  QuantityReader(const Constants& constants, Findings& findings)
      : constants_(constants), findings_(findings) {}

  /// A quantity, or the name of a constant, in `unit`. `what` names it in messages: `kp of loop`;
  /// `why` explains the unit, if it needs that.
  std::optional<double> read(const Node& value, const Unit& unit, Quantity quantity, const std::string& what,
                             const std::string& why = {});
  /// As it was written; a constant's name is replaced by its value.
  std::optional<Literal> literal(const Node& value, const std::string& what);

 private:
  const Constants& constants_;
  Findings& findings_;
};

}  // namespace tactus
