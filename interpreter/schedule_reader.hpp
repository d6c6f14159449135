#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "engine/layout.hpp"
#include "heartbeat/period.hpp"
#include "interpreter/finding.hpp"
#include "interpreter/node.hpp"
#include "interpreter/quantity_reader.hpp"

namespace tactus {

/// Turns times of the file into beats. What is wrong becomes a finding. Ordinary domain.
class ScheduleReader {
 public:
  ScheduleReader(const Period& period, QuantityReader& quantities, Findings& findings)
      : period_(period), quantities_(quantities), findings_(findings) {}

  /// `{every: 500 ms, offset: 3}`
  Schedule read(const Node& node);
  /// A time that is a whole multiple of the period, or a number of beats. `what` names it in messages.
  std::optional<std::uint64_t> beats(const Node& node, const std::string& what);

 private:
  const Period& period_;
  QuantityReader& quantities_;
  Findings& findings_;
};

}  // namespace tactus
