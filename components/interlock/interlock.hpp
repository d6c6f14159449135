#pragma once
#include <memory>
#include <string>
#include <vector>

#include "components/component.hpp"
#include "components/condition.hpp"

namespace tactus {

/// Watches a condition on every beat, after the controllers and before the actuators. While it is tripped its
/// output `tripped` is 1; actuators read it like any signal and keep their outputs safe, see OutputLine.
/// It trips when its condition holds, or cannot be told because a signal in it is bad; it is released when
/// the condition is known not to hold, and, if it latches, only by an acknowledgement. A signal that has
/// never been written is bad, one that is stale has a value that was good once and counts. So an interlock
/// over a slow component keeps its outputs safe from the beginning until it knows better; that alone is no
/// incident, and needs no acknowledgement.
class Interlock final : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::interlock;

  struct Policy {
    std::string name{};  ///< the interlock's own
    Condition condition{};
    bool latch = true;
    bool fault = false;  ///< the engine goes into Fault on each beat on which it is tripped
    /// Nobody could tell the difference.
    bool same(const Policy& other) const {
      return condition == other.condition && latch == other.latch && fault == other.fault;
    }
  };

  /// Declares an input for each signal of the condition. Ordinary domain, once, on a new instance.
  void declare(const std::vector<std::string>& signals);
  /// Puts the policy into the settings at hand. Ordinary domain, where `configure` runs.
  void attach(Policy policy);

  void update(const Beat&) override;
  void state(StateVisitor& visitor) override {
    visitor.visit("tripped", is_tripped_);
    visitor.visit("latched", is_latched_);
    visitor.visit("informed", is_informed_);
  }

 private:
  Output tripped_{*this, "tripped", "1", "1 while it is tripped"};
  std::vector<std::unique_ptr<Input>> signals_;
  Derived<Policy> policy_{*this};
  bool is_tripped_ = false;
  bool is_latched_ = false;   // it takes an acknowledgement to release it
  bool is_informed_ = false;  // the condition was known once
};

}  // namespace tactus
