#include "interpreter/input_checks.hpp"

#include <cmath>
#include <limits>

namespace tactus {
namespace {

using Then = OnBad::Then;

/// The words and the maps that may follow upon a bad value: `fault`, `bad`, `{substitute: 3 V}`.
void read_consequence(OnBadSpecification& result, const Node& node, const std::string& what,
                      const std::string& expected, Findings& findings) {
  if (node.is_scalar() && node.text() == "fault") {
    result.then = Then::fault;
  } else if (node.is_scalar() && node.text() == "bad") {
    result.then = Then::bad;
  } else if (node.is_map()) {
    const SectionReader reader(node, schema::substitute, what, findings);
    if (const Node* value = reader.get("substitute")) result.substitute = *value;
    result.then = Then::substitute;
  } else {
    const std::string shown = node.is_scalar() ? "`" + node.text() + "`" : node.kind_name();
    findings.error(node.position(), what + " must be " + expected + ", this is " + shown);
  }
}

void read_on_bad(OnBadSpecification& result, const Node& node, const std::string& what, Findings& findings) {
  const std::string name = "`on_bad` of " + what;
  if (!node.is_map() || (node.entries().size() == 1 && node.find("substitute") != nullptr)) {
    return read_consequence(result, node, name, "fault, bad, {substitute: VALUE} or {hold: TIME, then: ...}",
                            findings);
  }
  const SectionReader reader(node, schema::on_bad, name, findings);
  if (node.find("substitute") != nullptr) {
    findings.error(
        reader.position_of("substitute"),
        name + ": what comes after `hold` stands under `then`: {hold: TIME, then: {substitute: VALUE}}");
    return;
  }
  for (const char* key : {"hold", "then"}) {
    if (node.find(key) == nullptr)
      findings.error(node.position(),
                     name + " lacks the key `" + key + "`: " + schema::on_bad.find(key)->about);
  }
  if (const Node* hold = reader.get("hold")) result.hold = *hold;
  if (const Node* then = reader.get("then"))
    read_consequence(result, *then, "`then` in " + name, "fault, bad or {substitute: VALUE}", findings);
}

/// A time above 0, in ns; what is longer than 63 bits is for ever.
std::optional<std::int64_t> nanoseconds(const Node& node, const std::string& what, QuantityReader& quantities,
                                        Findings& findings) {
  constexpr double longest = 9e18;
  const auto seconds = quantities.read(node, Unit::parse("s"), Quantity::difference, what);
  if (!seconds) return std::nullopt;
  const double ns = *seconds * 1e9;
  if (ns > longest) return std::numeric_limits<std::int64_t>::max();
  if (ns >= 1) return std::llround(ns);
  findings.error(node.position(), what + " must be above 0");
  return std::nullopt;
}

}  // namespace

void read_input_checks(ChannelSpecification& channel, const SectionReader& reader, const std::string& what,
                       Findings& findings) {
  if (const Node* outlier = reader.get("outlier")) {
    const SectionReader limits(*outlier, schema::outlier, "`outlier` of " + what, findings);
    if (const Node* jump = limits.get("jump")) channel.jump = *jump;
  }
  if (const Node* stuck = reader.get("stuck")) channel.stuck = *stuck;
  if (const Node* on_bad = reader.get("on_bad")) read_on_bad(channel.on_bad, *on_bad, what, findings);
}

void compile_input_checks(ScannerLine& line, const ChannelSpecification& channel, const Unit& unit,
                          const std::string& what, QuantityReader& quantities, Findings& findings) {
  if (!channel.jump.is_null()) {
    const std::string name = "`jump` of " + what;
    const Unit rate = quotient(unit, Unit::parse("s"));
    const auto jump = quantities.read(channel.jump, rate, Quantity::difference, name);
    if (jump && !(*jump > 0)) findings.error(channel.jump.position(), name + " must be above 0");
    line.jump = jump.value_or(line.jump);
  }
  if (!channel.stuck.is_null())
    line.stuck_ns = nanoseconds(channel.stuck, "`stuck` of " + what, quantities, findings).value_or(0);
  const OnBadSpecification& on_bad = channel.on_bad;
  line.on_bad.then = on_bad.then;
  if (!on_bad.hold.is_null())
    line.on_bad.hold_ns = nanoseconds(on_bad.hold, "`hold` of " + what, quantities, findings).value_or(0);
  if (on_bad.substitute.is_null()) return;
  const std::string name = "`substitute` of " + what;
  const auto value = quantities.read(on_bad.substitute, unit, Quantity::absolute, name);
  if (value && !std::isfinite(*value)) findings.error(on_bad.substitute.position(), name + " must be finite");
  line.on_bad.value = value.value_or(0);
}

}  // namespace tactus
