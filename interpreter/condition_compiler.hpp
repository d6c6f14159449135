#pragma once
#include <optional>
#include <span>
#include <string>

#include "components/condition.hpp"
#include "interpreter/expression.hpp"
#include "interpreter/quantity_reader.hpp"
#include "interpreter/units.hpp"

namespace tactus {

/// What a name in an expression may stand for: the input with its number.
struct ConditionInput {
  std::string signal;
  Unit unit;
};

/// Makes a flat program of an expression: names become inputs, units are checked and converted, constants are
/// put in. Nothing if a finding says what is wrong. `what` names it in messages. Ordinary domain.
std::optional<Condition> compile_condition(const Expression& expression,
                                           std::span<const ConditionInput> inputs, const Constants& constants,
                                           const std::string& what, Findings& findings);

}  // namespace tactus
