#include "interpreter/interlocks.hpp"

#include <algorithm>

#include "interpreter/words.hpp"

namespace tactus {
namespace {

/// Outputs, as a list or one of them.
void read_outputs(const Node& node, OutputGate::Action action, const std::string& what,
                  InterlockSpecification& interlock, Findings& findings) {
  const std::span<const Node> outputs = node.is_sequence() ? node.items() : std::span(&node, 1);
  if (outputs.empty()) findings.error(node.position(), "`action` of " + what + " names no output");
  for (const Node& output : outputs) {
    if (output.is_scalar() && !output.text().empty())
      interlock.targets.push_back({{output.text(), output.position()}, action});
    else
      findings.error(output.position(), "an output, `component.signal`, is expected here");
  }
}

void read_action(const Node& node, const std::string& what, InterlockSpecification& interlock,
                 Findings& findings) {
  if (node.is_scalar() && (node.text() == "safe" || node.text() == "fault")) {
    interlock.fault = node.text() == "fault";
    interlock.all_safe = !interlock.fault;
    return;
  }
  if (!node.is_map()) {
    findings.error(node.position(),
                   "`action` of " + what +
                       " must be safe, fault, {safe: [outputs]} or {inhibit: [outputs], direction: "
                       "up|down}, this is " +
                       (node.is_scalar() ? "`" + node.text() + "`" : node.kind_name()));
    return;
  }
  const SectionReader reader(node, schema::interlock_action, "`action` of " + what, findings);
  const Node* const safe = reader.get("safe");
  const Node* const inhibit = reader.get("inhibit");
  if ((safe == nullptr) == (inhibit == nullptr)) {
    findings.error(node.position(), "`action` of " + what + " must have one of `safe` and `inhibit`");
  } else if (safe != nullptr) {
    read_outputs(*safe, OutputGate::Action::safe, what, interlock, findings);
  } else if (reader.get("direction") == nullptr) {
    findings.error(node.position(), "`action` of " + what + ": `inhibit` needs a `direction`, up or down");
  } else {
    const bool is_down = reader.choice("direction", 0) == 1;
    read_outputs(*inhibit, is_down ? OutputGate::Action::no_fall : OutputGate::Action::no_rise, what,
                 interlock, findings);
  }
}

/// Makes one output read the interlock.
class Gates {
 public:
  Gates(Specification& specification, Findings& findings)
      : specification_(specification), findings_(findings) {}

  void connect(const ComponentSpecification& interlock) {
    const InterlockSpecification& about = *interlock.interlock;
    for (const InterlockSpecification::Target& target : about.targets) connect(interlock, target);
    if (!about.all_safe) return;
    for (ComponentSpecification& component : specification_.components) {
      if (component.kind != PluginKind::actuator) continue;
      for (ChannelSpecification& channel : component.channels)
        add(interlock, component, channel, OutputGate::Action::safe, about.action_position);
    }
  }

 private:
  void connect(const ComponentSpecification& interlock, const InterlockSpecification::Target& target) {
    std::vector<std::string> outputs;
    for (ComponentSpecification& component : specification_.components) {
      if (component.kind != PluginKind::actuator) continue;
      for (ChannelSpecification& channel : component.channels) {
        outputs.push_back(component.name + "." + channel.signal);
        if (outputs.back() == target.output.text)
          return add(interlock, component, channel, target.action, target.output.position);
      }
    }
    findings_.error(target.output.position, "interlock " + interlock.name + ": there is no output `" +
                                                target.output.text + "`" + hint(target.output.text, outputs));
  }

  void add(const ComponentSpecification& interlock, ComponentSpecification& actuator,
           ChannelSpecification& channel, OutputGate::Action action, const Position& position) {
    if (actuator.schedule.every != 1) {
      findings_.error(actuator.schedule_position.value_or(actuator.position),
                      actuator.name + " is not written on every beat, but the interlock " + interlock.name +
                          " must act on the beat that sees its cause: leave out `schedule`");
      return;
    }
    channel.gates.push_back({interlock.name, action});
    actuator.inputs.push_back(
        {channel.signal + "." + interlock.name, position, {interlock.name + ".tripped", position}});
  }

  Specification& specification_;
  Findings& findings_;
};

}  // namespace

void read_interlock(ComponentSpecification& component, const SectionReader& reader, Findings& findings) {
  const std::string what = "interlock " + component.name;
  auto interlock = std::make_shared<InterlockSpecification>();
  interlock->latch = reader.choice("latch", 0) == 0;
  interlock->action_position = reader.position_of("action");
  if (const Node* action = reader.get("action"))
    read_action(*action, what, *interlock, findings);
  else
    interlock->all_safe = true;
  if (const Node* trip = reader.get("trip"))
    interlock->is_readable = read_expression(*trip, "`trip` of " + what, findings, interlock->trip);
  for (const SignalName& signal : signals_of(interlock->trip))
    component.inputs.push_back({signal.text, signal.position, {signal.text, signal.position}});
  component.interlock = std::move(interlock);
}

void connect_interlocks(Specification& specification, Findings& findings) {
  Gates gates(specification, findings);
  for (const ComponentSpecification& component : specification.components) {
    if (component.interlock) gates.connect(component);
  }
}

}  // namespace tactus
