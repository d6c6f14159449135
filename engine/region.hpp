#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "components/component.hpp"
#include "components/condition.hpp"
#include "event/state_machine.hpp"

namespace tactus {

/// What follows from being in a mode: which components are active, and how. The engine's side of a region.
class ModeEffect {
 public:
  /// Real-time, before any other component's turn. `turn`: the beat at hand, from within `update`; null from
  /// within `start`, where turns are still to be given.
  virtual void enter(std::size_t mode, const Beat* turn) = 0;

 protected:
  ~ModeEffect() = default;
};

/// One region of the application's modes: a state machine whose states are the modes. It has its turn first
/// in a beat, so it sees every signal as the last beat left it (of regions before it in the file, the mode of
/// this one), and the mode that it enters is that of this whole beat. It takes at most one transition in a
/// beat: the first one, in the order of the plan, whose condition is known to hold.
///
/// Its outputs are `mode`, the number of the mode in the order of the plan, and `elapsed`, the virtual system
/// time since that was entered.
///
/// A region is made anew for each program; the mode goes on by its name.
class Region final : public Component {
 public:
  static constexpr PluginKind plugin_kind = PluginKind::region;

  struct Transition {
    std::size_t to = 0;
    Condition condition{};       ///< over the region's inputs and commands; not looked at if `after` is given
    std::uint64_t after = 0;     ///< taken after so many beats in the mode; 0: by the condition
    std::string announcement{};  ///< of the new mode, with the cause
  };
  struct Mode {
    std::string name;
    std::vector<Transition> transitions{};
  };
  struct Plan {
    std::string name;  ///< the region's own
    std::vector<Mode> modes{};
    std::size_t initial = 0;
    std::vector<std::string> commands{};  ///< that conditions ask for, by their number there
  };

  /// Declares an input for each signal of the conditions. Ordinary domain, once, on a new instance.
  void declare(const std::vector<std::string>& signals);
  /// Gives it its modes. Throws std::invalid_argument for a plan that cannot be meant so: see
  /// StateGraph::check. Ordinary domain, once.
  void attach(Plan plan);
  /// Whom to tell of modes that are entered; outlives the region's last update. Ordinary domain.
  void set_effect(ModeEffect& effect) { effect_ = &effect; }
  const Plan& plan() const { return plan_; }

  /// Goes on where the region of the same name in the program before was; if there is no mode of that name
  /// any more, it begins anew. Real-time, before `start`.
  void take_over(const Region& predecessor);

  /// In place of `start`, if its state was restored: brings about again what follows from the mode.
  void go_on();

  void start(const Beat& beat) override;
  void update(const Beat& beat) override;
  void state(StateVisitor& visitor) override;

 private:
  /// A transition as the machine sees it.
  struct Edge {
    Region& region;
    const Transition& transition;
    bool is_open() noexcept;
    void take() noexcept { region.announcement_ = transition.announcement.c_str(); }
  };

  std::optional<std::size_t> read_orders();
  void enter(const Beat& beat, const Beat* turn);
  void show(const Beat& beat);

  Output mode_{*this, "mode", "1", "number of the present mode"};
  Output elapsed_{*this, "elapsed", "s", "time since the present mode was entered"};
  std::vector<std::unique_ptr<Input>> signals_;
  Plan plan_;
  std::vector<std::unique_ptr<Edge>> edges_;
  std::optional<StateMachine> machine_;
  ModeEffect* effect_ = nullptr;
  std::vector<std::uint8_t> commands_;  // whether each was given since the last beat
  const char* announcement_ = "";
  std::uint64_t beat_ = 0;     // the one at hand
  std::uint64_t entered_ = 0;  // the beat at which the present mode was entered
};

}  // namespace tactus
