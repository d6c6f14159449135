#pragma once
#include <map>
#include <string>
#include <vector>

#include "interpreter/draft.hpp"
#include "interpreter/parameters.hpp"
#include "interpreter/unit_product.hpp"

namespace tactus {

/// Finds what the unit variables of each component (`U`, `Y`) stand for. In order of authority: the sources
/// of its inputs, its parameters that are in such a unit, what the consumers of its outputs expect, its
/// parameters in units that are made of it; what nothing tells is a pure number. Each answer may lead to the
/// next, so it goes round until nothing changes.
class UnitSolution {
 public:
  UnitSolution(const DraftComponents& components, QuantityReader& quantities, Findings& findings);

  /// The meaning of a declared unit within a component, for example `U/Y`.
  ResolvedUnit resolve(std::size_t component, const std::string& declared) const;
  /// The unit in which an input is read. That of a condition is its source's, whatever that is.
  ResolvedUnit of_input(std::size_t component, std::size_t input) const;

 private:
  struct Expression {
    UnitProduct product;
    std::map<char, int> variables;
  };
  struct Bound {
    UnitProduct unit;
    std::string reason;
  };
  using Variables = std::map<char, Bound>;

  const Expression& expression(const std::string& declared) const;
  /// The unit with the variables that are known replaced; nothing if some are not.
  std::optional<UnitProduct> known(std::size_t component, const std::string& declared) const;
  /// Learns the one unknown variable of `declared` from the unit that it must be.
  bool learn(std::size_t component, const std::string& declared, const UnitProduct& unit,
             const std::string& reason);

  bool from_sources();
  bool from_parameters(bool alone);
  bool from_consumers();
  void check_declarations(Findings& findings);

  const DraftComponents& components_;
  QuantityReader& quantities_;
  std::vector<Variables> variables_;
  bool complete_ =
      true;  // false: some component or connection is missing, and with it what it would have told
  mutable std::map<std::string, Expression> expressions_;
};

}  // namespace tactus
