#pragma once
// What all five functional components have in common: ports, parameters, a life of start, update and stop.

#include <span>
#include <vector>

#include "components/port.hpp"
#include "plugin/beat.hpp"
#include "plugin/configurable.hpp"
#include "plugin/registration.hpp"
#include "plugin/supervision.hpp"

namespace tactus {

/// Base of the five kinds. Constructed and configured in the ordinary domain; `start`, `update` and `stop`
/// run in the real-time domain: no allocation, no lock, no system call, no unbounded loop.
class Component : public Configurable {
 public:
  using Input = tactus::Input;
  using Output = tactus::Output;
  using Beat = tactus::Beat;
  using Status = tactus::Status;

  /// On the component's first beat, before its first `update`.
  virtual void start(const Beat&) {}
  /// Its turn in a beat: reads inputs and parameters, writes outputs.
  virtual void update(const Beat&) = 0;
  /// In the beat in which it leaves the running program.
  virtual void stop() {}

  const std::vector<Input*>& inputs() const { return inputs_; }
  const std::vector<Output*>& outputs() const { return outputs_; }

  /// Gives the component its frame: its outputs stand side by side there. Real-time, between two updates.
  void bind_frame(double* values, Status* statuses) {
    values_ = values;
    statuses_ = statuses;
    for (std::size_t i = 0; i < outputs_.size(); ++i) outputs_[i]->bind(values + i, statuses + i);
  }
  /// Where its faults go. Real-time, between two updates.
  void bind_supervision(Supervision& supervision) { supervision_ = &supervision; }

 protected:
  /// Ends the beat here: safe values go out and the engine enters its Fault state. `reason` must be a
  /// literal.
  void fault(const char* reason, const char* signal = "", double value = 0) {
    supervision_->fault.raise(reason, signal, value);
  }
  Supervision& supervision() { return *supervision_; }
  const Supervision& supervision() const { return *supervision_; }

  /// The frame: one value and one status for each output, in the order of their declaration.
  std::span<double> frame_values() { return {values_, outputs_.size()}; }
  std::span<Status> frame_statuses() { return {statuses_, outputs_.size()}; }

 private:
  friend class tactus::Input;
  friend class tactus::Output;
  std::vector<Input*> inputs_;
  std::vector<Output*> outputs_;
  double* values_ = nullptr;
  Status* statuses_ = nullptr;
  Supervision* supervision_ = nullptr;
};

inline Input::Input(Component& owner, std::string name, std::string unit, std::string description,
                    InputOptions options)
    : description_(
          new PortDescription{std::move(name), std::move(unit), std::move(description), options.otherwise}) {
  owner.inputs_.push_back(this);
}

inline Output::Output(Component& owner, std::string name, std::string unit, std::string description)
    : description_(
          new PortDescription{std::move(name), std::move(unit), std::move(description), std::nullopt}) {
  owner.outputs_.push_back(this);
}

}  // namespace tactus
