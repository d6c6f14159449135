#include "interpreter/quantity_reader.hpp"

#include <cmath>
#include <limits>

#include "interpreter/number.hpp"
#include "interpreter/words.hpp"

namespace tactus {

std::optional<Literal> QuantityReader::literal(const Node& value, const std::string& what) {
  const auto refuse = [&](const std::string& text) {
    findings_.error(value.position(), text);
    return std::nullopt;
  };
  if (!value.is_scalar())
    return refuse(what + " must be a number with its unit, this is " + value.kind_name());
  const std::string& text = value.text();
  const auto constant = constants_.find(text);
  if (constant != constants_.end() && !value.quoted()) {
    if (constant->second.is_scalar() && constants_.contains(constant->second.text()))
      return refuse("the constant `" + text + "` must be a quantity, not another constant");
    return literal(constant->second, "the constant `" + text + "`");
  }
  try {
    if (const auto number = value.number()) return Literal{*number, text, std::nullopt};
    if (auto parsed = parse_literal(text)) {
      if (!parsed->unit) return refuse(what + " is text in quotes; a number is written without them");
      return parsed;
    }
  } catch (const UnitError& error) {
    return refuse(what + ": " + error.what());
  }
  std::vector<std::string> names;
  for (const auto& [name, node] : constants_) names.push_back(name);
  return refuse(what + " must be a number with its unit or the name of a constant, this is `" + text + "`" +
                hint(text, names));
}

std::optional<double> QuantityReader::read(const Node& value, const Unit& unit, Quantity quantity,
                                           const std::string& what, const std::string& why) {
  const std::optional<Literal> written = literal(value, what);
  if (!written) return std::nullopt;
  const auto refuse = [&](const std::string& text) {
    findings_.error(value.position(), text + why);
    return std::nullopt;
  };
  if (std::isnan(written->value)) return refuse(what + " is not a number");
  if (!written->unit) {
    if (std::isinf(written->value) || unit.is_one()) return written->value;  // without bound in any unit
    if (unit.convertible_to(Unit()))
      return convert(written->value, Unit(), unit);  // a ratio, though wanted in %
    return refuse(what + " needs a unit: write `" + written->number + " " + unit.text() + "`");
  }
  if (written->unit->convertible_to(unit)) return convert(written->value, *written->unit, unit, quantity);
  const bool is_ratio = unit.convertible_to(Unit());
  return refuse(what + " is given in " + written->unit->text() + ", which cannot be converted to " +
                (is_ratio ? "a pure number" : unit.text()));
}

}  // namespace tactus
