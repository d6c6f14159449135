#include "components/condition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace tactus {
namespace {

using Operation = Condition::Operation;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// How many values an operation takes from the stack; it puts one back.
std::size_t taken(Operation operation) {
  if (operation < Operation::negate) return 0;
  return operation < Operation::add ? 1 : 2;
}

double value_of(const Input& input) {
  const double value = input;
  return input.status() == Status::bad || !std::isfinite(value) ? unknown : value;
}

double loaded(const Condition::Instruction& instruction, std::span<const std::unique_ptr<Input>> inputs,
              std::span<const std::uint8_t> commands) {
  if (instruction.operation == Operation::number) return instruction.number;
  if (instruction.operation == Operation::command) return commands[instruction.input];
  const Input& input = *inputs[instruction.input];
  switch (instruction.operation) {
    case Operation::is_good:
      return input.status() == Status::good ? 1 : 0;
    case Operation::is_substituted:
      return input.status() == Status::substituted ? 1 : 0;
    case Operation::is_stale:
      return input.status() == Status::stale ? 1 : 0;
    case Operation::is_bad:
      return input.status() == Status::bad ? 1 : 0;
    default:
      return value_of(input);
  }
}

double changed(Operation operation, double a) {
  switch (operation) {
    case Operation::negate:
      return -a;
    case Operation::absolute:
      return std::abs(a);
    default:
      break;
  }
  if (std::isnan(a)) return unknown;
  return (operation == Operation::truth) == (a != 0) ? 1 : 0;
}

double both(double a, double b) {
  if (a == 0 || b == 0) return 0;
  return std::isnan(a) || std::isnan(b) ? unknown : 1;
}

double compared(Operation operation, double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return unknown;
  switch (operation) {
    case Operation::less:
      return a < b ? 1 : 0;
    case Operation::less_equal:
      return a <= b ? 1 : 0;
    case Operation::greater:
      return a > b ? 1 : 0;
    case Operation::greater_equal:
      return a >= b ? 1 : 0;
    case Operation::equal:
      return a == b ? 1 : 0;
    default:
      return a != b ? 1 : 0;
  }
}

double combined(Operation operation, double a, double b) {
  switch (operation) {
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return a / b;
    case Operation::minimum:
      return std::isnan(a) || std::isnan(b) ? unknown : std::min(a, b);
    case Operation::maximum:
      return std::isnan(a) || std::isnan(b) ? unknown : std::max(a, b);
    case Operation::logical_and:
      return both(a, b);
    case Operation::logical_or:  // not both false
      return changed(Operation::logical_not,
                     both(changed(Operation::logical_not, a), changed(Operation::logical_not, b)));
    default:
      return compared(operation, a, b);
  }
}

}  // namespace

Condition::Condition(std::vector<Instruction> program) : program_(std::move(program)) {
  std::size_t height = 0;
  for (const Instruction& instruction : program_) {
    const std::size_t needs = taken(instruction.operation);
    if (needs > height) throw std::invalid_argument("a condition takes from an empty stack");
    height += 1 - needs;
    if (height > depth) throw std::invalid_argument("a condition is nested too deeply");
  }
  if (height != 1) throw std::invalid_argument("a condition has one result");
}

double Condition::evaluate(std::span<const std::unique_ptr<Input>> inputs,
                           std::span<const std::uint8_t> commands) const {
  std::array<double, depth> stack{unknown};
  std::size_t height = 0;
  for (const Instruction& instruction : program_) {
    const std::size_t needs = taken(instruction.operation);
    if (needs == 0) {
      stack[height++] = loaded(instruction, inputs, commands);
    } else if (needs == 1) {
      stack[height - 1] = changed(instruction.operation, stack[height - 1]);
    } else {
      --height;
      stack[height - 1] = combined(instruction.operation, stack[height - 1], stack[height]);
    }
  }
  return stack[0];
}

}  // namespace tactus
