#pragma once
// The outputs of programs as the supervisor's process can write them.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "device/device.hpp"
#include "interpreter/device_maker.hpp"
#include "supervisor/safe_plan.hpp"

namespace tactus {

/// A plan with the safe writers of its devices, which this process has made and configured for itself, and
/// not opened. Ordinary domain.
class PreparedPlan {
 public:
  /// Throws std::runtime_error if a device can't be made.
  PreparedPlan(SafePlan plan, PluginLibrary& library);

  [[nodiscard]] const SafePlan& plan() const { return plan_; }
  /// Null if the device has none.
  [[nodiscard]] SafeWriter* writer(const std::string& device) const;
  /// Outputs that nothing makes safe when the engine's process dies: their device has no safe writer.
  [[nodiscard]] std::vector<std::string> unguarded() const;

 private:
  struct Prepared {
    std::string name;
    MadeDevice made;
    std::unique_ptr<SafeWriter> writer;
  };
  SafePlan plan_;
  std::vector<Prepared> devices_;
};

/// What became of one output.
struct SafeResult {
  SafeOutput output;
  enum class Kind : std::uint8_t {
    safe,
    held,       ///< left alone, as asked for
    unguarded,  ///< its device has no safe writer
    failed,     ///< `text` is why
  } kind = Kind::failed;
  std::string text{};
};

/// Writes the safe values of several plans, all channels of a device at once. For the one that is sure that
/// nobody else writes. Ordinary domain.
class SafeWriting {
 public:
  SafeWriting(std::vector<std::shared_ptr<const PreparedPlan>> plans, std::uint64_t running);

  /// Writes what is not safe yet. True when nothing is left that another try could make safe.
  bool attempt();
  [[nodiscard]] const std::vector<SafeResult>& results() const { return results_; }

 private:
  struct Group {
    SafeWriter* writer;
    std::vector<std::size_t> results;  // indices
    std::vector<std::size_t> channels;
    std::vector<double> values;
    bool done = false;
  };
  void write(Group& group);

  std::vector<std::shared_ptr<const PreparedPlan>> plans_;  // whose writers are used
  std::vector<SafeResult> results_;
  std::vector<Group> groups_;
};

}  // namespace tactus
