#include "tests/event/engine_like_machine.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tactus::test {
namespace {

constexpr int state_count = 7;
constexpr int trigger_count = 9;

// Where each trigger leads from each state, and '-' where it is ignored. Starting and Stopping are passed
// through by their actions when they are entered, so they show as Running and Ready; a machine put into one
// of them (by `restore`) waits for the trigger. The columns are the triggers in their order.
struct Line {
  State from;
  const char* to;
};
//                                  load start started pause resume stop stopped fault reset
constexpr Line table[] = {
    {State::idle, /*            */ "R    -     -       -     -      -    -       F     -"},
    {State::ready, /*           */ "-    X     -       -     -      -    -       F     -"},
    {State::starting, /*        */ "-    -     X       -     -      -    -       F     -"},
    {State::running, /*         */ "-    -     -       P     -      R    -       F     -"},
    {State::paused, /*          */ "-    -     -       -     X      R    -       F     -"},
    {State::stopping, /*        */ "-    -     -       -     -      -    R       F     -"},
    {State::fault, /*           */ "-    -     -       -     -      R    -       F     X"},
};

State state_of(char letter, State otherwise) {
  switch (letter) {
    case 'R':
      return State::ready;
    case 'X':
      return State::running;
    case 'P':
      return State::paused;
    case 'F':
      return State::fault;
    default:
      return otherwise;
  }
}

TEST(EngineLikeMachine, FollowsItsTable) {
  int cells = 0;
  for (const Line& line : table) {
    std::string letters(line.to);
    std::erase(letters, ' ');
    ASSERT_EQ(letters.size(), static_cast<std::size_t>(trigger_count));
    for (int t = 0; t < trigger_count; ++t) {
      const auto trigger = static_cast<Trigger>(t);
      const char letter = letters[static_cast<std::size_t>(t)];
      Experiment experiment;
      auto& machine = experiment.machine;
      ASSERT_TRUE(machine.restore(line.from));
      const std::string cell =
          std::string(machine.name(line.from)) + " --" + std::string(machine.trigger_name(trigger)) + "-->";
      EXPECT_EQ(machine.accepts(trigger), letter != '-') << cell;
      EXPECT_EQ(machine.post(trigger), letter == '-' ? Posted::ignored : Posted::moved) << cell;
      EXPECT_EQ(machine.state(), state_of(letter, line.from)) << cell;
      ++cells;
    }
  }
  EXPECT_EQ(cells, state_count * trigger_count);
}

TEST(EngineLikeMachine, RunsAnExperiment) {
  Experiment experiment;
  auto& machine = experiment.machine;
  machine.post(Trigger::load);
  machine.post(Trigger::start);
  EXPECT_EQ(machine.state(), State::running) << "Starting is over when its action is";
  EXPECT_EQ(experiment.starts, 1);
  for (int i = 0; i < 10; ++i) machine.step();
  EXPECT_EQ(experiment.beats, 10);
  machine.post(Trigger::pause);
  for (int i = 0; i < 10; ++i) machine.step();
  EXPECT_EQ(experiment.beats, 10) << "no beats while paused";
  EXPECT_EQ(experiment.made_safe, 1);
  machine.post(Trigger::resume);
  machine.step();
  EXPECT_EQ(experiment.beats, 11);
  machine.post(Trigger::stop);
  EXPECT_EQ(machine.state(), State::ready);
  EXPECT_EQ(experiment.stops, 1);
}

TEST(EngineLikeMachine, AFaultInABeatEndsTheBeatFirstAndIsLeftByReset) {
  Experiment experiment;
  auto& machine = experiment.machine;
  machine.post(Trigger::load);
  machine.post(Trigger::start);
  experiment.fail_next_beat = true;
  machine.step();
  EXPECT_EQ(machine.state(), State::fault);
  EXPECT_EQ(experiment.made_safe, 1);
  EXPECT_EQ(machine.post(Trigger::fault), Posted::moved);
  EXPECT_EQ(experiment.made_safe, 1) << "a second fault doesn't enter the state again";
  machine.step();
  EXPECT_EQ(experiment.beats, 0);
  machine.post(Trigger::reset);
  machine.step();
  EXPECT_EQ(experiment.beats, 1);
}

TEST(EngineLikeMachine, DoesNotStartUnarmed) {
  Experiment experiment;
  experiment.armed = false;
  experiment.machine.post(Trigger::load);
  EXPECT_EQ(experiment.machine.post(Trigger::start), Posted::prevented);
  EXPECT_EQ(experiment.machine.state(), State::ready);
}

TEST(EngineLikeMachine, RecordsItsTransitionsByEnumeration) {
  Experiment experiment;
  auto& machine = experiment.machine;
  std::vector<std::string> recorded;
  auto record = [&](const Event<Experiment::Machine::Change>::Firing& firing) {
    const auto& [from, trigger, to] = firing.payload;
    recorded.push_back(std::string(machine.name(from)) + "/" + std::string(machine.trigger_name(trigger)) +
                       "/" + std::string(machine.name(to)));
  };
  ASSERT_TRUE(machine.changed().add_listener(record, Handling::asynchronous));
  machine.post(Trigger::load);
  machine.post(Trigger::start);
  machine.post(Trigger::fault);
  EXPECT_EQ(machine.changed().handle_pending(), 4u);
  EXPECT_EQ(recorded, (std::vector<std::string>{"Idle/load/Ready", "Ready/start/Starting",
                                                "Starting/started/Running", "Running/fault/Fault"}));
}

TEST(EngineLikeMachine, IsDrivenByEventsToo) {
  Experiment experiment;
  auto& machine = experiment.machine;
  Event<int> alarm("alarm");
  machine.on(alarm, Trigger::fault);
  machine.post(Trigger::load);
  alarm.fire(4711);
  EXPECT_EQ(machine.state(), State::fault);
}

}  // namespace
}  // namespace tactus::test
