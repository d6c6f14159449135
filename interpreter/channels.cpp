#include "interpreter/channels.hpp"

#include <algorithm>
#include <cmath>

#include "interpreter/input_checks.hpp"
#include "interpreter/number.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

std::string with_unit(double value, const Unit& unit) {
  return number_text(value) + (unit.text() == "1" ? "" : " " + unit.text());
}

}  // namespace

void ChannelCompiler::compile(DraftComponent& component) {
  for (const ChannelSpecification& channel : component.specification->channels) {
    const std::optional<Line> common = line(component, channel);
    if (!common) {
      component.usable = false;
    } else if (component.specification->kind == PluginKind::scanner) {
      component.inputs.push_back(input(channel, *common));
    } else {
      check_single_writer(component, channel, *common);
      component.outputs.push_back(output(component, channel, *common));
    }
  }
}

std::optional<ChannelCompiler::Line> ChannelCompiler::line(const DraftComponent& component,
                                                           const ChannelSpecification& channel) {
  if (channel.channel.text.empty()) return std::nullopt;  // found already
  const std::optional<std::size_t> index = find_channel(component, channel);
  if (!index) return std::nullopt;
  Line line{
      *index, &component.device->channels[*index], component.specification->name + "." + channel.signal, {}};
  const std::optional<Unit> unit = unit_of(channel, *line.about);
  if (!unit) return std::nullopt;
  line.unit = *unit;
  return read_conversion(line, channel) ? std::optional(line) : std::nullopt;
}

std::optional<std::size_t> ChannelCompiler::find_channel(const DraftComponent& component,
                                                         const ChannelSpecification& channel) {
  const bool is_output = component.specification->kind == PluginKind::actuator;
  const Direction wanted = is_output ? Direction::output : Direction::input;
  const std::string& device = component.device->specification->name;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < component.device->channels.size(); ++i) {
    const Channel& about = component.device->channels[i];
    if (about.direction == wanted) names.push_back(about.name);
    if (about.name != channel.channel.text) continue;
    if (about.direction == wanted) return i;
    findings_.error(channel.channel.position,
                    "channel " + about.name + " of " + device + " is an " +
                        (is_output ? "input: a scanner can read it" : "output: an actuator can write it"));
    return std::nullopt;
  }
  findings_.error(channel.channel.position,
                  "device " + device + " has no " + (is_output ? "output" : "input") + " channel `" +
                      channel.channel.text + "`" + hint(channel.channel.text, names));
  return std::nullopt;
}

std::optional<Unit> ChannelCompiler::unit_of(const ChannelSpecification& channel, const Channel& about) {
  const Position& position = channel.unit ? channel.unit->position : channel.position;
  try {
    const Unit unit = Unit::parse(channel.unit ? channel.unit->text : about.unit);
    if (unit.variables().empty()) return unit;
    findings_.error(position, "`" + unit.text() + "` is no unit that UDUNITS-2 knows");
  } catch (const UnitError& error) {
    findings_.error(position, error.what());
  }
  return std::nullopt;
}

bool ChannelCompiler::read_conversion(Line& line, const ChannelSpecification& channel) {
  // A channel that knows no unit of its own has that of the signal.
  const Unit raw = line.about->unit.empty() ? line.unit : Unit::parse(line.about->unit);
  if (!channel.scale.is_null()) {
    const auto scale = quantities_.read(
        channel.scale, quotient(line.unit, raw), Quantity::difference, "`scale` of " + line.name,
        " (" + line.unit.text() + " for each " + raw.text() + " of the channel)");
    if (!scale) return false;
    line.scale = *scale;
    if (!(std::abs(line.scale) > 0 && std::isfinite(line.scale))) {
      findings_.error(channel.scale.position(), "`scale` of " + line.name + " must be finite and not 0");
      return false;
    }
  } else if (raw.convertible_to(line.unit)) {
    const Conversion natural = conversion(raw, line.unit);
    line.scale = natural.scale;
    line.offset = natural.offset;
  } else {
    findings_.error(channel.unit ? channel.unit->position : channel.position,
                    line.name + " is in " + line.unit.text() + ", but channel " + line.about->name +
                        " gives " + raw.text() + ": tell the conversion with `scale`, in " +
                        quotient(line.unit, raw).text());
    return false;
  }
  if (channel.offset.is_null()) return true;
  const Quantity meaning = channel.scale.is_null() ? Quantity::difference : Quantity::absolute;
  const auto offset = quantities_.read(channel.offset, line.unit, meaning, "`offset` of " + line.name);
  line.offset += offset.value_or(0);
  return offset.has_value();
}

void ChannelCompiler::check_single_writer(const DraftComponent& component,
                                          const ChannelSpecification& channel, const Line& line) {
  const auto [first, is_new] = writers_.emplace(std::pair(component.device, line.channel), line.name);
  if (!is_new)
    findings_.error(channel.channel.position, "channel " + line.about->name + " of " +
                                                  component.device->specification->name + " is written by " +
                                                  first->second + " already; one output has one writer");
}

ScannerLine ChannelCompiler::input(const ChannelSpecification& channel, const Line& line) {
  ScannerLine result{channel.signal, line.unit.text(), line.channel, line.scale, line.offset};
  compile_input_checks(result, channel, line.unit, line.name, quantities_, findings_);
  return result;
}

OutputLine ChannelCompiler::output(const DraftComponent& component, const ChannelSpecification& channel,
                                   const Line& line) {
  OutputLine result;
  result.signal = channel.signal;
  result.unit = line.unit.text();
  result.channel = line.channel;
  result.scale = line.scale;
  result.offset = line.offset;
  result.raw_min = line.about->min;
  result.raw_max = line.about->max;
  result.on_limit = channel.fault_on_limit ? OutputLine::OnLimit::fault : OutputLine::OnLimit::clamp;
  result.gates = channel.gates;
  read_limits(result, channel, line);
  result.hold_on_pause = channel.hold_on_pause;
  result.hold_on_stop = channel.hold_on_stop;
  read_rate(result.slew, channel.slew, line, "slew");
  read_safe(result, component, channel, line);
  read_rate(result.safe_slew, channel.safe_slew, line, "safe_slew");
  if (result.safe_hold && !channel.safe_slew.is_null())
    findings_.error(channel.safe_slew.position(),
                    "`safe_slew` of " + line.name + " is of no use: with `safe: hold` it stays where it is");
  return result;
}

void ChannelCompiler::read_limits(OutputLine& result, const ChannelSpecification& channel, const Line& line) {
  const auto read = [&](const Node& node, double& bound) {
    if (node.is_null()) return;
    const auto value = quantities_.read(node, line.unit, Quantity::absolute, "`limits` of " + line.name);
    bound = value.value_or(bound);
  };
  read(channel.low, result.low);
  read(channel.high, result.high);
  if (result.low > result.high) {
    findings_.error(channel.low.position(),
                    "`limits` of " + line.name + ": the lowest, " + with_unit(result.low, line.unit) +
                        ", is above the highest, " + with_unit(result.high, line.unit));
    result.low = -OutputLine::infinity;
    result.high = OutputLine::infinity;
  }
}

/// A change in a time; what is not given stays.
void ChannelCompiler::read_rate(double& result, const Node& node, const Line& line, const char* key) {
  if (node.is_null()) return;
  const std::string what = "`" + std::string(key) + "` of " + line.name;
  const Unit unit = quotient(line.unit, Unit::parse("s"));
  const auto rate = quantities_.read(node, unit, Quantity::difference, what);
  if (rate && !(*rate > 0)) findings_.error(node.position(), what + " must be above 0");
  result = rate.value_or(result);
}

void ChannelCompiler::read_safe(OutputLine& result, const DraftComponent& component,
                                const ChannelSpecification& channel, const Line& line) {
  const double ends[] = {line.scale * line.about->min + line.offset,
                         line.scale * line.about->max + line.offset};
  const double low = std::max(result.low, std::min(ends[0], ends[1]));
  const double high = std::min(result.high, std::max(ends[0], ends[1]));
  const std::string what = "`safe` of " + line.name;
  if (low > high) {
    findings_.error(channel.low.position(),
                    "`limits` of " + line.name + " lie outside of what channel " + line.about->name +
                        " can do, " + with_unit(ends[0], line.unit) + " to " + with_unit(ends[1], line.unit));
    return;
  }
  result.safe = std::clamp(0.0, low, high);
  if (channel.safe.is_null()) {
    const std::string name = component.device->specification->name;
    if (component.device->device->is_hardware())
      findings_.error(channel.position, line.name + " lacks `safe`: the value for " + name +
                                            " when something is wrong, or `hold`");
    else
      findings_.warning(channel.position, line.name + " has no `safe` value; " +
                                              with_unit(result.safe, line.unit) + " is taken, as " + name +
                                              " is no hardware");
    return;
  }
  if (channel.safe_hold) {
    result.safe_hold = true;
    return;
  }
  const auto safe = quantities_.read(channel.safe, line.unit, Quantity::absolute, what);
  if (!safe) return;
  if (!(*safe >= low && *safe <= high)) {
    findings_.error(channel.safe.position(), what + " is " + with_unit(*safe, line.unit) + ", allowed is " +
                                                 with_unit(low, line.unit) + " to " +
                                                 with_unit(high, line.unit));
    return;
  }
  result.safe = *safe;
}

}  // namespace tactus
