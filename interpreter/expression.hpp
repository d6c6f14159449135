#pragma once
// Conditions as users write them: `sensor.level > 9.5 V or not good(sensor.level)`.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
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
///     factor     = "-" factor | number [unit] | name | "command" name
///                | function "(" condition {"," condition} ")" | "(" condition ")"
///
/// A unit stands behind its number without blanks in itself (`9.5 V/s`); a name may have hyphens, so a minus
/// behind a name needs a blank.
struct Expression {
  enum class Kind : unsigned char { number, name, command, call, unary, binary };
  Kind kind = Kind::number;
  std::string text;  ///< the number with its unit, the name, the command, the function, the operator
  std::vector<Expression> parts;  ///< arguments or operands
  Position position;
};

/// Reads the text of a node; false if a finding says what is wrong. `what` names it in messages.
bool read_expression(const Node& node, const std::string& what, Findings& findings, Expression& result);

/// A signal that an expression reads.
struct SignalName {
  std::string text;
  Position position;
};

/// The names with a dot in it, each once, in the order of their appearance; for `mode(area.run)` that is the
/// signal `area.mode`.
std::vector<SignalName> signals_of(const Expression& expression);

/// The modes that it asks for, as they are written there: `area.run`.
std::vector<std::string> modes_of(const Expression& expression);

/// The signal that tells the mode, and the mode's name: of `area.run`.
std::pair<std::string, std::string> signal_of_mode(const std::string& name);

}  // namespace tactus
