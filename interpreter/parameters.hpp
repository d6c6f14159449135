#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "interpreter/quantity_reader.hpp"
#include "interpreter/schema.hpp"
#include "interpreter/specification.hpp"
#include "plugin/configurable.hpp"

namespace tactus {

/// What a plug-in's unit means where the plug-in stands, and why.
struct ResolvedUnit {
  Unit unit;
  std::string why{};  ///< for messages; empty if it needs no explanation
  bool is_known =
      true;  ///< false: it depends on something that is broken itself, and is not to be complained about
};
using UnitResolver = std::function<ResolvedUnit(const std::string& declared)>;

/// Holds what the user gave against what a plug-in declares.
class ParameterFiller {
 public:
  /// `what` names the instance in messages; `position` is where it is defined.
  ParameterFiller(const Configurable& instance, std::string what, Position position,
                  QuantityReader& quantities, Findings& findings)
      : instance_(instance),
        what_(std::move(what)),
        position_(std::move(position)),
        quantities_(quantities),
        findings_(findings) {}

  /// Settings with all values in the units of the plug-in; whatever is wrong becomes a finding. Parameters
  /// that are not given have their defaults.
  Settings fill(const std::vector<ParameterSpecification>& given, const schema::Section& section,
                const UnitResolver& units);

 private:
  void check_names(const std::vector<ParameterSpecification>& given, const schema::Section& section);
  std::optional<Value> value(const ParameterDescription& about, const Node& node, const UnitResolver& units);
  std::optional<Value> number(const ParameterDescription& about, const Node& node, const UnitResolver& units);
  std::optional<Value> integer(const ParameterDescription& about, const Node& node);
  std::optional<Value> choice(const ParameterDescription& about, const Node& node);
  std::optional<Value> list(const ParameterDescription& about, const Node& node, const UnitResolver& units);
  bool in_range(const ParameterDescription& about, double value, const Position& position,
                const std::string& unit);
  std::nullopt_t refuse(const Node& node, const std::string& text);
  std::string name_of(const ParameterDescription& about) const { return "`" + about.name + "` of " + what_; }

  const Configurable& instance_;
  std::string what_;
  Position position_;
  QuantityReader& quantities_;
  Findings& findings_;
};

/// Calls `configure`; what it refuses or throws becomes findings at the parameter's position. False if it
/// did.
bool configure(Configurable& instance, Configuration& configuration,
               const std::vector<ParameterSpecification>& given, const std::string& what,
               const Position& position, Findings& findings);

}  // namespace tactus
