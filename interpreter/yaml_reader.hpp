#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/finding.hpp"
#include "interpreter/node.hpp"

namespace tactus {

/// What a document may cost, so that no file can take the machine's memory or time.
struct YamlLimits {
  std::size_t bytes = 4U << 20U;
  std::size_t depth = 64;           ///< of maps and lists in each other
  std::uint64_t nodes = 1'000'000;  ///< with every alias written out
};

/// Reads one YAML document under the 1.2 core schema (`on` and `22:30` are text, `1e-3` is a number). Doubled
/// keys are errors. Nothing is returned if there is no usable tree; whatever is wrong goes to the findings,
/// at its position. Any bytes may be given. Ordinary domain.
std::optional<Node> read_yaml(std::string_view text, const std::string& file, Findings& findings,
                              const YamlLimits& limits = {});

/// The bytes of a file, or nothing and a finding: it cannot be read, or is larger than the limit.
std::optional<std::string> read_text_file(const std::string& path, Findings& findings,
                                          const YamlLimits& limits = {});

}  // namespace tactus
