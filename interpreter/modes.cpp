#include "interpreter/modes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "interpreter/section_reader.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

/// `drive.pump` as `drive` and `pump`.
std::pair<std::string, std::string> split_name(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return {name, ""};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

/// One mode in the reading.
class ModeReader {
 public:
  ModeReader(const std::string& region, const Node::Entry& entry, const Specification& specification,
             ScheduleReader& schedules, Findings& findings)
      : what_("mode " + region + "." + entry.key),
        specification_(specification),
        schedules_(schedules),
        findings_(findings),
        reader_(entry.value, schema::mode, what_, findings) {
    result_.name = entry.key;
    result_.position = entry.position;
  }

  ModeSpecification read() {
    if (const Node* active = reader_.get("active")) read_active(*active);
    if (const Node* set = reader_.get("set")) read_set(*set);
    if (const Node* connect = reader_.get("connect")) read_connect(*connect);
    if (const Node* outputs = reader_.get("outputs")) read_outputs(*outputs);
    if (const Node* go = reader_.get("go")) read_go(*go);
    if (const Node* timeout = reader_.get("timeout")) read_timeout(*timeout);
    return std::move(result_);
  }

 private:
  /// The component of that name, if modes may have a say in it.
  const ComponentSpecification* governable(const std::string& name, const Position& position) {
    const ComponentSpecification* const found = specification_.component(name);
    if (found == nullptr) {
      std::vector<std::string> names;
      for (const ComponentSpecification& component : specification_.components)
        names.push_back(component.name);
      findings_.error(position, what_ + ": there is no component `" + name + "`" + hint(name, names));
      return nullptr;
    }
    if (found->kind == PluginKind::interlock || found->kind == PluginKind::region) {
      findings_.error(position, what_ + ": " + name + " is of the kind " + to_string(found->kind) +
                                    ", which is the same in every mode");
      return nullptr;
    }
    if (found->chain) {
      findings_.error(position, what_ + ": " + name + " is computed by the chain " +
                                    specification_.chains[*found->chain].name + ", which runs in every mode");
      return nullptr;
    }
    return found;
  }

  void read_active(const Node& node) {
    if (!node.is_sequence()) {
      findings_.error(node.position(),
                      "`active` of " + what_ + " must be a list of components, this is " + node.kind_name());
    }
    for (const Node& item : node.items()) {
      const ComponentSpecification* const component = governable(item.text(), item.position());
      if (component == nullptr) continue;
      if (component->kind == PluginKind::actuator) {
        findings_.error(item.position(), what_ + ": the actuator " + component->name +
                                             " always runs; `outputs: {" + component->name +
                                             ".signal: safe}` keeps an output of it safe");
        continue;
      }
      result_.active.push_back({item.text(), item.position()});
    }
  }

  void read_set(const Node& node) {
    for (const Node::Entry& entry : node.entries()) {
      const auto [name, parameter] = split_name(entry.key);
      const ComponentSpecification* const component = governable(name, entry.position);
      if (component == nullptr) continue;
      if (component->kind == PluginKind::scanner || component->kind == PluginKind::actuator) {
        findings_.error(entry.position, what_ + ": " + name + " is of the kind " +
                                            to_string(component->kind) +
                                            ", whose settings are the same in every mode");
      } else if (parameter.empty()) {
        findings_.error(entry.position, what_ + ": `set` names parameters, `" + name + ".parameter: value`");
      } else {
        result_.set.push_back({name, {parameter, entry.position, entry.value}});
      }
    }
  }

  void read_connect(const Node& node) {
    for (const Node::Entry& entry : node.entries()) {
      const auto [name, input] = split_name(entry.key);
      if (governable(name, entry.position) == nullptr) continue;
      if (!entry.value.is_scalar() || entry.value.text().empty()) {
        findings_.error(entry.value.position(), what_ + ": `" + entry.key +
                                                    "` must name a signal, `component.signal`, this is " +
                                                    entry.value.kind_name());
        continue;
      }
      result_.connect.push_back(
          {name, {input, entry.position, {entry.value.text(), entry.value.position()}}});
    }
  }

  void read_outputs(const Node& node) {
    std::vector<std::string> known;
    for (const ComponentSpecification& component : specification_.components) {
      if (component.kind != PluginKind::actuator) continue;
      for (const ChannelSpecification& channel : component.channels)
        known.push_back(component.name + "." + channel.signal);
    }
    for (const Node::Entry& entry : node.entries()) {
      if (std::ranges::count(known, entry.key) == 0) {
        findings_.error(entry.position,
                        what_ + ": there is no output `" + entry.key + "`" + hint(entry.key, known));
      } else if (entry.value.text() != "safe") {
        findings_.error(
            entry.value.position(),
            what_ + ": `" + entry.key + "` can be kept `safe`; `connect` gives it another signal");
      } else {
        result_.safe_outputs.push_back({entry.key, entry.position});
      }
    }
  }

  void read_go(const Node& node) {
    for (const Node::Entry& entry : node.entries()) {
      ModeSpecification::Transition transition{{entry.key, entry.position}};
      const std::string what = what_ + ": the condition for `" + entry.key + "`";
      transition.is_readable = read_expression(entry.value, what, findings_, transition.condition);
      transition.cause = entry.value.text();
      const auto same = [&](const ModeSpecification::Transition& other) {
        return other.cause == transition.cause;
      };
      if (transition.is_readable && std::ranges::any_of(result_.transitions, same))
        findings_.error(entry.position, what + " is the same as one before, which always wins");
      result_.transitions.push_back(std::move(transition));
    }
  }

  void read_timeout(const Node& node) {
    const SectionReader reader(node, schema::timeout, "`timeout` of " + what_, findings_);
    const Node* const after = reader.get("after");
    const Node* const go = reader.get("go");
    if (after == nullptr || go == nullptr) return;
    const std::optional<std::uint64_t> beats = schedules_.beats(*after, "`after`");
    if (!beats) return;
    if (*beats == 0) return findings_.error(after->position(), "`after` must be at least one beat");
    ModeSpecification::Transition transition{{go->text(), go->position()}};
    transition.after = *beats;
    transition.cause = "after " + after->text();
    result_.transitions.push_back(std::move(transition));
  }

  std::string what_;
  const Specification& specification_;
  ScheduleReader& schedules_;
  Findings& findings_;
  SectionReader reader_;
  ModeSpecification result_;
};

/// Targets that there are; modes that can be reached, and left.
void check_transitions(const std::string& name, const RegionSpecification& region, Findings& findings) {
  std::vector<std::string> names;
  for (const ModeSpecification& mode : region.modes) names.push_back(mode.name);
  bool complete = true;
  for (const ModeSpecification& mode : region.modes) {
    const std::string what = "mode " + name + "." + mode.name;
    for (const ModeSpecification::Transition& transition : mode.transitions) {
      const Word& target = transition.target;
      if (region.index(target.text) == names.size()) {
        complete = false;
        findings.error(target.position,
                       what + ": there is no mode `" + target.text + "`" + hint(target.text, names));
      } else if (target.text == mode.name) {
        findings.error(target.position, what + " leads back to itself");
      }
    }
    if (mode.transitions.empty() && region.modes.size() > 1)
      findings.warning(mode.position, what + " is left by `tactus mode` only");
  }
  if (!complete) return;
  std::set<std::size_t> reached{region.initial};
  std::vector<std::size_t> open{region.initial};
  while (!open.empty()) {
    const ModeSpecification& mode = region.modes[open.back()];
    open.pop_back();
    for (const ModeSpecification::Transition& transition : mode.transitions) {
      const std::size_t next = region.index(transition.target.text);
      if (reached.insert(next).second) open.push_back(next);
    }
  }
  for (std::size_t i = 0; i < region.modes.size(); ++i) {
    if (!reached.contains(i))
      findings.error(region.modes[i].position, "mode " + name + "." + names[i] +
                                                   " can never be reached from the initial one, " +
                                                   names[region.initial]);
  }
}

}  // namespace

void read_region(const Node::Entry& entry, Specification& specification, ScheduleReader& schedules,
                 Findings& findings) {
  const std::string what = "region " + entry.key;
  const SectionReader reader(entry.value, schema::region, what, findings);
  if (!reader.is_map()) return;
  ComponentSpecification component;
  component.name = entry.key;
  component.position = entry.position;
  component.kind = PluginKind::region;
  auto region = std::make_shared<RegionSpecification>();
  for (const Node::Entry& mode : reader.others()) {
    if (is_name(mode.key))
      region->modes.push_back(ModeReader(entry.key, mode, specification, schedules, findings).read());
    else
      findings.error(
          mode.position,
          "a mode's name is a letter, then letters, digits, `_` and `-`; this is `" + mode.key + "`");
  }
  constexpr std::size_t most = 1000;  // nobody writes as many
  if (region->modes.size() > most)
    return findings.error(entry.position, what + " has more than " + std::to_string(most) + " modes");
  if (region->modes.empty()) return findings.error(entry.position, what + " has no modes");
  if (const Node* initial = reader.get("initial")) {
    region->initial = region->index(initial->text());
    if (region->initial == region->modes.size()) {
      std::vector<std::string> names;
      for (const ModeSpecification& mode : region->modes) names.push_back(mode.name);
      findings.error(initial->position(),
                     what + ": there is no mode `" + initial->text() + "`" + hint(initial->text(), names));
      region->initial = 0;
    }
  }
  check_transitions(entry.key, *region, findings);
  for (const ModeSpecification& mode : region->modes) {
    for (const ModeSpecification::Transition& transition : mode.transitions) {
      for (const SignalName& signal : signals_of(transition.condition)) {
        if (std::ranges::count(component.inputs, signal.text, &ConnectionSpecification::input) == 0)
          component.inputs.push_back({signal.text, signal.position, {signal.text, signal.position}});
      }
    }
  }
  component.region = std::move(region);
  specification.components.push_back(std::move(component));
}

void check_regions(const Specification& specification, Findings& findings) {
  std::map<std::string, std::string> owners;
  for (const ComponentSpecification& component : specification.components) {
    if (!component.region) continue;
    const auto own = [&](const std::string& what, const Position& position) {
      const auto [owner, is_new] = owners.emplace(what, component.name);
      if (!is_new && owner->second != component.name)
        findings.error(position, "region " + component.name + ": " + what + " is the region " +
                                     owner->second + "'s business already");
    };
    for (const ModeSpecification& mode : component.region->modes) {
      for (const Word& active : mode.active) own("whether " + active.text + " is active", active.position);
      for (const ModeSpecification::Setting& set : mode.set)
        own("what the parameters of " + set.component + " are", set.parameter.position);
      for (const ModeSpecification::Connection& wire : mode.connect)
        own("what `" + wire.component + "." + wire.connection.input + "` reads", wire.connection.position);
      for (const Word& output : mode.safe_outputs)
        own("whether " + output.text + " is kept safe", output.position);
    }
  }
}

}  // namespace tactus
