#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/draft.hpp"
#include "interpreter/finding.hpp"

namespace tactus {

/// Resolves the names of signals into components and outputs. Ordinary domain.
class Wiring {
 public:
  Wiring(DraftComponents& components, Findings& findings);

  /// Gives each input its source; what is unknown or missing becomes a finding.
  void connect();
  /// The input's number and its source; nothing if a finding says what is wrong.
  std::optional<std::pair<std::size_t, DraftSource>> resolve(const DraftComponent& component,
                                                             const ConnectionSpecification& connection);
  /// Whether `component` or `component.signal` exists; if not, a finding that says so.
  void check_reported(const Word& name);

 private:
  struct Signal {
    std::size_t component;
    std::size_t output;
  };
  /// Nothing if there is none; then it is found, unless its component is broken anyway.
  std::optional<Signal> find(const Word& name);
  void connect(DraftComponent& component, const ConnectionSpecification& connection);
  void find_unconnected(DraftComponent& component);

  DraftComponents& components_;
  Findings& findings_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::vector<std::string> component_names_;
};

}  // namespace tactus
