#include "engine/program_builder.hpp"

#include <algorithm>
#include <iterator>

#include "engine/order.hpp"

namespace tactus {
namespace {

/// An instance may go on in a new program if nobody could tell the difference from its ports: what it
/// remembers is in their units.
bool same_ports(const Component& a, const Component& b) {
  const auto same = [](const auto* x, const auto* y) {
    return x->description().name == y->description().name && x->description().unit == y->description().unit;
  };
  return std::ranges::equal(a.inputs(), b.inputs(), same) &&
         std::ranges::equal(a.outputs(), b.outputs(), same);
}

std::string join(const std::vector<std::string>& names, const char* between) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : between) + name;
  return text;
}

}  // namespace

void ProgramBuilder::add_device(std::string name, std::shared_ptr<Device> device,
                                std::shared_ptr<const Settings> settings) {
  devices_.push_back({std::move(name), std::move(device), std::move(settings)});
}

std::size_t ProgramBuilder::add_chain(std::string name, Schedule schedule) {
  chains_.push_back({std::move(name), schedule});
  return chains_.size() - 1;
}

std::size_t ProgramBuilder::add(NewPart part) {
  const std::size_t inputs = part.instance->inputs().size();
  entries_.push_back({std::move(part), std::vector<std::optional<Source>>(inputs), std::nullopt});
  return entries_.size() - 1;
}

void ProgramBuilder::connect(std::size_t part, std::size_t input, Source source) {
  entries_.at(part).sources.at(input) = source;
}

std::unique_ptr<Program> ProgramBuilder::build(std::string specification) {
  if (running_ != nullptr && running_->chains.size() != chains_.size())
    throw ProgramError("the running program has other chains", {});
  keep_instances();
  name_states();
  give_own_rates();
  put_in_order();
  auto program = std::make_unique<Program>();
  program->durations = std::make_shared<StepTable>(order_.size());
  const std::shared_ptr<ProgramLayout> layout = lay_out(std::move(specification), program->durations);
  program->layout = layout;
  program->devices = std::move(devices_);
  place_frames(*program);
  wire(*program);
  make_steps(*program);
  make_modes(*program);
  make_safe_sequence(*program);
  make_handover(*program);
  if (checkpoint_) take_checkpoints(*program, *layout);
  return program;
}

void ProgramBuilder::keep_instances() {
  if (running_ == nullptr) return;
  const std::vector<ComponentLayout>& old = running_->layout->components;
  for (Entry& entry : entries_) {
    if (entry.part.kind == PluginKind::region) continue;  // its plan is the new program's
    const auto same = std::ranges::find_if(old, [&](const ComponentLayout& component) {
      return component.component == entry.part.name && component.plugin == entry.part.plugin &&
             component.kind == entry.part.kind;
    });
    if (same == old.end()) continue;
    const std::size_t index = static_cast<std::size_t>(same - old.begin());
    const Part& predecessor = running_->parts[index];
    if (!same_ports(*predecessor.instance, *entry.part.instance)) continue;
    entry.part.instance =
        predecessor.instance;  // the new settings stay, the instance they were made with is done
    entry.predecessor = index;
  }
}

/// A component that modes switch on and off has turns of its own; also if that was so in the program before,
/// so that it can be told how long it has rested.
void ProgramBuilder::give_own_rates() {
  for (const NewModes& modes : modes_) {
    for (const NewModes::Governed& part : modes.governed) entries_[part.part].own_rate = true;
  }
  for (Entry& entry : entries_) {
    if (entry.predecessor && running_->layout->components[*entry.predecessor].own_rate)
      entry.own_rate = !entry.part.chain;
  }
}

/// Those that must have run before in a beat. What is delayed, what an actuator applied on the last beat, and
/// what another chain has delivered, is there before the beat begins; and a region looks at the last beat.
std::vector<std::size_t> ProgramBuilder::needs_of(std::size_t at) const {
  std::vector<std::size_t> needs;
  if (is_region(at)) return needs;
  const auto add = [&](const std::optional<Source>& source) {
    if (source && source->delay == 0 && !is_actuator(source->part) && same_chain(source->part, at))
      needs.push_back(source->part);
  };
  for (const std::optional<Source>& source : entries_[at].sources) add(source);
  for (const NewModes& modes : modes_) {
    for (const NewModes::Rewired& wire : modes.rewired) {
      if (wire.part == at) std::ranges::for_each(wire.sources, add);
    }
  }
  return needs;
}

void ProgramBuilder::put_in_order() {
  std::vector<OrderNode> nodes;
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    const Entry& entry = entries_[at];
    for (std::size_t i = 0; i < entry.sources.size(); ++i) {
      if (entry.sources[i] || entry.part.instance->inputs()[i]->description().otherwise) continue;
      const std::string input = entry.part.name + "." + entry.part.instance->inputs()[i]->description().name;
      throw ProgramError("input " + input + " is not connected", {entry.part.name});
    }
    nodes.push_back({static_cast<std::size_t>(entry.part.kind), needs_of(at)});
  }
  Order order = push_order(nodes);
  if (!order.loop.empty()) {
    std::vector<std::string> members;
    for (const std::size_t member : order.loop) members.push_back(entries_[member].part.name);
    members.push_back(members.front());
    const std::string text = "loop: " + join(members, " <- ") + "; close it with an explicit delay";
    members.pop_back();
    throw ProgramError(text, members);
  }
  order_ = std::move(order.sequence);
  const auto chain = [this](std::size_t entry) {  // 0: the beat
    return entries_[entry].part.chain ? *entries_[entry].part.chain + 1 : 0;
  };
  std::ranges::stable_sort(order_, {}, chain);
  place_.resize(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) place_[order_[i]] = i;
}

std::shared_ptr<ProgramLayout> ProgramBuilder::lay_out(std::string specification,
                                                       const std::shared_ptr<StepTable>& durations) const {
  auto layout = std::make_shared<ProgramLayout>();
  layout->program = number_;
  layout->period = period_;
  layout->specification = std::move(specification);
  layout->rates.push_back({});  // every beat: the devices' rate, and that of most components
  for (const Entry& entry : entries_) {
    if (entry.part.chain || entry.own_rate || std::ranges::count(layout->rates, entry.part.schedule) != 0)
      continue;
    layout->rates.push_back(entry.part.schedule);
  }
  layout->shared_rates = layout->rates.size();
  std::size_t own_rate = layout->shared_rates;
  for (const std::size_t index : order_) {
    if (entries_[index].own_rate) layout->rates.push_back(entries_[index].part.schedule);
  }
  const std::size_t beat_rates = layout->rates.size();
  for (const NewChain& chain : chains_) layout->rates.push_back(chain.schedule);
  for (const std::size_t index : order_) {
    const Entry& entry = entries_[index];
    ComponentLayout component;
    component.component = entry.part.name;
    component.plugin = entry.part.plugin;
    component.kind = entry.part.kind;
    component.first = layout->signals;
    for (const Output* output : entry.part.instance->outputs()) {
      component.signals.push_back({output->description().name, output->description().unit});
    }
    layout->signals += component.signals.size();
    if (entry.part.chain) {
      component.chain = chains_[*entry.part.chain].name;
      component.rate = beat_rates + *entry.part.chain;
    } else {
      const auto rate = std::ranges::find(layout->rates, entry.part.schedule);  // those shared come first
      component.rate = entry.own_rate ? own_rate++ : static_cast<std::size_t>(rate - layout->rates.begin());
      component.own_rate = entry.own_rate;
      ++layout->beat_components;
    }
    component.timing = std::make_shared<StepTiming>(
        durations, layout->components.size(),
        entry.predecessor ? running_->layout->components[*entry.predecessor].timing.get() : nullptr);
    layout->components.push_back(std::move(component));
  }
  // Before the steps, each step, after them.
  layout->worst = std::make_shared<WorstBeats>(layout->beat_components + 2);
  return layout;
}

void ProgramBuilder::place_frames(Program& program) const {
  const ProgramLayout& layout = *program.layout;
  std::size_t inputs = 0;  // one place for each: it may read neither a frame nor nothing at all
  for (const Entry& entry : entries_) inputs += entry.sources.size();
  for (const NewModes& modes : modes_) {
    for (const NewModes::Rewired& wire : modes.rewired) inputs += wire.sources.size();
  }
  program.values.assign(layout.signals + inputs, 0.0);
  program.statuses.assign(layout.signals + inputs, Status::bad);  // until its component has run
  program.delays.reserve(inputs);                                 // wires know them by their address
  place_chains(program);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const NewPart& made = entries_[order_[i]].part;
    Part part;
    part.instance = made.instance;
    part.lines = made.lines;
    part.device = made.device;
    part.kept = entries_[order_[i]].predecessor.has_value();
    part.states = entries_[order_[i]].states;
    const std::size_t first = layout.components[i].first;
    if (made.chain) {
      Chain& chain = program.chains[*made.chain];
      part.values = chain.values.data() + (first - chain.first);
      part.statuses = chain.statuses.data() + (first - chain.first);
    } else {
      part.values = program.values.data() + first;
      part.statuses = program.statuses.data() + first;
    }
    program.parts.push_back(std::move(part));
  }
  for (const Schedule& schedule : layout.rates) program.rates.emplace_back(schedule, layout.period);
}

/// The chains with their blocks, whose addresses stay.
void ProgramBuilder::place_chains(Program& program) const {
  const ProgramLayout& layout = *program.layout;
  program.chains.reserve(chains_.size());
  for (std::size_t c = 0; c < chains_.size(); ++c) {
    Chain& chain = program.chains.emplace_back(chains_[c].name, chains_[c].schedule, period_);
    chain.rate = layout.rates.size() - chains_.size() + c;
    std::size_t inputs = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (entries_[order_[i]].part.chain != c) continue;
      if (chain.steps++ == 0) {
        chain.first_step = i;
        chain.first = layout.components[i].first;
      }
      chain.signals += layout.components[i].signals.size();
      inputs += entries_[order_[i]].sources.size();
    }
    chain.values.assign(chain.signals + inputs, 0.0);
    chain.statuses.assign(chain.signals + inputs, Status::bad);
    chain.delays.reserve(inputs);
  }
}

void ProgramBuilder::wire(Program& program) {
  beat_ = {program.values.data(), program.statuses.data(), program.layout->signals, &program.delays};
  std::vector<Block> chains;
  for (Chain& chain : program.chains)
    chains.push_back({chain.values.data(), chain.statuses.data(), chain.signals, &chain.delays});
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Entry& entry = entries_[order_[i]];
    for (std::size_t input = 0; input < entry.sources.size(); ++input) {
      const std::optional<Source>& source = entry.sources[input];
      const bool from_elsewhere = source && entry.part.chain && !same_chain(source->part, order_[i]);
      Block& block = entry.part.chain ? chains[*entry.part.chain] : beat_;
      program.parts[i].wires.push_back(from_elsewhere ? wire_into_chain(program, i, input, beat_, block)
                                                      : wire_input(program, i, input, block));
    }
  }
}

/// An input that reads in its own block: a signal, a delayed one, or its constant.
Wire ProgramBuilder::wire_input(Program& program, std::size_t place, std::size_t input, Block& block) const {
  const Entry& entry = entries_[order_[place]];
  if (const std::optional<Source>& source = entry.sources[input])
    return wire_source(program, place, *source, block);
  const DelayLine::Place own = block.place(block.free++);
  *own.value = *entry.part.instance->inputs()[input]->description().otherwise;
  *own.status = Status::good;
  return {own.value, own.status, false};
}

Wire ProgramBuilder::wire_source(Program& program, std::size_t place, const Source& source,
                                 Block& block) const {
  const Entry& entry = entries_[order_[place]];
  const DelayLine::Place own = block.place(block.free++);
  const ComponentLayout& producer = program.layout->components[place_[source.part]];
  const std::size_t first =
      entry.part.chain ? producer.first - program.chains[*entry.part.chain].first : producer.first;
  const DelayLine::Place signal = block.place(first + source.output);
  // Actuators come last, in an order of no meaning to the user: between them "the last beat" is made
  // explicit.
  const bool between_actuators = is_actuator(source.part) && is_actuator(order_[place]);
  const std::size_t beats = between_actuators ? std::max<std::size_t>(source.delay, 1) : source.delay;
  Wire wire{signal.value, signal.status, true};
  if (beats != 0) delay(wire, signal, own, beats, source.initial, *block.delays);
  return wire;
}

/// An input in a chain that reads a signal of the beat or of another chain: that is latched at the chain's
/// turn.
Wire ProgramBuilder::wire_into_chain(Program& program, std::size_t place, std::size_t input, Block& beat,
                                     Block& own) const {
  const Source& source = *entries_[order_[place]].sources[input];
  std::size_t from = program.layout->components[place_[source.part]].first + source.output;
  const std::size_t to = own.free++;
  Wire wire{own.values + to, own.statuses + to, true};
  if (source.delay != 0) {
    const std::size_t delayed = beat.free++;
    Wire unused;
    delay(unused, beat.place(from), beat.place(delayed), source.delay, source.initial, *beat.delays);
    wire.delay = unused.delay;
    from = delayed;
  }
  program.chains[*entries_[order_[place]].part.chain].inputs.push_back({from, to});
  return wire;
}

void ProgramBuilder::delay(Wire& wire, DelayLine::Place source, DelayLine::Place target, std::size_t beats,
                           double initial, std::vector<DelayLine>& delays) {
  wire.delay = &delays.emplace_back(source, target, beats, initial);
  wire.value = target.value;
  wire.status = target.status;
}

void ProgramBuilder::make_steps(Program& program) {
  for (const Part& part : program.parts) {
    for (const Wire& wire : part.wires) program.input_statuses.push_back(wire.status);
  }
  std::size_t first = 0;
  for (std::size_t i = 0; i < program.parts.size(); ++i) {
    Part& part = program.parts[i];
    NewPart& made = entries_[order_[i]].part;
    part.settings = std::move(made.settings);
    const ComponentLayout& about = program.layout->components[i];
    const Rate* const rate = made.chain ? &program.chains[*made.chain].turn : &program.rates[about.rate];
    program.steps.push_back({part.instance.get(), rate, program.input_statuses.data() + first, part.statuses,
                             static_cast<std::uint32_t>(part.wires.size()),
                             static_cast<std::uint32_t>(about.signals.size())});
    first += part.wires.size();
  }
  program.stamps.assign(program.beat_steps().size() + 3, 0);
}

void ProgramBuilder::make_safe_sequence(Program& program) const {
  std::vector<SafeSequence::Member> members;
  for (std::size_t i = 0; i < program.parts.size(); ++i) {
    const Part& part = program.parts[i];
    for (std::size_t line = 0; line < part.lines.size(); ++line) {
      const auto place = std::ranges::find(safe_order_, Line{order_[i], line});
      members.push_back({static_cast<Actuator*>(part.instance.get()), program.layout->components[i].component,
                         line, static_cast<std::size_t>(place - safe_order_.begin())});
    }
  }
  program.safety = SafeSequence(std::move(members));
}

}  // namespace tactus
