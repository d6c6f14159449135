#include "app/session/resumption.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>

#include "reporter/recover.hpp"

namespace tactus {
namespace {

Checkpoint read(const std::string& recording) {
  if (is_marked_open(recording)) recover(recording);
  return last_checkpoint(recording);
}

/// The first name that only one of them has.
std::string difference(const std::vector<std::string>& saved, const std::vector<std::string>& wanted) {
  const auto [before, now] = std::ranges::mismatch(saved, wanted);
  if (before == saved.end()) return *now + " was not saved";
  return *before + " is not wanted";
}

}  // namespace

Resumption::Resumption(const std::string& recording) : checkpoint_(read(recording)) {}

std::string Resumption::name_beside(const std::string& file) {
  const std::filesystem::path path(file);
  std::string stem = path.stem();
  unsigned number = 1;
  const std::size_t dash = stem.find_last_of('-');
  if (dash != std::string::npos && stem.size() - dash <= 4) {  // `run-2`, but no date
    const char* const end = stem.data() + stem.size();
    const auto [rest, error] = std::from_chars(stem.data() + dash + 1, end, number);
    if (error == std::errc() && rest == end) stem.resize(dash);
  }
  std::filesystem::path beside;
  do {
    beside = path.parent_path() / fmt::format("{}-{}{}", stem, ++number, path.extension().string());
  } while (std::filesystem::exists(beside));
  return beside;
}

void Resumption::restore(const Compiled& compiled, bool virtual_time) {
  Program& program = *compiled.program;
  if (program.layout->states != checkpoint_.names) {
    throw std::runtime_error("the checkpoint does not fit to this version: " +
                             difference(checkpoint_.names, program.layout->states));
  }
  program.restore(checkpoint_.numbers);
  continuation_ = {.beat = (virtual_time ? checkpoint_.beat : checkpoint_.last_beat) + 1,
                   .origin = program.origin,
                   .outputs_stand = !compiled.hardware};
  for (const CompiledBound& bound : compiled.bounds) {
    const Part& part = program.parts[bound.part];
    expected_.push_back({bound, part.values[bound.output], part.statuses[bound.output]});
  }
}

void Resumption::verify(Program& program) const {
  const Period& period = program.layout->period;
  const Instant& origin = continuation_.origin;
  Beat beat{.number = continuation_.beat,
            .time_ns = origin.time_ns + period.times(continuation_.beat - origin.beat),
            .dt = period.seconds(),
            .elapsed = period.seconds() * static_cast<double>(continuation_.beat - checkpoint_.beat)};
  for (const DevicePart& part : program.devices) {
    const DeviceResult result = part.device->advance(beat);
    if (result.kind != DeviceResult::Kind::ok) throw DeviceError("device " + part.name + ": " + result.text);
  }
  std::set<std::size_t> scanners;
  for (const Expectation& expected : expected_) scanners.insert(expected.bound.part);
  for (const std::size_t scanner : scanners) {
    const ComponentLayout& about = program.layout->components[scanner];
    Supervision supervision;  // until the engine binds the part to its own
    program.parts[scanner].bind(supervision);
    beat.dt = program.rates[about.rate].beat().dt;
    program.parts[scanner].instance->update(beat);
    if (supervision.fault.raised()) throw Disagreement(about.component + ": " + supervision.fault.reason());
  }
  for (const Expectation& expected : expected_) check(expected, program);
  program.restore(checkpoint_.numbers);
}

void Resumption::check(const Expectation& expected, const Program& program) const {
  const CompiledBound& bound = expected.bound;
  const Part& part = program.parts[bound.part];
  const double value = part.values[bound.output];
  const Status status = part.statuses[bound.output];
  if (status != Status::good) throw Disagreement(bound.signal + " is " + to_string(status) + " now");
  if (expected.status != Status::good) {
    throw Disagreement(fmt::format("{} was {} at the checkpoint, beat {}", bound.signal,
                                   to_string(expected.status), checkpoint_.beat));
  }
  if (std::abs(value - expected.value) <= bound.within) return;
  throw Disagreement(
      fmt::format("{} is {:.6g} {}, and was {:.6g} {} at the checkpoint, beat {}: allowed are {:.6g} {} "
                  "between them",
                  bound.signal, value, bound.unit, expected.value, bound.unit, checkpoint_.beat, bound.within,
                  bound.unit));
}

}  // namespace tactus
