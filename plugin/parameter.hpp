#pragma once
// What a user may set on a plug-in: a named, typed value with unit, range, default and one sentence of
// explanation. Validation, `tactus describe` and the documentation all derive from this one description.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace tactus {

class Configurable;

/// A parameter's value as the interpreter hands it over, already in the parameter's own unit.
/// A choice is held as the index of its word.
using Value = std::variant<double, std::int64_t, bool, std::string, std::vector<double>>;

/// How a unit with an offset applies: 2 degC as an absolute is 275.15 K, as a difference (a hysteresis) it is
/// 2 K.
enum class Quantity : std::uint8_t { absolute, difference };

/// What is optional in the declaration of a parameter. One without `initial` must be given by the user.
template <class T>
struct ParameterOptions {
  const char* unit = "1";                   ///< UDUNITS-2 string, or a unit variable such as `U/E`
  std::optional<T> initial = std::nullopt;  ///< the default, in `unit`
  double min = -std::numeric_limits<double>::infinity();  ///< inclusive, in `unit`
  double max = std::numeric_limits<double>::infinity();   ///< inclusive, in `unit`
  const char* choices = "";                               ///< the words of an enumeration, "step|sine|ramp"
  Quantity quantity = Quantity::absolute;
};

/// What is known of a parameter whatever its type.
struct ParameterDescription {
  std::string name;
  std::string unit;
  std::string description;
  Value type;                    ///< an empty value of the parameter's type
  std::optional<Value> initial;  ///< absent: the user must give it
  double min;
  double max;
  std::vector<std::string> choices;
  Quantity quantity;
};

/// Base of all parameters: the description, and the one operation the engine needs.
class ParameterBase {
 public:
  ParameterBase(Configurable& owner, ParameterDescription description);
  ParameterBase(const ParameterBase&) = delete;
  ParameterBase& operator=(const ParameterBase&) = delete;

  const ParameterDescription& description() const { return *description_; }

  /// Takes the value of the program at hand. Real-time: a copy of a number or of an address.
  virtual void bind(const Value& value) = 0;

 protected:
  virtual ~ParameterBase() = default;

 private:
  std::unique_ptr<const ParameterDescription> description_;  // apart: the beat only touches the value
};

/// A parameter of type double, std::int64_t, bool, an enumeration (values 0, 1, ... named by `choices`),
/// std::string or std::vector<double>. Reads like the value itself in `configure`, `start`, `update` and
/// `stop`.
template <class T>
class Parameter final : public ParameterBase {
  static constexpr bool is_large = std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<double>>;
  using Held = std::conditional_t<std::is_enum_v<T>, std::int64_t, T>;
  using Stored = std::conditional_t<is_large, const T*, T>;

 public:
  Parameter(Configurable& owner, const char* name, const ParameterOptions<T>& options,
            const char* description)
      : ParameterBase(owner, describe(name, options, description)) {}

  const T& operator()() const {
    if constexpr (is_large)
      return *value_;
    else
      return value_;
  }
  operator const T&() const { return (*this)(); }
  const T* operator->() const { return &(*this)(); }

  void bind(const Value& value) override {
    const Held& held = *std::get_if<Held>(&value);  // the interpreter has checked the type
    if constexpr (is_large)
      value_ = &held;  // lives in the program's settings, as long as the program
    else
      value_ = static_cast<T>(held);
  }

 private:
  static ParameterDescription describe(const char* name, const ParameterOptions<T>& options,
                                       const char* text) {
    std::optional<Value> initial;
    if (options.initial) initial = Value(static_cast<Held>(*options.initial));
    return {name,          options.unit,           text,
            Value(Held{}), std::move(initial),     options.min,
            options.max,   split(options.choices), options.quantity};
  }

  static std::vector<std::string> split(std::string_view words) {
    std::vector<std::string> result;
    while (!words.empty()) {
      const std::size_t end = std::min(words.find('|'), words.size());
      result.emplace_back(words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
    return result;
  }

  Stored value_{};
};

}  // namespace tactus
