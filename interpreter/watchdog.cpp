#include "interpreter/watchdog.hpp"

#include <cmath>

#include "interpreter/schedule_reader.hpp"
#include "interpreter/section_reader.hpp"

namespace tactus {
namespace {

constexpr double shortest_s = 1, longest_s = 65'535;  // what drivers of Linux can take

/// The generator and the actuator, which is all that the line needs.
void add_line(const SectionReader& reader, const Word& output, const Schedule& schedule,
              Specification& specification) {
  const std::size_t dot = output.text.find('.');
  const auto level = [&](const char* key, const char* otherwise) {
    const Node* const given = reader.get(key);
    return given != nullptr ? *given : Node::scalar(otherwise, false, output.position);
  };
  const Node low = level("low", "0");
  const Node high = level("high", "1");

  ComponentSpecification source;
  source.name = watchdog_source;
  source.position = output.position;
  source.kind = PluginKind::generator;
  source.schedule = schedule;
  source.parameters = {{"low", low.position(), low}, {"high", high.position(), high}};
  source.toggles = true;

  ChannelSpecification channel;
  channel.signal = "line";
  channel.position = output.position;
  channel.channel = {output.text.substr(dot + 1), output.position};
  channel.from = {"line", output.position, {std::string(watchdog_source) + ".level", output.position}};
  channel.low = low;
  channel.high = high;
  const Node* const safe = reader.get("safe");
  channel.safe = safe != nullptr ? *safe : low;

  ComponentSpecification actuator;
  actuator.name = watchdog_actuator;
  actuator.position = output.position;
  actuator.kind = PluginKind::actuator;
  actuator.device = {output.text.substr(0, dot), output.position};
  actuator.schedule = schedule;
  actuator.channels = {channel};

  specification.components.push_back(std::move(source));
  specification.components.push_back(std::move(actuator));
}

/// The line's turns; nothing if they can't be told, which is found here.
std::optional<Schedule> turns(const SectionReader& reader, ScheduleReader schedules, Findings& findings) {
  const Node* const toggle = reader.get("toggle");
  if (!reader.has("toggle"))
    findings.error(reader.position_of("output"),
                   "watchdog lacks the key `toggle`: the time between two changes of the line");
  if (toggle == nullptr) return std::nullopt;
  const std::optional<std::uint64_t> every = schedules.beats(*toggle, "`toggle` of watchdog");
  if (every && *every > 0) return Schedule{.every = *every, .offset = 0};
  if (every) findings.error(toggle->position(), "`toggle` of watchdog must be at least one beat");
  return std::nullopt;
}

void read_line(const SectionReader& reader, QuantityReader& quantities, Specification& specification,
               Findings& findings) {
  const Node& node = *reader.get("output");
  const Word output{node.text(), node.position()};
  const std::size_t dot = output.text.find('.');
  if (dot == 0 || dot == std::string::npos || dot + 1 == output.text.size()) {
    return findings.error(output.position,
                          "`output` of watchdog must be a channel of a device, "
                          "`device.channel`, this is `" +
                              output.text + "`");
  }
  if (specification.component(watchdog_source) != nullptr) {
    return findings.error(
        specification.component(watchdog_source)->position,
        std::string("the name `") + watchdog_source + "` is that of the watchdog's own part");
  }
  const std::optional<Schedule> schedule =
      turns(reader, {specification.heartbeat.period, quantities, findings}, findings);
  if (!schedule) return;
  add_line(reader, output, *schedule, specification);
  specification.watchdog->has_line = true;
}

void read_device(const SectionReader& reader, QuantityReader& quantities, Specification& specification,
                 Findings& findings) {
  const Node& node = *reader.get("device");
  WatchdogSpecification& watchdog = *specification.watchdog;
  watchdog.device = Word{node.text(), node.position()};
  if (const Node* timeout = reader.get("timeout")) {
    const auto seconds =
        quantities.read(*timeout, Unit::parse("s"), Quantity::difference, "`timeout` of watchdog");
    if (seconds && *seconds >= shortest_s && *seconds <= longest_s && *seconds == std::floor(*seconds))
      watchdog.timeout_s = static_cast<int>(*seconds);
    else if (seconds)
      findings.error(timeout->position(),
                     "`timeout` of watchdog must be a whole number of seconds from 1 s to "
                     "65535 s, this is `" +
                         timeout->text() + "`");
  }
  HeartbeatSpecification& heartbeat = specification.heartbeat;
  if (heartbeat.virtual_time) return;  // it stays closed: a beat may take as long as it likes
  if (heartbeat.supervisor == SupervisorUse::off)
    findings.error(node.position(),
                   "`device` of watchdog needs the supervisor, which feeds it: leave out "
                   "`supervisor: off`");
  else
    heartbeat.supervisor = SupervisorUse::on;
}

}  // namespace

void read_watchdog(const Node& node, QuantityReader& quantities, Specification& specification,
                   Findings& findings) {
  const SectionReader reader(node, schema::watchdog, "watchdog", findings);
  if (!reader.is_map()) return;
  specification.watchdog.emplace();
  const bool has_output = reader.has("output");
  const bool has_device = reader.has("device");
  if (!has_output && !has_device)
    findings.error(reader.position(), "watchdog needs an `output` that toggles, a `device`, or both");
  const auto belongs = [&](const char* key, const char* to, bool there) {
    if (reader.has(key) && !there)
      findings.error(reader.position_of(key),
                     std::string("`") + key + "` of watchdog belongs to `" + to + "`, which is not given");
  };
  for (const char* key : {"toggle", "low", "high", "safe"}) belongs(key, "output", has_output);
  belongs("timeout", "device", has_device);
  if (reader.get("output") != nullptr) read_line(reader, quantities, specification, findings);
  if (reader.get("device") != nullptr) read_device(reader, quantities, specification, findings);
}

}  // namespace tactus
