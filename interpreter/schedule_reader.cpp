#include "interpreter/schedule_reader.hpp"

#include "interpreter/exact_time.hpp"
#include "interpreter/section_reader.hpp"

namespace tactus {

Schedule ScheduleReader::read(const Node& node) {
  const SectionReader reader(node, schema::schedule, "schedule", findings_);
  Schedule result;
  if (const Node* value = reader.get("every")) {
    result.every = beats(*value, "`every`").value_or(1);
    if (result.every == 0) {
      findings_.error(value->position(), "`every` must be at least one beat");
      result.every = 1;
    }
  }
  const Node* const offset = reader.get("offset");
  if (offset == nullptr) return result;
  result.offset = beats(*offset, "`offset`").value_or(0);
  if (result.offset >= result.every && result.every > 1) {
    findings_.error(offset->position(), "`offset` is " + std::to_string(result.offset) +
                                            " beats and must be less than `every`, " +
                                            std::to_string(result.every));
    result.offset = 0;
  }
  return result;
}

std::optional<std::uint64_t> ScheduleReader::beats(const Node& node, const std::string& what) {
  if (const auto number = node.integer(); number && *number >= 0) return static_cast<std::uint64_t>(*number);
  const std::optional<Literal> literal = quantities_.literal(node, what);
  if (!literal) return std::nullopt;
  if (literal->value == 0 && literal->unit && literal->unit->convertible_to(Unit::parse("s"))) return 0;
  const std::optional<Period> duration = exact_duration(*literal);
  if (!duration) {
    findings_.error(node.position(),
                    what + " must be a time or a number of beats, this is `" + node.text() + "`");
    return std::nullopt;
  }
  if (const auto whole = whole_periods(*duration, period_)) return whole;
  findings_.error(node.position(), what + " is " + node.text() +
                                       ", which is no whole multiple of the period, " + to_string(period_));
  return std::nullopt;
}

}  // namespace tactus
