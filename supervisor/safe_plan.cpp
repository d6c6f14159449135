#include "supervisor/safe_plan.hpp"

#include <algorithm>

namespace tactus {
namespace {

using nlohmann::json;

const DevicePart& device_of(const Program& program, const Part& part) {
  return *std::ranges::find_if(
      program.devices, [&](const DevicePart& candidate) { return candidate.device.get() == part.device; });
}

json output_json(const SafeOutput& output) {
  return {{"signal", output.signal},   {"unit", output.unit},         {"device", output.device},
          {"channel", output.channel}, {"name", output.channel_name}, {"value", output.value},
          {"raw", output.raw},         {"hold", output.hold}};
}

SafeOutput safe_output(const json& output) {
  return {output.at("signal"), output.at("unit"),  output.at("device"), output.at("channel"),
          output.at("name"),   output.at("value"), output.at("raw"),    output.at("hold")};
}

}  // namespace

SafePlan plan_of(const Program& program, const Specification& specification) {
  const ProgramLayout& layout = *program.layout;
  SafePlan plan{.program = program.number(),
                .period_ns = layout.period.times(1),
                .file = specification.file,
                .specification = to_yaml(specification.tree)};
  for (const ComponentLayout& component : layout.components) plan.steps.push_back(component.component);
  for (const DevicePart& device : program.devices) plan.devices.push_back(device.name);
  for (const Chain& chain : program.chains) plan.chains.push_back(chain.name);
  for (std::size_t i = 0; i < program.parts.size(); ++i) {
    const Part& part = program.parts[i];
    if (part.device == nullptr || !part.device->is_hardware()) continue;
    const std::vector<Channel> channels = part.device->channels();
    for (const OutputLine& line : part.lines) {
      plan.outputs.push_back({.signal = layout.components[i].component + "." + line.signal,
                              .unit = line.unit,
                              .device = device_of(program, part).name,
                              .channel = line.channel,
                              .channel_name = channels[line.channel].name,
                              .value = line.safe,
                              .raw = (line.safe - line.offset) / line.scale,
                              .hold = line.safe_hold});
    }
  }
  return plan;
}

json to_json(const SafePlan& plan) {
  json outputs = json::array();
  for (const SafeOutput& output : plan.outputs) outputs.push_back(output_json(output));
  return {{"program", plan.program}, {"period_ns", plan.period_ns},
          {"file", plan.file},       {"steps", plan.steps},
          {"devices", plan.devices}, {"chains", plan.chains},
          {"outputs", outputs},      {"specification", plan.specification}};
}

SafePlan safe_plan(const json& plan) {
  SafePlan result{.program = plan.at("program"),
                  .period_ns = plan.at("period_ns"),
                  .file = plan.at("file"),
                  .specification = plan.at("specification"),
                  .steps = plan.at("steps"),
                  .devices = plan.at("devices"),
                  .chains = plan.at("chains")};
  for (const json& output : plan.at("outputs")) result.outputs.push_back(safe_output(output));
  return result;
}

std::vector<SafeChoice> merge(std::span<const SafePlan* const> plans, std::uint64_t running) {
  std::vector<SafeChoice> choices;
  const auto take = [&](std::size_t plan) {
    for (const SafeOutput& output : plans[plan]->outputs) {
      const auto same = std::ranges::find_if(choices, [&](const SafeChoice& choice) {
        return choice.output->device == output.device && choice.output->channel == output.channel;
      });
      if (same != choices.end()) {
        *same = {plan, &output};
      } else {
        choices.push_back({plan, &output});
      }
    }
  };
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i]->program != running) take(i);
  }
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i]->program == running) take(i);
  }
  return choices;
}

}  // namespace tactus
