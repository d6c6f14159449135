#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "components/port.hpp"

namespace tactus {

/// A condition over signals as a flat program for a small stack: what an expression such as
/// `sensor.level > 9.5 V or not good(sensor.level)` is compiled to. Made in the ordinary domain, evaluated in
/// the real-time domain in bounded time, without a branch on what the user wrote.
///
/// There are three truths: 1, 0, and unknown (not a number). The value of a signal that is bad or not finite
/// is unknown; what is compared with it, too; `and` and `or` are known where one side decides (Kleene).
class Condition {
 public:
  enum class Operation : std::uint8_t {
    // Push something.
    number,          ///< `number`
    value,           ///< of input `input`, or unknown
    is_good,         ///< whether the status of input `input` is this
    is_substituted,  ///< .
    is_stale,        ///< .
    is_bad,          ///< .
    command,         ///< whether the user gave command `input` since the last beat
    // Change the topmost one.
    negate,
    absolute,
    truth,  ///< whether it is not 0
    logical_not,
    // Make one of the topmost two.
    add,
    subtract,
    multiply,
    divide,
    minimum,
    maximum,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    logical_and,
    logical_or,
  };
  struct Instruction {
    Operation operation;
    std::uint32_t input = 0;
    double number = 0;
    bool operator==(const Instruction&) const = default;
  };
  /// Room on the stack.
  static constexpr std::size_t depth = 32;

  /// Unknown.
  Condition() = default;
  /// Throws std::invalid_argument if the program takes more from the stack than it put there, leaves more
  /// than one result, or needs more room than there is.
  explicit Condition(std::vector<Instruction> program);

  /// 1, 0, or not a number. `commands`: which of those that the program knows were given. Real-time.
  double evaluate(std::span<const std::unique_ptr<Input>> inputs,
                  std::span<const std::uint8_t> commands = {}) const;

  bool operator==(const Condition&) const = default;

 private:
  std::vector<Instruction> program_;
};

}  // namespace tactus
