#pragma once
// Runs a program beat by beat without an engine, kernel or clock, to look at the numbers.

#include <string>
#include <string_view>

#include "engine/program.hpp"

namespace tactus::testing {

class ByHand {
 public:
  explicit ByHand(Program& program) : program_(program) {
    for (Rate& rate : program.rates) rate.begin(0, nullptr);
    for (Part& part : program.parts) {
      part.instance->bind(part.settings);
      part.instance->bind_frame(part.values, part.statuses);
      part.instance->bind_supervision(supervision_);
      for (std::size_t i = 0; i < part.wires.size(); ++i)
        part.instance->inputs()[i]->bind(part.wires[i].value, part.wires[i].status, part.wires[i].connected);
      part.instance->start({});
    }
  }

  void run(int beats) {
    for (int i = 0; i < beats; ++i) {
      for (Rate& rate : program_.rates) rate.advance(beat_, program_.layout->period.times(beat_));
      for (const DevicePart& device : program_.devices) device.device->advance(program_.rates.front().beat());
      for (DelayLine& delay : program_.delays) delay.shift();
      for (const Step& step : program_.steps) {
        if (step.rate->due()) step.run();
      }
      supervision_.orders.clear();
      ++beat_;
    }
  }

  /// Gives the modes a command, for the next beat.
  void command(std::string_view name) { supervision_.orders.add(ModeOrders::Kind::command, name); }

  /// The value of `component` and `signal`; not a number if there is none.
  double value(std::string_view component, std::string_view signal) const {
    for (const ComponentLayout& each : program_.layout->components) {
      if (each.component != component) continue;
      for (std::size_t i = 0; i < each.signals.size(); ++i)
        if (each.signals[i].name == signal) return program_.values[each.first + i];
    }
    return std::numeric_limits<double>::quiet_NaN();
  }

  const FaultLatch& fault() const { return supervision_.fault; }

 private:
  Program& program_;
  Supervision supervision_;
  std::uint64_t beat_ = 0;
};

}  // namespace tactus::testing
