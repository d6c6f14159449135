#include "supervisor/safe_outputs.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace tactus {

PreparedPlan::PreparedPlan(SafePlan plan, PluginLibrary& library) : plan_(std::move(plan)) {
  Findings findings;
  const auto specification = parse_specification(plan_.specification, plan_.file, {}, findings);
  if (!specification) throw std::runtime_error(findings.to_text());
  QuantityReader quantities(specification->constants, findings);
  for (const DeviceSpecification& device : specification->devices) {
    const auto is_here = [&](const SafeOutput& output) { return output.device == device.name; };
    if (std::ranges::none_of(plan_.outputs, is_here)) continue;
    Prepared prepared{device.name, make_device(device, library, quantities, findings), nullptr};
    if (prepared.made.device == nullptr ||
        !configure_device(prepared.made, *specification, device, findings)) {
      throw std::runtime_error(findings.to_text());
    }
    prepared.writer = prepared.made.device->safe_writer();
    devices_.push_back(std::move(prepared));
  }
}

SafeWriter* PreparedPlan::writer(const std::string& device) const {
  const auto found = std::ranges::find(devices_, device, &Prepared::name);
  return found != devices_.end() ? found->writer.get() : nullptr;
}

std::vector<std::string> PreparedPlan::unguarded() const {
  std::vector<std::string> signals;
  for (const SafeOutput& output : plan_.outputs) {
    if (!output.hold && writer(output.device) == nullptr) signals.push_back(output.signal);
  }
  return signals;
}

SafeWriting::SafeWriting(std::vector<std::shared_ptr<const PreparedPlan>> plans, std::uint64_t running)
    : plans_(std::move(plans)) {
  std::vector<const SafePlan*> all;
  for (const auto& plan : plans_) all.push_back(&plan->plan());
  for (const SafeChoice& choice : merge(all, running)) {
    const SafeOutput& output = *choice.output;
    SafeResult& result = results_.emplace_back(SafeResult{output, SafeResult::Kind::held});
    if (output.hold) continue;
    SafeWriter* const writer = plans_[choice.plan]->writer(output.device);
    result.kind = writer != nullptr ? SafeResult::Kind::failed : SafeResult::Kind::unguarded;
    if (writer == nullptr) continue;
    auto group = std::ranges::find(groups_, writer, &Group::writer);
    if (group == groups_.end()) group = groups_.insert(group, Group{writer, {}, {}, {}});
    group->results.push_back(results_.size() - 1);
    group->channels.push_back(output.channel);
    group->values.push_back(output.raw);
  }
}

bool SafeWriting::attempt() {
  for (Group& group : groups_) {
    if (!group.done) write(group);
  }
  return std::ranges::all_of(groups_, &Group::done);
}

/// A driver that throws is as bad as one that fails, and keeps no other output from being made safe.
void SafeWriting::write(Group& group) {
  std::string text;
  try {
    const DeviceResult result = group.writer->write(group.channels, group.values);
    group.done = result.kind != DeviceResult::Kind::failed;
    text = result.text;
  } catch (const std::exception& error) {
    text = error.what();
  } catch (...) {
    text = "an exception of unknown type";
  }
  for (const std::size_t index : group.results) {
    results_[index].kind = group.done ? SafeResult::Kind::safe : SafeResult::Kind::failed;
    results_[index].text = group.done ? "" : text;
  }
}

}  // namespace tactus
