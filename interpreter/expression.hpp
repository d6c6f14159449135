#pragma once
// Conditions as users write them: `sensor.level > 9.5 V or not good(sensor.level)`.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/finding.hpp"
#include "interpreter/node.hpp"

namespace tactus {

/// An expression, read but not understood: what its names are and which units it has is for the compiler.
///
///     condition  = conjunction {"or" conjunction}
///     conjunction = negation {"and" negation}
///     negation   = "not" negation | comparison
///     comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
///     sum        = product {("+" | "-") product}
///     product    = factor {("*" | "/") factor}
///     factor     = "-" factor | number [unit] | name | function "(" condition {"," condition} ")" | "("
///     condition ")"
///
/// A unit stands behind its number without blanks in itself (`9.5 V/s`); a name may have hyphens, so a minus
/// behind a name needs a blank.
struct Expression {
  enum class Kind : unsigned char { number, name, call, unary, binary };
  Kind kind = Kind::number;
  std::string text;               ///< the number with its unit, the name, the function, the operator
  std::vector<Expression> parts;  ///< arguments or operands
  Position position;
};

/// Reads the text of a node; false if a finding says what is wrong. `what` names it in messages.
bool read_expression(const Node& node, const std::string& what, Findings& findings, Expression& result);

/// The names with a dot in it, each once, in the order of their appearance.
std::vector<const Expression*> signals_of(const Expression& expression);

}  // namespace tactus
