#include "engine/program_builder.hpp"

#include <algorithm>
#include <iterator>

#include "engine/order.hpp"

namespace tactus {
namespace {

/// An instance may go on in a new program if nobody could tell the difference from its ports.
bool same_ports(const Component& a, const Component& b) {
  const auto same_name = [](const auto* x, const auto* y) {
    return x->description().name == y->description().name;
  };
  return std::ranges::equal(a.inputs(), b.inputs(), same_name) &&
         std::ranges::equal(a.outputs(), b.outputs(), same_name);
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

std::size_t ProgramBuilder::add(NewPart part) {
  const std::size_t inputs = part.instance->inputs().size();
  entries_.push_back({std::move(part), std::vector<std::optional<Source>>(inputs), std::nullopt});
  return entries_.size() - 1;
}

void ProgramBuilder::connect(std::size_t part, std::size_t input, Source source) {
  entries_.at(part).sources.at(input) = source;
}

std::unique_ptr<Program> ProgramBuilder::build(std::string specification) {
  keep_instances();
  put_in_order();
  auto program = std::make_unique<Program>();
  program->durations = std::make_shared<StepTable>(order_.size());
  program->layout = lay_out(std::move(specification), program->durations);
  program->devices = std::move(devices_);
  place_frames(*program);
  wire(*program);
  make_steps(*program);
  make_handover(*program);
  return program;
}

void ProgramBuilder::keep_instances() {
  if (running_ == nullptr) return;
  const std::vector<ComponentLayout>& old = running_->layout->components;
  for (Entry& entry : entries_) {
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

void ProgramBuilder::put_in_order() {
  std::vector<OrderNode> nodes;
  for (const Entry& entry : entries_) {
    OrderNode node{static_cast<std::size_t>(entry.part.kind), {}};
    for (std::size_t i = 0; i < entry.sources.size(); ++i) {
      const std::optional<Source>& source = entry.sources[i];
      // What is delayed, and what an actuator applied on the last beat, is there before the beat begins.
      if (source && source->delay == 0 && !is_actuator(source->part)) node.needs.push_back(source->part);
      if (!source && !entry.part.instance->inputs()[i]->description().otherwise) {
        const std::string input =
            entry.part.name + "." + entry.part.instance->inputs()[i]->description().name;
        throw ProgramError("input " + input + " is not connected", {entry.part.name});
      }
    }
    nodes.push_back(std::move(node));
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
  for (const std::size_t index : order_) {
    const Entry& entry = entries_[index];
    ComponentLayout component{entry.part.name, entry.part.plugin, entry.part.kind, {}, layout->signals, 0,
                              nullptr};
    for (const Output* output : entry.part.instance->outputs()) {
      component.signals.push_back({output->description().name, output->description().unit});
    }
    layout->signals += component.signals.size();
    auto rate = std::ranges::find(layout->rates, entry.part.schedule);
    if (rate == layout->rates.end()) rate = layout->rates.insert(rate, entry.part.schedule);
    component.rate = static_cast<std::size_t>(rate - layout->rates.begin());
    component.timing = std::make_shared<StepTiming>(
        durations, layout->components.size(),
        entry.predecessor ? running_->layout->components[*entry.predecessor].timing.get() : nullptr);
    layout->components.push_back(std::move(component));
  }
  layout->worst = std::make_shared<WorstBeats>(order_.size() + 2);  // before the steps, each step, after them
  return layout;
}

void ProgramBuilder::place_frames(Program& program) const {
  const ProgramLayout& layout = *program.layout;
  std::size_t extra = 0;  // one place for each input that reads neither a frame nor nothing at all
  for (const Entry& entry : entries_) extra += entry.sources.size();
  program.values.assign(layout.signals + extra, 0.0);
  program.statuses.assign(layout.signals + extra, Status::stale);  // until its component has run
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const NewPart& made = entries_[order_[i]].part;
    Part part;
    part.instance = made.instance;
    part.lines = made.lines;
    part.device = made.device;
    part.kept = entries_[order_[i]].predecessor.has_value();
    part.values = program.values.data() + layout.components[i].first;
    part.statuses = program.statuses.data() + layout.components[i].first;
    program.parts.push_back(std::move(part));
  }
  for (const Schedule& schedule : layout.rates) program.rates.emplace_back(schedule, layout.period);
}

void ProgramBuilder::wire(Program& program) const {
  std::size_t free = program.layout->signals;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Entry& entry = entries_[order_[i]];
    for (std::size_t input = 0; input < entry.sources.size(); ++input) {
      std::size_t place = free++;
      if (const std::optional<Source>& source = entry.sources[input]) {
        const std::size_t signal = program.layout->components[place_[source->part]].first + source->output;
        // Actuators come last, in an order of no meaning to the user: between them "the last beat" is made
        // explicit.
        const bool between_actuators = is_actuator(source->part) && is_actuator(order_[i]);
        const std::size_t delay = between_actuators ? std::max<std::size_t>(source->delay, 1) : source->delay;
        if (delay == 0) {
          place = signal;
        } else {
          program.delays.emplace_back(signal, place, delay, source->initial);
          program.values[place] = source->initial;
          program.statuses[place] = Status::good;
        }
      } else {
        program.values[place] = *entry.part.instance->inputs()[input]->description().otherwise;
        program.statuses[place] = Status::good;
      }
      program.parts[i].wires.push_back(
          {program.values.data() + place, program.statuses.data() + place, entry.sources[input].has_value()});
    }
  }
}

void ProgramBuilder::make_steps(Program& program) {
  for (const Part& part : program.parts) {
    for (const Wire& wire : part.wires) program.input_statuses.push_back(wire.status);
  }
  std::size_t first = 0;
  for (std::size_t i = 0; i < program.parts.size(); ++i) {
    Part& part = program.parts[i];
    part.settings = std::move(entries_[order_[i]].part.settings);
    const ComponentLayout& about = program.layout->components[i];
    program.steps.push_back({part.instance.get(), &program.rates[about.rate],
                             program.input_statuses.data() + first, part.statuses,
                             static_cast<std::uint32_t>(part.wires.size()),
                             static_cast<std::uint32_t>(about.signals.size())});
    first += part.wires.size();
    if (about.kind == PluginKind::actuator)
      program.actuators.push_back(static_cast<Actuator*>(part.instance.get()));
  }
  program.stamps.assign(program.steps.size() + 3, 0);
}

void ProgramBuilder::make_handover(Program& program) const {
  if (running_ == nullptr) return;
  Handover& handover = program.handover;
  handover.predecessor = running_->number();
  std::vector<bool> comes_along(running_->parts.size(), false);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Entry& entry = entries_[order_[i]];
    if (!entry.predecessor) continue;
    comes_along[*entry.predecessor] = true;
    const ComponentLayout& old = running_->layout->components[*entry.predecessor];
    handover.frames.push_back({old.first, program.layout->components[i].first, old.signals.size()});

    const std::vector<Wire>& old_wires = running_->parts[*entry.predecessor].wires;
    for (std::size_t input = 0; input < entry.sources.size(); ++input) {
      const auto feeds = [](const Program& block, const Wire& wire) {
        return [place = static_cast<std::size_t>(wire.value - block.values.data())](const DelayLine& delay) {
          return delay.target() == place;
        };
      };
      const auto before = std::ranges::find_if(running_->delays, feeds(*running_, old_wires[input]));
      const auto after = std::ranges::find_if(program.delays, feeds(program, program.parts[i].wires[input]));
      if (before == running_->delays.end() || after == program.delays.end()) continue;
      if (before->beats() != after->beats()) continue;
      handover.delays.push_back({static_cast<std::size_t>(before - running_->delays.begin()),
                                 static_cast<std::size_t>(after - program.delays.begin())});
      handover.frames.push_back({before->target(), after->target(), 1});
    }
  }
  for (std::size_t i = 0; i < comes_along.size(); ++i) {
    if (!comes_along[i]) handover.stop.push_back({i, running_->layout->components[i].component});
  }
  for (std::size_t i = 0; i < running_->layout->rates.size(); ++i) {
    const auto same = std::ranges::find(program.layout->rates, running_->layout->rates[i]);
    if (same == program.layout->rates.end()) continue;
    handover.rates.push_back({i, static_cast<std::size_t>(same - program.layout->rates.begin())});
  }
  release_outputs(program);
}

void ProgramBuilder::release_outputs(Program& program) const {
  const auto still_written = [&](const Device* device, std::size_t channel) {
    return std::ranges::any_of(program.parts, [&](const Part& part) {
      return part.device == device &&
             std::ranges::any_of(part.lines, [&](const OutputLine& line) { return line.channel == channel; });
    });
  };
  for (const Part& old : running_->parts) {
    std::vector<std::size_t> channels;
    SafeWrite write;
    for (const OutputLine& line : old.lines) {
      if (line.safe_hold || still_written(old.device, line.channel)) continue;
      channels.push_back(line.channel);
      write.raw.push_back((line.safe - line.offset) / line.scale);
    }
    if (channels.empty()) continue;
    write.device = old.device;
    write.group = old.device->group(Direction::output, std::move(channels));
    program.handover.release.push_back(std::move(write));
  }
}

}  // namespace tactus
