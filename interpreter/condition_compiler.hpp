#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "components/condition.hpp"
#include "interpreter/expression.hpp"
#include "interpreter/quantity_reader.hpp"
#include "interpreter/units.hpp"

namespace tactus {

/// What a name in an expression may stand for: the input with its number.
struct ConditionInput {
  std::string signal;
  Unit unit;
  std::vector<std::string> labels{};  ///< the names of its values 0, 1, ..., if they have any
};

/// What the words of an expression mean where it stands.
struct ConditionScope {
  std::span<const ConditionInput> inputs;
  const Constants& constants;
  std::vector<std::string>* commands = nullptr;  ///< those known by now, a new one comes last; null: not here
};

/// Makes a flat program of an expression: names become inputs, units are checked and converted, constants are
/// put in. Nothing if a finding says what is wrong. `what` names it in messages. Ordinary domain.
std::optional<Condition> compile_condition(const Expression& expression, const ConditionScope& scope,
                                           const std::string& what, Findings& findings);

}  // namespace tactus
