#include "interpreter/condition_compiler.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include "interpreter/number.hpp"
#include "interpreter/unit_product.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

using Operation = Condition::Operation;
using Instruction = Condition::Instruction;

/// What is wrong, and where; ends the compilation of one expression.
class Wrong : public std::runtime_error {
 public:
  Wrong(const Expression& at, const std::string& text) : std::runtime_error(text), position_(at.position) {}
  const Position& position() const { return position_; }

 private:
  Position position_;
};

/// A piece of program, and what its result is: a truth, or a quantity in a unit.
struct Piece {
  std::vector<Instruction> program;
  bool is_truth = false;
  Unit unit{};
};

const std::map<std::string, Operation, std::less<>> comparisons = {
    {"<", Operation::less},           {"<=", Operation::less_equal}, {">", Operation::greater},
    {">=", Operation::greater_equal}, {"==", Operation::equal},      {"!=", Operation::not_equal}};
const std::map<std::string, Operation, std::less<>> statuses = {{"good", Operation::is_good},
                                                                {"substituted", Operation::is_substituted},
                                                                {"stale", Operation::is_stale},
                                                                {"bad", Operation::is_bad}};

class Compiler {
 public:
  explicit Compiler(const ConditionScope& scope) : scope_(scope) {}

  Piece compile(const Expression& expression) const {
    switch (expression.kind) {
      case Expression::Kind::number:
        return number(expression, expression.text);
      case Expression::Kind::name:
        return name(expression);
      case Expression::Kind::command:
        return command(expression);
      case Expression::Kind::call:
        return call(expression);
      case Expression::Kind::unary:
        return unary(expression);
      default:
        return binary(expression);
    }
  }

  /// A pure number serves as a truth, too: a switch that is 0 or 1.
  Piece truth(const Expression& expression) const {
    Piece piece = compile(expression);
    if (piece.is_truth) return piece;
    if (!piece.unit.is_one())
      throw Wrong(expression, "a condition is expected here, this is a quantity in " + piece.unit.text() +
                                  "; compare it with something");
    piece.program.push_back({Operation::truth});
    piece.is_truth = true;
    return piece;
  }

 private:
  Piece quantity(const Expression& expression) const {
    Piece piece = compile(expression);
    if (piece.is_truth) throw Wrong(expression, "a quantity is expected here, this is true or false");
    return piece;
  }

  static Piece number(const Expression& at, const std::string& text) {
    try {
      const std::optional<Literal> literal = parse_literal(text);
      if (!literal) throw Wrong(at, "`" + text + "` is no number");
      return {{{Operation::number, 0, literal->value}}, false, literal->unit.value_or(Unit())};
    } catch (const UnitError& error) {
      throw Wrong(at, error.what());
    }
  }

  std::uint32_t input(const Expression& expression, const std::string& signal) const {
    const auto found = std::ranges::find(scope_.inputs, signal, &ConditionInput::signal);
    if (found == scope_.inputs.end()) throw Wrong(expression, "`" + signal + "` is no signal");
    return static_cast<std::uint32_t>(found - scope_.inputs.begin());
  }

  Piece command(const Expression& expression) const {
    if (scope_.commands == nullptr)
      throw Wrong(expression, "`command` is for the modes: only their conditions ask for commands");
    const auto known = std::ranges::find(*scope_.commands, expression.text);
    const auto index = static_cast<std::uint32_t>(known - scope_.commands->begin());
    if (known == scope_.commands->end()) scope_.commands->push_back(expression.text);
    return {{{Operation::command, index}}, true};
  }

  /// `mode(area.run)`: the signal `area.mode` has the number of that mode.
  Piece mode(const Expression& name) const {
    if (name.kind != Expression::Kind::name || name.text.find('.') == std::string::npos)
      throw Wrong(name, "`mode` asks for a mode of a region, such as `mode(area.run)`");
    const auto [signal, mode] = signal_of_mode(name.text);
    const std::uint32_t index = input(name, signal);
    const std::vector<std::string>& labels = scope_.inputs[index].labels;
    const auto known = std::ranges::find(labels, mode);
    if (known == labels.end()) throw Wrong(name, "there is no mode `" + name.text + "`" + hint(mode, labels));
    return {{{Operation::value, index},
             {Operation::number, 0, static_cast<double>(known - labels.begin())},
             {Operation::equal}},
            true};
  }

  Piece name(const Expression& expression) const {
    if (expression.text.find('.') != std::string::npos) {
      const std::uint32_t index = input(expression, expression.text);
      return {{{Operation::value, index}}, false, scope_.inputs[index].unit};
    }
    const auto constant = scope_.constants.find(expression.text);
    if (constant != scope_.constants.end() && constant->second.is_scalar())
      return number(expression, constant->second.text());
    std::vector<std::string> names;
    for (const auto& [known, value] : scope_.constants) names.push_back(known);
    throw Wrong(expression, "there is no constant `" + expression.text + "`" + hint(expression.text, names));
  }

  Piece call(const Expression& expression) const {
    const auto arguments = [&](std::size_t count) {
      if (expression.parts.size() != count)
        throw Wrong(expression,
                    "`" + expression.text + "` takes " + (count == 1 ? "one argument" : "two arguments"));
    };
    if (const auto status = statuses.find(expression.text); status != statuses.end()) {
      arguments(1);
      const Expression& signal = expression.parts[0];
      if (signal.kind != Expression::Kind::name || signal.text.find('.') == std::string::npos)
        throw Wrong(signal, "`" + expression.text + "` asks for the status of a signal, such as `" +
                                expression.text + "(sensor.level)`");
      return {{{status->second, input(signal, signal.text)}}, true};
    }
    if (expression.text == "mode") {
      arguments(1);
      return mode(expression.parts[0]);
    }
    if (expression.text == "abs") {
      arguments(1);
      Piece piece = quantity(expression.parts[0]);
      piece.program.push_back({Operation::absolute});
      return piece;
    }
    if (expression.text == "min" || expression.text == "max") {
      arguments(2);
      Piece left = quantity(expression.parts[0]);
      return joined(expression, std::move(left), quantity(expression.parts[1]), Quantity::absolute,
                    expression.text == "min" ? Operation::minimum : Operation::maximum);
    }
    const std::vector<std::string> known{"good", "substituted", "stale", "bad", "mode", "abs", "min", "max"};
    throw Wrong(expression, "there is no function `" + expression.text + "`" + hint(expression.text, known));
  }

  Piece unary(const Expression& expression) const {
    const bool is_not = expression.text == "not";
    Piece piece = is_not ? truth(expression.parts[0]) : quantity(expression.parts[0]);
    piece.program.push_back({is_not ? Operation::logical_not : Operation::negate});
    return piece;
  }

  Piece binary(const Expression& expression) const {
    const std::string& sign = expression.text;
    const bool is_truth = sign == "and" || sign == "or";
    Piece left = is_truth ? truth(expression.parts[0]) : quantity(expression.parts[0]);
    Piece right = is_truth ? truth(expression.parts[1]) : quantity(expression.parts[1]);
    if (is_truth) {
      append(left, right, sign == "and" ? Operation::logical_and : Operation::logical_or);
      return left;
    }
    if (sign == "*" || sign == "/") return scaled(expression, std::move(left), right);
    if (sign == "+" || sign == "-")
      return joined(expression, std::move(left), std::move(right), Quantity::difference,
                    sign == "+" ? Operation::add : Operation::subtract);
    Piece result =
        joined(expression, std::move(left), std::move(right), Quantity::absolute, comparisons.at(sign));
    result.is_truth = true;
    return result;
  }

  static void append(Piece& left, const Piece& right, Operation operation) {
    left.program.insert(left.program.end(), right.program.begin(), right.program.end());
    left.program.push_back({operation});
  }

  /// Both in the unit of the left one.
  static Piece joined(const Expression& at, Piece left, Piece right, Quantity meaning, Operation operation) {
    if (!right.unit.convertible_to(left.unit)) throw Wrong(at, mismatch(left, right));
    const Conversion factors = conversion(right.unit, left.unit, meaning);
    const bool is_number = right.program.size() == 1 && right.program[0].operation == Operation::number;
    if (is_number) {
      right.program[0].number = convert(right.program[0].number, right.unit, left.unit, meaning);
    } else if (!factors.is_identity()) {
      right.program.insert(right.program.end(),
                           {{Operation::number, 0, factors.scale}, {Operation::multiply}});
      if (factors.offset != 0)
        right.program.insert(right.program.end(), {{Operation::number, 0, factors.offset}, {Operation::add}});
    }
    append(left, right, operation);
    return left;
  }

  static std::string mismatch(const Piece& left, const Piece& right) {
    const auto bare = [](const Piece& piece) {
      return piece.unit.is_one() && piece.program.size() == 1 &&
             piece.program[0].operation == Operation::number;
    };
    if (bare(right))
      return "the number " + number_text(right.program[0].number) + " needs a unit: write `" +
             number_text(right.program[0].number) + " " + left.unit.text() + "`";
    return "one side is in " + left.unit.text() + ", the other in " + right.unit.text() +
           ", which cannot be converted";
  }

  static Piece scaled(const Expression& at, Piece left, const Piece& right) {
    if (left.unit.offset() != 0 || right.unit.offset() != 0)
      throw Wrong(at,
                  "a value in a unit with a zero of its own, such as degC, cannot be multiplied or divided");
    const bool is_division = at.text == "/";
    UnitProduct product = UnitProduct::parse(left.unit.text());
    product.multiply(UnitProduct::parse(right.unit.text()), is_division ? -1 : 1);
    left.unit = Unit::parse(product.text());
    append(left, right, is_division ? Operation::divide : Operation::multiply);
    return left;
  }

  const ConditionScope& scope_;
};

}  // namespace

std::optional<Condition> compile_condition(const Expression& expression, const ConditionScope& scope,
                                           const std::string& what, Findings& findings) {
  try {
    return Condition(Compiler(scope).truth(expression).program);
  } catch (const Wrong& wrong) {
    findings.error(wrong.position(), what + ": " + wrong.what());
  } catch (const std::invalid_argument& error) {
    findings.error(expression.position, what + ": " + error.what());
  }
  return std::nullopt;
}

}  // namespace tactus
