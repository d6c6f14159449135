#include "interpreter/compiler.hpp"

#include <algorithm>
#include <iterator>
#include <typeinfo>

#include "components/generator/toggle.hpp"
#include "components/interlock/interlock.hpp"
#include "engine/region.hpp"
#include "interpreter/assembler.hpp"
#include "interpreter/channels.hpp"
#include "interpreter/condition_compiler.hpp"
#include "interpreter/device_maker.hpp"
#include "interpreter/draft.hpp"
#include "interpreter/mode_compiler.hpp"
#include "interpreter/parameters.hpp"
#include "interpreter/unit_solution.hpp"
#include "interpreter/wiring.hpp"
#include "interpreter/words.hpp"

namespace tactus {
namespace {

/// One run of the compiler: devices, instances, wiring, units, parameters, program, in this order.
class Compilation {
 public:
  Compilation(const Specification& specification, PluginLibrary& library, Findings& findings,
              const CompileOptions& options)
      : specification_(specification),
        library_(library),
        findings_(findings),
        options_(options),
        quantities_(specification.constants, findings),
        channels_(quantities_, findings) {}

  std::optional<Compiled> run();

 private:
  void make_device(const DeviceSpecification& device);
  void keep_device(DraftDevice& draft, const DevicePart& running);
  void make_component(const ComponentSpecification& component);
  std::shared_ptr<Component> make_instance(const ComponentSpecification& component);
  bool find_device(DraftComponent& draft);
  void set_up(DraftComponent& draft, const UnitResolver& units);
  std::vector<std::string> outputs_of(const std::string& interlock) const;
  std::vector<ConditionInput> condition_inputs(std::size_t index, const UnitSolution& units) const;
  void set_up_interlock(std::size_t index, const UnitSolution& units);
  void set_up_region(std::size_t index, const UnitSolution& units);
  void compile_modes(Wiring& wiring, const UnitSolution& units);
  void check_units(const UnitSolution& units);
  void check_units(const UnitSolution& units, std::size_t component, std::size_t input,
                   const DraftSource& source);
  void check_overrun();
  void check_states();

  Configuration configuration(const Schedule& schedule) const {
    const double dt = specification_.heartbeat.period.seconds() * static_cast<double>(schedule.every);
    return {dt, specification_.heartbeat.virtual_time, specification_.directory};
  }
  const Specification& specification_;
  PluginLibrary& library_;
  Findings& findings_;
  const CompileOptions& options_;
  QuantityReader quantities_;
  ChannelCompiler channels_;
  DraftDevices devices_;
  DraftComponents components_;
  std::vector<DraftModes> modes_;
  std::vector<CompiledInterlock> interlocks_;
};

std::optional<Compiled> Compilation::run() {
  for (const DeviceSpecification& device : specification_.devices) make_device(device);
  components_.reserve(specification_.components.size());
  for (const ComponentSpecification& component : specification_.components) make_component(component);

  Wiring wiring(components_, findings_);
  wiring.connect();
  if (specification_.report) {
    for (const Word& name : specification_.report->signals) wiring.check_reported(name);
  }
  const UnitSolution units(components_, quantities_, findings_);
  check_units(units);
  for (std::size_t i = 0; i < components_.size(); ++i) {
    set_up(components_[i], [&](const std::string& declared) { return units.resolve(i, declared); });
    if (components_[i].specification->interlock) set_up_interlock(i, units);
    if (components_[i].specification->region) set_up_region(i, units);
  }
  compile_modes(wiring, units);
  check_overrun();
  check_states();
  if (components_.empty() && !findings_.has_errors())
    findings_.error({specification_.file}, "there is no component: nothing to run");
  if (findings_.has_errors()) return std::nullopt;
  auto compiled = Assembler(specification_, components_, modes_, units, quantities_, findings_)
                      .assemble(devices_, options_);
  if (compiled) compiled->interlocks = std::move(interlocks_);
  return compiled;
}

// Devices

void Compilation::make_device(const DeviceSpecification& device) {
  DraftDevice& draft = devices_[device.name];
  draft.specification = &device;
  const MadeDevice made = tactus::make_device(device, library_, quantities_, findings_);
  if (made.device == nullptr) return;
  draft.device = made.device;
  draft.settings = made.settings;
  const std::size_t before = findings_.errors();
  if (options_.running != nullptr) {
    const auto running = std::ranges::find(options_.running->devices, device.name, &DevicePart::name);
    if (running != options_.running->devices.end()) keep_device(draft, *running);
  }
  if (draft.device == made.device && findings_.errors() == before) {
    configure_device(made, specification_, device, findings_);
  }
  if (findings_.errors() > before) {
    draft.device = nullptr;
    return;
  }
  draft.channels = draft.device->channels();
}

/// The running device goes on if it is the same in driver and parameters.
void Compilation::keep_device(DraftDevice& draft, const DevicePart& running) {
  const Device& fresh = *draft.device;
  const Device& old = *running.device;
  // Address of the name, not the name: two drivers may each call their class the same.
  const bool same_driver = typeid(fresh).name() == typeid(old).name();
  const DeviceSpecification& device = *draft.specification;
  if (!same_driver) {
    findings_.error(
        device.driver.position,
        "device " + device.name + " would get another driver while the experiment runs: stop it first");
    return;
  }
  for (std::size_t i = 0; i < fresh.parameters().size(); ++i) {
    if (draft.settings->values[i] == running.settings->values[i]) continue;
    const std::string& name = fresh.parameters()[i]->description().name;
    const auto given = std::ranges::find(device.parameters, name, &ParameterSpecification::name);
    findings_.error(
        given != device.parameters.end() ? given->value.position() : device.position,
        "`" + name + "` of device " + device.name + " would change while the experiment runs: stop it first");
  }
  draft.device = running.device;
  draft.settings = running.settings;
}

// Components

void Compilation::make_component(const ComponentSpecification& component) {
  DraftComponent& draft = components_.emplace_back();
  draft.specification = &component;
  draft.plugin = component.plugin ? component.plugin->text : to_string(component.kind);
  const bool has_device = component.kind == PluginKind::scanner || component.kind == PluginKind::actuator;
  const bool device_found = !has_device || find_device(draft);
  draft.instance = make_instance(component);
  draft.usable = draft.instance != nullptr && device_found;
  if (!has_device || !draft.instance) return;
  if (!device_found) {
    draft.instance = nullptr;  // its ports are unknown
    return;
  }
  channels_.compile(draft);
  if (component.kind == PluginKind::scanner)
    static_cast<Scanner&>(*draft.instance).declare(draft.inputs);
  else
    static_cast<Actuator&>(*draft.instance).declare(draft.outputs);
}

/// Of an interlock or a region, which read the signals of their conditions.
template <class T>
std::shared_ptr<Component> make_watcher(const ComponentSpecification& component) {
  auto watcher = std::make_shared<T>();
  std::vector<std::string> signals;
  for (const ConnectionSpecification& input : component.inputs) signals.push_back(input.input);
  watcher->declare(signals);
  return watcher;
}

std::shared_ptr<Component> Compilation::make_instance(const ComponentSpecification& component) {
  if (!component.plugin) {
    if (component.kind == PluginKind::scanner) return std::make_shared<Scanner>();
    if (component.kind == PluginKind::actuator) return std::make_shared<Actuator>();
    if (component.kind == PluginKind::interlock) return make_watcher<Interlock>(component);
    if (component.kind == PluginKind::region) return make_watcher<Region>(component);
    if (component.toggles) return std::make_shared<Toggle>();
    return nullptr;  // found already: the key is missing
  }
  try {
    auto made = PluginLibrary::create(library_.find(component.plugin->text, component.kind));
    return std::shared_ptr<Component>(static_cast<Component*>(made.release()));
  } catch (const PluginError& error) {
    findings_.error(component.plugin->position, error.what());
    return nullptr;
  }
}

bool Compilation::find_device(DraftComponent& draft) {
  const Word& name = draft.specification->device;
  if (name.text.empty()) return false;  // found already
  const auto found = devices_.find(name.text);
  if (found == devices_.end()) {
    std::vector<std::string> names;
    for (const auto& [known, device] : devices_) names.push_back(known);
    findings_.error(name.position, "there is no device `" + name.text + "`" + hint(name.text, names));
    return false;
  }
  draft.device = &found->second;
  return draft.device->device != nullptr;
}

void Compilation::set_up(DraftComponent& draft, const UnitResolver& units) {
  if (!draft.instance) return;
  const ComponentSpecification& component = *draft.specification;
  const schema::Section& section = component.kind == PluginKind::scanner     ? schema::scanner
                                   : component.kind == PluginKind::actuator  ? schema::actuator
                                   : component.kind == PluginKind::interlock ? schema::interlock
                                   : component.kind == PluginKind::region    ? schema::region
                                                                             : schema::component;
  const std::size_t before = findings_.errors();
  ParameterFiller filler(*draft.instance, component.name, component.position, quantities_, findings_);
  draft.settings = filler.fill(component.parameters, section, units);
  if (!draft.usable || findings_.errors() > before) return;
  draft.instance->bind(draft.settings);
  try {
    if (component.kind == PluginKind::scanner)
      static_cast<Scanner&>(*draft.instance).attach(*draft.device->device, draft.inputs);
    if (component.kind == PluginKind::actuator)
      static_cast<Actuator&>(*draft.instance).attach(*draft.device->device, draft.outputs);
  } catch (const std::exception& error) {
    findings_.error(component.device.position, component.name + ": " + error.what());
    return;
  }
  Configuration told = configuration(component.schedule);
  configure(*draft.instance, told, component.parameters, component.name, component.position, findings_);
}

/// What an interlock acts on, and how.
std::vector<std::string> Compilation::outputs_of(const std::string& interlock) const {
  constexpr const char* actions[] = {" safe", " no-rise", " no-fall"};
  std::vector<std::string> outputs;
  for (const ComponentSpecification& component : specification_.components) {
    for (const ChannelSpecification& channel : component.channels) {
      for (const OutputGate& gate : channel.gates) {
        if (gate.interlock != interlock) continue;
        outputs.push_back(component.name + "." + channel.signal +
                          actions[static_cast<std::size_t>(gate.action)]);
      }
    }
  }
  return outputs;
}

/// What the names in the conditions of a component stand for.
std::vector<ConditionInput> Compilation::condition_inputs(std::size_t index,
                                                          const UnitSolution& units) const {
  const DraftComponent& draft = components_[index];
  std::vector<ConditionInput> inputs;
  for (std::size_t i = 0; i < draft.specification->inputs.size(); ++i) {
    ConditionInput input{draft.specification->inputs[i].signal.text, units.of_input(index, i).unit};
    const std::optional<DraftSource>& source = draft.sources[i];
    if (source) input.labels = labels_of(*components_[source->component].specification, source->output);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

void Compilation::set_up_interlock(std::size_t index, const UnitSolution& units) {
  DraftComponent& draft = components_[index];
  const ComponentSpecification& component = *draft.specification;
  if (!draft.usable || !component.interlock->is_readable) return;
  std::vector<std::string> watches;
  for (const ConnectionSpecification& input : component.inputs) watches.push_back(input.signal.text);
  std::ranges::move(modes_of(component.interlock->trip), std::back_inserter(watches));  // by name
  const std::vector<ConditionInput> inputs = condition_inputs(index, units);
  std::optional<Condition> condition =
      compile_condition(component.interlock->trip, {inputs, specification_.constants},
                        "`trip` of interlock " + component.name, findings_);
  if (!condition) return;
  Interlock::Policy policy{component.name, std::move(*condition), component.interlock->latch,
                           component.interlock->fault};
  interlocks_.push_back({policy, std::move(watches), outputs_of(component.name)});
  static_cast<Interlock&>(*draft.instance).attach(std::move(policy));
}

void Compilation::set_up_region(std::size_t index, const UnitSolution& units) {
  DraftComponent& draft = components_[index];
  const ComponentSpecification& component = *draft.specification;
  if (!draft.usable) return;
  const std::vector<ConditionInput> inputs = condition_inputs(index, units);
  Region::Plan plan{.name = component.name, .initial = component.region->initial};
  bool complete = true;
  for (const ModeSpecification& mode : component.region->modes) {
    Region::Mode& made = plan.modes.emplace_back(Region::Mode{mode.name});
    for (const ModeSpecification::Transition& given : mode.transitions) {
      Region::Transition transition{.to = component.region->index(given.target.text), .after = given.after};
      transition.announcement = given.target.text + ": " + given.cause;
      if (given.after == 0) {
        const std::string what =
            "mode " + component.name + "." + mode.name + ": the condition for `" + given.target.text + "`";
        auto condition =
            given.is_readable
                ? compile_condition(given.condition, {inputs, specification_.constants, &plan.commands}, what,
                                    findings_)
                : std::nullopt;
        complete = complete && condition;
        transition.condition = condition.value_or(Condition());
      }
      complete = complete && transition.to < component.region->modes.size();
      made.transitions.push_back(std::move(transition));
    }
  }
  if (complete && !findings_.has_errors()) static_cast<Region&>(*draft.instance).attach(std::move(plan));
}

void Compilation::compile_modes(Wiring& wiring, const UnitSolution& units) {
  const auto make_settings =
      [&](std::size_t index,
          const std::vector<ParameterSpecification>& parameters) -> std::optional<Settings> {
    const ComponentSpecification& component = *components_[index].specification;
    const std::shared_ptr<Component> instance = make_instance(component);
    if (instance == nullptr) return std::nullopt;
    const std::size_t before = findings_.errors();
    ParameterFiller filler(*instance, component.name, component.position, quantities_, findings_);
    Settings settings = filler.fill(parameters, schema::component,
                                    [&](const std::string& unit) { return units.resolve(index, unit); });
    if (findings_.errors() > before) return std::nullopt;
    instance->bind(settings);
    Configuration told = configuration(component.schedule);
    configure(*instance, told, parameters, component.name, component.position, findings_);
    return settings;
  };
  ModeCompiler compiler(components_, wiring, make_settings, findings_);
  for (std::size_t i = 0; i < components_.size(); ++i) {
    if (components_[i].specification->region) modes_.push_back(compiler.compile(i));
  }
  for (const DraftModes& modes : modes_) {
    for (const DraftModes::Wire& wire : modes.wires) {
      for (const std::optional<DraftSource>& source : wire.sources) {
        if (source) check_units(units, wire.component, wire.input, *source);
      }
    }
  }
}

// Checks over several components

void Compilation::check_units(const UnitSolution& units) {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    for (std::size_t input = 0; input < components_[i].sources.size(); ++input) {
      const auto& source = components_[i].sources[input];
      if (source) check_units(units, i, input, *source);
    }
  }
}

void Compilation::check_units(const UnitSolution& units, std::size_t component, std::size_t input,
                              const DraftSource& source) {
  const PortDescription& port = components_[component].instance->inputs()[input]->description();
  const ResolvedUnit expected = units.of_input(component, input);
  const PortDescription& output =
      components_[source.component].instance->outputs()[source.output]->description();
  const ResolvedUnit given = units.resolve(source.component, output.unit);
  if (!expected.is_known || !given.is_known) return;
  const Unit& found = given.unit;
  const ConnectionSpecification& connection = *source.specification;
  if (!found.convertible_to(expected.unit)) {
    findings_.error(connection.signal.position, components_[component].specification->name + "." + port.name +
                                                    " is in " + expected.unit.text() + ", but " +
                                                    connection.signal.text + " is in " + found.text() +
                                                    ", which cannot be converted" + expected.why);
  } else if (connection.delay > 0 && !connection.initial.is_null()) {
    quantities_.read(connection.initial, found, Quantity::absolute, "`initial` of input " + port.name);
  }
}

void Compilation::check_overrun() {
  const HeartbeatSpecification& heartbeat = specification_.heartbeat;
  if (heartbeat.overrun != OverrunPolicy::catch_up) return;
  for (const DraftComponent& draft : components_) {
    if (draft.specification->kind == PluginKind::actuator && draft.device != nullptr &&
        draft.device->device && draft.device->device->is_hardware()) {
      findings_.error(heartbeat.overrun_position, "`overrun: catch-up` is not for hardware, which " +
                                                      draft.specification->name +
                                                      " writes: beats would follow each other too fast");
    }
  }
}

/// With checkpoints everything has to be saved: a part of the state would be none.
void Compilation::check_states() {
  if (!specification_.report || !specification_.report->checkpoint) return;
  const Position& asked = specification_.report->checkpoint_position;
  if (!specification_.chains.empty())
    findings_.error(asked, "`checkpoint` of report is not for experiments with chains, which may be at work");
  const auto look = [&](const std::string& what, const Configurable* instance) {
    const char* const reason = instance != nullptr ? instance->unsaveable() : nullptr;
    if (reason != nullptr)
      findings_.error(asked, "`checkpoint` of report: the state of " + what + " cannot be saved, " + reason);
  };
  for (const DraftComponent& draft : components_) look(draft.specification->name, draft.instance.get());
  for (const auto& [name, draft] : devices_) look("device " + name, draft.device.get());
}

}  // namespace

std::optional<Compiled> compile(const Specification& specification, PluginLibrary& library,
                                Findings& findings, const CompileOptions& options) {
  try {
    return Compilation(specification, library, findings, options).run();
  } catch (const UnitError& error) {  // of the database itself
    findings.error({specification.file}, error.what());
    return std::nullopt;
  }
}

}  // namespace tactus
