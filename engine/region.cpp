#include "engine/region.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tactus {
namespace {

/// The only trigger: a beat.
constexpr TriggerId next_beat = 0;

}  // namespace

void Region::declare(const std::vector<std::string>& signals) {
  for (const std::string& signal : signals) signals_.push_back(std::make_unique<Input>(*this, signal));
}

void Region::attach(Plan plan) {
  plan_ = std::move(plan);
  commands_.assign(plan_.commands.size(), 0);
  std::vector<std::string> names;
  for (const Mode& mode : plan_.modes) names.push_back(mode.name);
  StateGraph graph(plan_.name, std::move(names), {"beat"});
  for (std::size_t from = 0; from < plan_.modes.size(); ++from) {
    for (const Transition& transition : plan_.modes[from].transitions) {
      edges_.emplace_back(new Edge{*this, transition});
      graph.transition(
          static_cast<StateId>(from), next_beat, static_cast<StateId>(transition.to),
          {.guard = method<&Edge::is_open>(*edges_.back()), .output = method<&Edge::take>(*edges_.back())});
    }
  }
  machine_.emplace(std::move(graph), static_cast<StateId>(plan_.initial));
}

bool Region::Edge::is_open() noexcept {
  if (transition.after != 0) return region.beat_ - region.entered_ >= transition.after;
  return transition.condition.evaluate(region.signals_, region.commands_) == 1;  // what is unknown is not
}

void Region::take_over(const Region& predecessor) {
  const std::string& name = predecessor.plan_.modes[predecessor.machine_->state()].name;
  const auto same = std::ranges::find(plan_.modes, name, &Mode::name);
  if (same == plan_.modes.end() || !predecessor.machine_->started()) return;
  machine_->restore(static_cast<StateId>(same - plan_.modes.begin()));
  entered_ = predecessor.entered_;
}

void Region::go_on() {
  machine_->restore(machine_->state());
  effect_->enter(machine_->state(), nullptr);
}

void Region::start(const Beat& beat) {
  beat_ = beat.number;
  if (machine_->started()) {
    effect_->enter(machine_->state(), nullptr);
  } else {
    machine_->start();
    announcement_ = plan_.modes[machine_->state()].name.c_str();
    enter(beat, nullptr);
  }
  show(beat);
}

void Region::update(const Beat& beat) {
  beat_ = beat.number;
  const StateId before = machine_->state();
  if (const std::optional<std::size_t> ordered = read_orders()) {
    machine_->restore(static_cast<StateId>(*ordered));
    announcement_ = plan_.modes[*ordered].name.c_str();
  } else {
    machine_->post(next_beat);
  }
  if (machine_->state() != before) enter(beat, &beat);
  show(beat);
}

/// Notes which commands were given; the mode, if the user has chosen one.
std::optional<std::size_t> Region::read_orders() {
  std::ranges::fill(commands_, std::uint8_t{0});
  std::optional<std::size_t> chosen;
  for (const ModeOrders::Order& order : supervision().orders.all()) {
    std::string_view name = order.name();
    if (order.kind == ModeOrders::Kind::command) {
      const auto known = std::ranges::find(plan_.commands, name);
      if (known != plan_.commands.end())
        commands_[static_cast<std::size_t>(known - plan_.commands.begin())] = 1;
    } else if (name.starts_with(plan_.name) && name.substr(plan_.name.size()).starts_with('.')) {
      name.remove_prefix(plan_.name.size() + 1);
      const auto known = std::ranges::find(plan_.modes, name, &Mode::name);
      if (known != plan_.modes.end()) chosen = static_cast<std::size_t>(known - plan_.modes.begin());
    }
  }
  return chosen;
}

void Region::enter(const Beat& beat, const Beat* turn) {
  const StateId mode = machine_->state();
  entered_ = beat.number;
  supervision().announcements.add(Announcements::Kind::mode, plan_.name.c_str(), announcement_, mode);
  effect_->enter(mode, turn);
}

void Region::show(const Beat& beat) {
  mode_.set(machine_->state(), Status::good);
  elapsed_.set(static_cast<double>(beat.number - entered_) * beat.dt, Status::good);
}

void Region::state(StateVisitor& visitor) {
  StateId mode = machine_->state();
  visitor.visit("mode", mode);
  visitor.visit("entered", entered_);
  if (mode != machine_->state()) machine_->restore(mode);
}

}  // namespace tactus
