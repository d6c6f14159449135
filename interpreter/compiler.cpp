#include "interpreter/compiler.hpp"

#include <algorithm>
#include <ranges>
#include <typeinfo>

#include "engine/program_builder.hpp"
#include "interpreter/channels.hpp"
#include "interpreter/draft.hpp"
#include "interpreter/parameters.hpp"
#include "interpreter/unit_conversion.hpp"
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
  void check_units(const UnitSolution& units);
  void check_overrun();

  std::unique_ptr<Program> build(const UnitSolution& units, Compiled& compiled);
  void add_parts(ProgramBuilder& builder);
  void connect(ProgramBuilder& builder, const UnitSolution& units, Compiled& compiled);
  Source converted(ProgramBuilder& builder, std::size_t consumer, std::size_t input, const Source& source,
                   const Unit& from, const Unit& to);
  void name_units(Program& program, const UnitSolution& units) const;
  void describe_outputs(Compiled& compiled) const;
  void report_loop(const ProgramError& error);

  Configuration configuration(const Schedule& schedule) const {
    const double dt = specification_.heartbeat.period.seconds() * static_cast<double>(schedule.every);
    return {dt, specification_.heartbeat.virtual_time, specification_.directory};
  }
  Unit output_unit(const UnitSolution& units, std::size_t component, std::size_t output) const {
    return units.resolve(component, components_[component].instance->outputs()[output]->description().unit).unit;
  }

  const Specification& specification_;
  PluginLibrary& library_;
  Findings& findings_;
  const CompileOptions& options_;
  QuantityReader quantities_;
  ChannelCompiler channels_;
  DraftDevices devices_;
  DraftComponents components_;
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
  }
  check_overrun();
  if (components_.empty() && !findings_.has_errors())
    findings_.error({specification_.file}, "there is no component: nothing to run");
  if (findings_.has_errors()) return std::nullopt;

  Compiled compiled;
  try {
    compiled.program = build(units, compiled);
  } catch (const ProgramError& error) {
    report_loop(error);
    return std::nullopt;
  }
  if (findings_.has_errors()) return std::nullopt;
  describe_outputs(compiled);
  return compiled;
}

// Devices

void Compilation::make_device(const DeviceSpecification& device) {
  DraftDevice& draft = devices_[device.name];
  draft.specification = &device;
  if (device.driver.text.empty()) return;  // found already
  try {
    auto made = PluginLibrary::create(library_.find(device.driver.text, PluginKind::device));
    draft.device = std::shared_ptr<Device>(static_cast<Device*>(made.release()));
  } catch (const PluginError& error) {
    findings_.error(device.driver.position, error.what());
    return;
  }
  const std::string what = "device " + device.name;
  const std::size_t before = findings_.errors();
  ParameterFiller filler(*draft.device, what, device.position, quantities_, findings_);
  const auto settings = std::make_shared<Settings>(
      filler.fill(device.parameters, schema::device, [&](const std::string& declared) -> ResolvedUnit {
        try {
          return {Unit::parse(declared), ""};
        } catch (const UnitError& error) {
          findings_.error(device.driver.position, "driver " + device.driver.text + ": " + error.what());
          return {};
        }
      }));
  draft.settings = settings;
  const std::shared_ptr<Device> fresh = draft.device;
  if (findings_.errors() == before && options_.running != nullptr) {
    const auto running = std::ranges::find(options_.running->devices, device.name, &DevicePart::name);
    if (running != options_.running->devices.end()) keep_device(draft, *running);
  }
  if (draft.device == fresh && findings_.errors() == before) {
    draft.device->bind(*settings);
    Configuration told = configuration({});
    configure(*draft.device, told, device.parameters, what, device.position, findings_);
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
    findings_.error(device.driver.position, "device " + device.name +
                                                " would get another driver while the experiment runs: stop it first");
    return;
  }
  for (std::size_t i = 0; i < fresh.parameters().size(); ++i) {
    if (draft.settings->values[i] == running.settings->values[i]) continue;
    const std::string& name = fresh.parameters()[i]->description().name;
    const auto given = std::ranges::find(device.parameters, name, &ParameterSpecification::name);
    findings_.error(given != device.parameters.end() ? given->value.position() : device.position,
                    "`" + name + "` of device " + device.name +
                        " would change while the experiment runs: stop it first");
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

std::shared_ptr<Component> Compilation::make_instance(const ComponentSpecification& component) {
  if (!component.plugin) {
    if (component.kind == PluginKind::scanner) return std::make_shared<Scanner>();
    if (component.kind == PluginKind::actuator) return std::make_shared<Actuator>();
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
  const schema::Section& section = component.kind == PluginKind::scanner    ? schema::scanner
                                   : component.kind == PluginKind::actuator ? schema::actuator
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

// Checks over several components

void Compilation::check_units(const UnitSolution& units) {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    for (std::size_t input = 0; input < components_[i].sources.size(); ++input) {
      const auto& source = components_[i].sources[input];
      if (!source) continue;
      const PortDescription& port = components_[i].instance->inputs()[input]->description();
      const ResolvedUnit expected = units.resolve(i, port.unit);
      const Unit found = output_unit(units, source->component, source->output);
      const ConnectionSpecification& connection = *source->specification;
      if (!found.convertible_to(expected.unit)) {
        findings_.error(connection.signal.position,
                        components_[i].specification->name + "." + port.name + " is in " + expected.unit.text() +
                            ", but " + connection.signal.text + " is in " + found.text() +
                            ", which cannot be converted" + expected.why);
      } else if (connection.delay > 0 && !connection.initial.is_null()) {
        quantities_.read(connection.initial, found, Quantity::absolute, "`initial` of input " + port.name);
      }
    }
  }
}

void Compilation::check_overrun() {
  const HeartbeatSpecification& heartbeat = specification_.heartbeat;
  if (heartbeat.overrun != OverrunPolicy::catch_up) return;
  for (const DraftComponent& draft : components_) {
    if (draft.specification->kind == PluginKind::actuator && draft.device != nullptr && draft.device->device &&
        draft.device->device->is_hardware()) {
      findings_.error(heartbeat.overrun_position, "`overrun: catch-up` is not for hardware, which " +
                                                      draft.specification->name +
                                                      " writes: beats would follow each other too fast");
    }
  }
}

// The program

std::unique_ptr<Program> Compilation::build(const UnitSolution& units, Compiled& compiled) {
  ProgramBuilder builder(specification_.heartbeat.period, options_.number, options_.running);
  for (const DeviceSpecification& device : specification_.devices) {
    const DraftDevice& draft = devices_.at(device.name);
    builder.add_device(device.name, draft.device, draft.settings);
  }
  add_parts(builder);
  connect(builder, units, compiled);
  std::unique_ptr<Program> program = builder.build(specification_.text);
  name_units(*program, units);
  return program;
}

void Compilation::add_parts(ProgramBuilder& builder) {
  for (DraftComponent& draft : components_) {
    NewPart part;
    part.name = draft.specification->name;
    part.plugin = draft.plugin;
    part.kind = draft.specification->kind;
    part.schedule = draft.specification->schedule;
    part.instance = draft.instance;
    part.settings = std::move(draft.settings);
    if (part.kind == PluginKind::actuator) {
      part.lines = draft.outputs;
      part.device = draft.device->device.get();
    }
    builder.add(std::move(part));
  }
}

void Compilation::connect(ProgramBuilder& builder, const UnitSolution& units, Compiled& compiled) {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    for (std::size_t input = 0; input < components_[i].sources.size(); ++input) {
      const auto& draft = components_[i].sources[input];
      if (!draft) continue;
      const PortDescription& port = components_[i].instance->inputs()[input]->description();
      const Unit from = output_unit(units, draft->component, draft->output);
      const Unit to = units.resolve(i, port.unit).unit;
      Source source{draft->component, draft->output, draft->specification->delay, 0};
      if (source.delay > 0) {
        source.initial = quantities_.read(draft->specification->initial, from, Quantity::absolute, "`initial`").value_or(0);
      }
      const bool last_beat = components_[draft->component].specification->kind == PluginKind::actuator;
      compiled.wires.push_back({draft->specification->signal.text, components_[i].specification->name, port.name,
                                from.text(), to.text(), source.delay, last_beat && source.delay == 0});
      if (!(from == to)) source = converted(builder, i, input, source, from, to);
      builder.connect(i, input, source);
    }
  }
}

/// Puts a conversion between a source and its consumer. It has the consumer's turns: so it works on what is newest
/// whenever that is looked at.
Source Compilation::converted(ProgramBuilder& builder, std::size_t consumer, std::size_t input, const Source& source,
                              const Unit& from, const Unit& to) {
  const ComponentSpecification& reader = *components_[consumer].specification;
  const Conversion factors = conversion(from, to);
  NewPart part;
  part.name = reader.name + "." + components_[consumer].instance->inputs()[input]->description().name + ".unit";
  part.plugin = UnitConversion::plugin_name;
  part.kind = PluginKind::observer;
  part.schedule = reader.schedule;
  part.instance = std::make_shared<UnitConversion>(from.text(), to.text());
  part.settings = part.instance->make_settings();
  part.settings.values = {factors.scale, factors.offset};
  const std::size_t added = builder.add(std::move(part));
  builder.connect(added, 0, source);
  return {added, 0};
}

/// The engine's layout tells the units that plug-ins declare; users want those that the wiring gave them.
void Compilation::name_units(Program& program, const UnitSolution& units) const {
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < components_.size(); ++i) by_name.emplace(components_[i].specification->name, i);
  auto layout = std::make_shared<ProgramLayout>(*program.layout);
  for (ComponentLayout& component : layout->components) {
    const auto found = by_name.find(component.component);
    if (found == by_name.end()) continue;  // a conversion: its units are real
    for (std::size_t i = 0; i < component.signals.size(); ++i)
      component.signals[i].unit = output_unit(units, found->second, i).text();
  }
  program.layout = std::move(layout);
}

void Compilation::describe_outputs(Compiled& compiled) const {
  for (const DraftComponent& draft : components_) {
    if (draft.specification->kind != PluginKind::actuator) continue;
    const bool hardware = draft.device->device->is_hardware();
    compiled.hardware = compiled.hardware || hardware;
    for (std::size_t i = 0; i < draft.outputs.size(); ++i) {
      const OutputLine& line = draft.outputs[i];
      compiled.outputs.push_back({draft.specification->name + "." + line.signal, draft.device->specification->name,
                                  draft.device->channels[line.channel].name, line.unit, hardware,
                                  !draft.specification->channels[i].safe.is_null(), line.safe_hold, line.safe});
    }
  }
}

void Compilation::report_loop(const ProgramError& error) {
  Position position{specification_.file};
  std::vector<std::string> members;  // without the conversions, which the user did not write
  for (const std::string& member : error.members()) {
    if (specification_.component(member) != nullptr) members.push_back(member);
  }
  if (members.empty()) return findings_.error(position, error.what());
  const ComponentSpecification& first = *specification_.component(members[0]);
  position = first.position;
  if (members.size() == 1 && error.members().size() == 1 &&
      std::string_view(error.what()).find("loop") == std::string_view::npos) {
    return findings_.error(position, error.what());
  }
  const std::string next = members.size() > 1 ? members[1] : members[0];
  std::string example = "component." "signal";
  for (const ConnectionSpecification& connection : first.inputs) {
    if (!connection.signal.text.starts_with(next + ".") || connection.delay > 0) continue;
    position = connection.signal.position;
    example = connection.input + ": {signal: " + connection.signal.text + ", delay: 1, initial: ...}";
    break;
  }
  members.push_back(members.front());
  findings_.error(position, "a loop: " + join(members, " reads ") + "; break it with a delay, for example `" + example + "`");
}

}  // namespace

std::optional<Compiled> compile(const Specification& specification, PluginLibrary& library, Findings& findings,
                                const CompileOptions& options) {
  try {
    return Compilation(specification, library, findings, options).run();
  } catch (const UnitError& error) {  // of the database itself
    findings.error({specification.file}, error.what());
    return std::nullopt;
  }
}

}  // namespace tactus
