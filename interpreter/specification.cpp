#include "interpreter/specification.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "interpreter/chains.hpp"
#include "interpreter/exact_time.hpp"
#include "interpreter/input_checks.hpp"
#include "interpreter/interlocks.hpp"
#include "interpreter/modes.hpp"
#include "interpreter/override.hpp"
#include "interpreter/safe_order.hpp"
#include "interpreter/schedule_reader.hpp"
#include "interpreter/section_reader.hpp"
#include "interpreter/watchdog.hpp"
#include "interpreter/words.hpp"
#include "interpreter/yaml_reader.hpp"

namespace tactus {
namespace {

struct NamedSection {
  const char* key;
  PluginKind kind;
  const schema::Section& section;
};

const NamedSection component_sections[] = {
    {"scanners", PluginKind::scanner, schema::scanner},
    {"generators", PluginKind::generator, schema::component},
    {"observers", PluginKind::observer, schema::component},
    {"controllers", PluginKind::controller, schema::component},
    {"interlocks", PluginKind::interlock, schema::interlock},
    {"actuators", PluginKind::actuator, schema::actuator},
};

/// One walk over the tree.
class Reading {
 public:
  Reading(Specification& result, Findings& findings)
      : result_(result),
        findings_(findings),
        quantities_(result.constants, findings),
        schedules_(result.heartbeat.period, quantities_, findings) {}

  void read(const Node& tree);

 private:
  void read_heartbeat(const Node& node);
  std::optional<Period> period(const Node& node);
  void read_constants(const Node& node);
  void read_device(const Node::Entry& entry);
  void read_component(const Node::Entry& entry, const NamedSection& section);
  void read_channel(ComponentSpecification& component, const Node::Entry& entry);
  void read_output(ChannelSpecification& channel, const SectionReader& reader);
  ConnectionSpecification connection(const std::string& input, const Position& position, const Node& node);
  void read_report(const Node& node);
  void read_resume(const Node& node);
  /// False if the name may not be used; it is told once.
  bool take_name(const Node::Entry& entry);

  static Word word(const SectionReader& reader, std::string_view key) {
    const Node* const value = reader.get(key);
    return value != nullptr ? Word{value->text(), value->position()} : Word{{}, reader.position_of(key)};
  }
  static std::optional<Word> optional_word(const SectionReader& reader, std::string_view key) {
    return reader.get(key) != nullptr ? std::optional(word(reader, key)) : std::nullopt;
  }
  static Node given(const SectionReader& reader, std::string_view key) {
    const Node* const value = reader.get(key);
    return value != nullptr ? *value : Node();
  }
  static std::vector<ParameterSpecification> parameters(const SectionReader& reader) {
    std::vector<ParameterSpecification> result;
    for (const Node::Entry& entry : reader.others())
      result.push_back({entry.key, entry.position, entry.value});
    return result;
  }

  Specification& result_;
  Findings& findings_;
  QuantityReader quantities_;
  ScheduleReader schedules_;
  std::map<std::string, Position> names_;
};

void Reading::read(const Node& tree) {
  const SectionReader root(tree, schema::root, "the file", findings_);
  if (const auto name = root.text("name")) result_.name = *name;
  if (const Node* constants = root.get("constants")) read_constants(*constants);
  if (const Node* heartbeat = root.get("heartbeat")) read_heartbeat(*heartbeat);
  result_.timing = root.choice("timing", 0) == 0 ? TimingDetail::steps : TimingDetail::beat;
  if (const Node* devices = root.get("devices")) {
    for (const Node::Entry& entry : devices->entries()) read_device(entry);
  }
  for (const Node::Entry& top : tree.entries()) {  // in the order of the file, which breaks ties
    for (const NamedSection& section : component_sections) {
      if (top.key != section.key || root.get(top.key) == nullptr) continue;
      for (const Node::Entry& entry : top.value.entries()) read_component(entry, section);
    }
  }
  if (const Node* chains = root.get("chains")) {
    for (const Node::Entry& entry : chains->entries()) {
      if (take_name(entry)) read_chain(entry, result_, schedules_, findings_);
    }
  }
  if (const Node* modes = root.get("modes")) {
    for (const Node::Entry& entry : modes->entries()) {
      if (take_name(entry)) read_region(entry, result_, schedules_, findings_);
    }
    check_regions(result_, findings_);
  }
  connect_interlocks(result_, findings_);
  if (const Node* watchdog = root.get("watchdog")) read_watchdog(*watchdog, quantities_, result_, findings_);
  if (const Node* order = root.get("safe_order")) read_safe_order(*order, result_, findings_);
  if (const Node* report = root.get("report")) read_report(*report);
  if (const Node* resume = root.get("resume")) read_resume(*resume);
}

void Reading::read_heartbeat(const Node& node) {
  const SectionReader reader(node, schema::heartbeat, "heartbeat", findings_);
  HeartbeatSpecification& heartbeat = result_.heartbeat;
  heartbeat.position = node.position();
  heartbeat.overrun_position = reader.position_of("overrun");
  if (const Node* value = reader.get("period")) heartbeat.period = period(*value).value_or(heartbeat.period);
  heartbeat.virtual_time = reader.choice("clock", 0) == 1;
  heartbeat.spin = reader.choice("wait", 0) == 1;
  heartbeat.overrun = static_cast<OverrunPolicy>(reader.choice("overrun", 0));
  heartbeat.supervisor = static_cast<SupervisorUse>(reader.choice("supervisor", 0));
  if (const auto core = reader.integer("core")) heartbeat.core = static_cast<int>(*core);
  if (const auto priority = reader.integer("priority")) heartbeat.priority = static_cast<int>(*priority);
}

std::optional<Period> Reading::period(const Node& node) {
  constexpr Period shortest = Period::ns(1'000), longest = Period::ns(86'400'000'000'000);
  const std::optional<Literal> literal = quantities_.literal(node, "`period` of heartbeat");
  if (!literal) return std::nullopt;
  std::optional<Period> exact = exact_duration(*literal);
  if (!exact) exact = exact_period_of(*literal);
  if (!exact) {
    findings_.error(node.position(),
                    "`period` of heartbeat must be a time above 0, such as `1 ms`, or a frequency, such as "
                    "`1 kHz`; this is `" +
                        node.text() + "`");
    return std::nullopt;
  }
  if (exact->seconds() < shortest.seconds() || exact->seconds() > longest.seconds()) {
    findings_.error(node.position(),
                    "`period` of heartbeat is " + to_string(*exact) + ", allowed is 1 us to 1 d");
    return std::nullopt;
  }
  return exact;
}

void Reading::read_constants(const Node& node) {
  for (const Node::Entry& entry : node.entries()) {
    if (!is_name(entry.key)) {
      findings_.error(
          entry.position,
          "a constant's name is a letter, then letters, digits, `_` and `-`; this is `" + entry.key + "`");
    } else {
      result_.constants.emplace(entry.key, entry.value);
    }
  }
  for (const auto& [name, value] : result_.constants) {
    if (value.is_scalar() && result_.constants.contains(value.text()))
      findings_.error(value.position(),
                      "the constant `" + name + "` must be a quantity, not another constant");
    else
      quantities_.literal(value, "the constant `" + name + "`");
  }
}

bool Reading::take_name(const Node::Entry& entry) {
  if (!is_name(entry.key)) {
    findings_.error(entry.position,
                    "a name is a letter, then letters, digits, `_` and `-`; this is `" + entry.key + "`");
    return false;
  }
  if (schema::root.find(entry.key) != nullptr) {
    findings_.error(entry.position, "`" + entry.key + "` is a word of this format and cannot be a name");
    return false;
  }
  const auto [first, is_new] = names_.emplace(entry.key, entry.position);
  if (!is_new) {
    findings_.error(entry.position,
                    "the name `" + entry.key + "` is used twice, first at " + to_string(first->second));
  }
  return is_new;
}

void Reading::read_device(const Node::Entry& entry) {
  if (!take_name(entry)) return;
  const SectionReader reader(entry.value, schema::device, "device " + entry.key, findings_);
  result_.devices.push_back({entry.key, entry.position, word(reader, "driver"), parameters(reader)});
}

void Reading::read_component(const Node::Entry& entry, const NamedSection& section) {
  if (!take_name(entry)) return;
  const SectionReader reader(entry.value, section.section, to_string(section.kind) + (" " + entry.key),
                             findings_);
  ComponentSpecification component;
  component.name = entry.key;
  component.position = entry.position;
  component.kind = section.kind;
  component.plugin = optional_word(reader, "plugin");
  component.parameters = parameters(reader);
  if (section.section.find("device") != nullptr) component.device = word(reader, "device");
  if (const Node* value = reader.get("schedule")) {
    component.schedule = schedules_.read(*value);
    component.schedule_position = reader.position_of("schedule");
  }
  if (const Node* inputs = reader.get("inputs")) {
    for (const Node::Entry& input : inputs->entries())
      component.inputs.push_back(connection(input.key, input.position, input.value));
  }
  if (const Node* channels = reader.get("channels")) {
    for (const Node::Entry& channel : channels->entries()) read_channel(component, channel);
    if (channels->entries().empty())
      findings_.error(channels->position(), to_string(section.kind) + (" " + entry.key) + " has no channels");
  }
  if (section.kind == PluginKind::interlock) read_interlock(component, reader, findings_);
  result_.components.push_back(std::move(component));
}

void Reading::read_channel(ComponentSpecification& component, const Node::Entry& entry) {
  const std::string what = component.name + "." + entry.key;
  if (!is_name(entry.key)) {
    findings_.error(entry.position,
                    "a name is a letter, then letters, digits, `_` and `-`; this is `" + entry.key + "`");
    return;
  }
  const bool is_output = component.kind == PluginKind::actuator;
  const SectionReader reader(entry.value, is_output ? schema::actuator_channel : schema::scanner_channel,
                             what, findings_);
  ChannelSpecification channel;
  channel.signal = entry.key;
  channel.position = entry.position;
  channel.channel = word(reader, "channel");
  channel.unit = optional_word(reader, "unit");
  channel.scale = given(reader, "scale");
  channel.offset = given(reader, "offset");
  if (is_output)
    read_output(channel, reader);
  else
    read_input_checks(channel, reader, what, findings_);
  component.channels.push_back(std::move(channel));
}

void Reading::read_output(ChannelSpecification& channel, const SectionReader& reader) {
  if (const Node* from = reader.get("from"))
    channel.from = connection(channel.signal, reader.position_of("from"), *from);
  if (const Node* limits = reader.get("limits")) {
    if (limits->items().size() == 2) {
      channel.low = limits->items()[0];
      channel.high = limits->items()[1];
    } else {
      findings_.error(limits->position(), "`limits` must be a list of two values, [lowest, highest]");
    }
  }
  channel.fault_on_limit = reader.choice("on_limit", 0) == 1;
  channel.slew = given(reader, "slew");
  channel.safe = given(reader, "safe");
  channel.safe_slew = given(reader, "safe_slew");
  channel.hold_on_pause = reader.choice("on_pause", 0) == 1;
  channel.hold_on_stop = reader.choice("on_stop", 0) == 1;
  channel.safe_hold = channel.safe.is_scalar() && channel.safe.text() == "hold";
}

ConnectionSpecification Reading::connection(const std::string& input, const Position& position,
                                            const Node& node) {
  ConnectionSpecification result{input, position, {node.text(), node.position()}};
  if (node.is_scalar() && !node.text().empty()) return result;
  if (!node.is_map()) {
    findings_.error(
        node.position(),
        "input `" + input + "` must name a signal, `component.signal`, this is " + node.kind_name());
    return result;
  }
  const SectionReader reader(node, schema::connection, "input " + input, findings_);
  result.signal = word(reader, "signal");
  result.delay = static_cast<std::size_t>(reader.integer("delay").value_or(0));
  result.initial = given(reader, "initial");
  return result;
}

void Reading::read_report(const Node& node) {
  const SectionReader reader(node, schema::report, "report", findings_);
  ReportSpecification report;
  report.position = node.position();
  report.file = optional_word(reader, "file");
  report.csv = optional_word(reader, "csv");
  if (const Node* checkpoint = reader.get("checkpoint")) report.checkpoint = schedules_.read(*checkpoint);
  report.checkpoint_position = reader.position_of("checkpoint");
  if (const Node* signals = reader.get("signals"); signals != nullptr && signals->text() != "all") {
    report.all = false;
    if (!signals->is_sequence())
      findings_.error(signals->position(),
                      "`signals` of report must be `all` or a list of signals and components");
    for (const Node& item : signals->items()) {
      if (item.is_scalar())
        report.signals.push_back({item.text(), item.position()});
      else
        findings_.error(item.position(), "a signal or a component is expected here");
    }
  }
  result_.report = std::move(report);
}

void Reading::read_resume(const Node& node) {
  const SectionReader reader(node, schema::resume, "resume", findings_);
  const Node* const within = reader.get("within");
  if (within == nullptr) return;
  for (const Node::Entry& entry : within->entries())
    result_.resume.push_back({{entry.key, entry.position}, entry.value});
}

}  // namespace

std::size_t RegionSpecification::index(std::string_view mode) const {
  return static_cast<std::size_t>(std::ranges::find(modes, mode, &ModeSpecification::name) - modes.begin());
}

std::vector<std::string> labels_of(const ComponentSpecification& component, std::size_t output) {
  std::vector<std::string> labels;
  if (component.region && output == 0) {  // `mode`
    for (const ModeSpecification& mode : component.region->modes) labels.push_back(mode.name);
  }
  return labels;
}

const ComponentSpecification* Specification::component(std::string_view wanted) const {
  const auto found = std::ranges::find(components, wanted, &ComponentSpecification::name);
  return found != components.end() ? &*found : nullptr;
}

std::optional<Specification> read_specification(const Node& tree, const std::string& file,
                                                Findings& findings) {
  Specification specification;
  specification.file = file;
  specification.directory = std::filesystem::path(file).parent_path();
  specification.name = std::filesystem::path(file).stem();
  specification.tree = tree;
  Reading(specification, findings).read(tree);
  if (!tree.is_map()) return std::nullopt;
  return specification;
}

std::optional<Specification> parse_specification(std::string_view text, const std::string& file,
                                                 const std::vector<std::string>& assignments,
                                                 Findings& findings) {
  std::optional<Node> tree = read_yaml(text, file, findings);
  if (!tree) return std::nullopt;
  for (const std::string& assignment : assignments) tree = with_assignment(*tree, assignment, findings);
  std::optional<Specification> specification = read_specification(*tree, file, findings);
  if (specification) specification->text = assignments.empty() ? std::string(text) : to_yaml(*tree);
  return specification;
}

std::optional<Specification> load_specification(const std::string& file,
                                                const std::vector<std::string>& assignments,
                                                Findings& findings) {
  const std::optional<std::string> text = read_text_file(file, findings);
  if (!text) return std::nullopt;
  return parse_specification(*text, file, assignments, findings);
}

}  // namespace tactus
