#pragma once
// What has to be written, and where, if the engine no longer can.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "engine/program.hpp"
#include "interpreter/specification.hpp"

namespace tactus {

/// One output of hardware.
struct SafeOutput {
  std::string signal;  ///< `drive.pump`
  std::string unit;    ///< of `value`
  std::string device;
  std::size_t channel = 0;  ///< index into Device::channels()
  std::string channel_name;
  double value = 0;   ///< that is safe, in the signal's unit
  double raw = 0;     ///< the same in the channel's unit
  bool hold = false;  ///< safe means: to be left alone
};

/// The outputs of one program, and what else the supervisor has to know of it. Immutable.
struct SafePlan {
  std::uint64_t program = 0;
  std::int64_t period_ns = 0;
  std::string file{};           ///< that the user named
  std::string specification{};  ///< all of it, as YAML: the devices are configured from it
  std::vector<std::string> steps{}, devices{}, chains{};  ///< names, in the order of the program
  std::vector<SafeOutput> outputs{};
};

/// The plan of a program compiled from `specification`. Ordinary domain.
SafePlan plan_of(const Program& program, const Specification& specification);

nlohmann::json to_json(const SafePlan& plan);
/// Throws nlohmann::json::exception if it is none.
SafePlan safe_plan(const nlohmann::json& json);

/// An output that is to be made safe, by whichever plan has it.
struct SafeChoice {
  std::size_t plan = 0;
  const SafeOutput* output = nullptr;
};

/// All outputs of several plans, each channel once. Where two plans know the same channel, that of the
/// program `running` counts.
std::vector<SafeChoice> merge(std::span<const SafePlan* const> plans, std::uint64_t running);

}  // namespace tactus
