#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "interpreter/draft.hpp"
#include "interpreter/finding.hpp"
#include "interpreter/wiring.hpp"

namespace tactus {

/// Looks up what the modes of regions name. Ordinary domain.
class ModeCompiler {
 public:
  /// The settings of a component with those parameters; nothing if a finding says what is wrong.
  using MakeSettings = std::function<std::optional<Settings>(std::size_t component,
                                                             const std::vector<ParameterSpecification>&)>;

  ModeCompiler(const DraftComponents& components, Wiring& wiring, MakeSettings make_settings,
               Findings& findings)
      : components_(components),
        wiring_(wiring),
        make_settings_(std::move(make_settings)),
        findings_(findings) {}

  DraftModes compile(std::size_t region);

 private:
  std::size_t component(std::string_view name) const;
  void govern(DraftModes& result) const;
  void tune(DraftModes& result);
  void rewire(DraftModes& result);
  void guard(DraftModes& result) const;
  void warn_of_unfed_outputs(const DraftModes& modes) const;
  void warn_of_blind_interlocks(const DraftModes& modes) const;
  /// A component behind this one that is not active in the mode; nothing if there is none.
  const DraftComponent* resting_source(const DraftModes& modes, std::size_t mode, std::size_t component,
                                       std::size_t input, std::vector<bool>& seen) const;
  const RegionSpecification& region(const DraftModes& modes) const {
    return *components_[modes.modes.region].specification->region;
  }

  const DraftComponents& components_;
  Wiring& wiring_;
  MakeSettings make_settings_;
  Findings& findings_;
};

}  // namespace tactus
