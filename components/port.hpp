#pragma once
// How data enters and leaves a component: ports. Which signal is behind an input is the program's business;
// the port holds its address for as long as the program runs.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "mediator/status.hpp"

namespace tactus {

class Component;

/// What is known of a port. The unit is a UDUNITS-2 string or a unit variable (`E`, `U`, `U/E`) that the
/// wiring resolves.
struct PortDescription {
  std::string name;
  std::string unit;
  std::string description;
  std::optional<double>
      otherwise;  ///< of an input: its constant value when nothing is connected; absent: required
};

/// What is optional in the declaration of an input.
struct InputOptions {
  std::optional<double> otherwise = std::nullopt;
};

/// One signal that a component reads. In `update` it reads like the number itself.
class Input {
 public:
  Input(Component& owner, std::string name, std::string unit = "1", std::string description = "",
        InputOptions options = {});
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  operator double() const { return *value_; }
  Status status() const { return *status_; }
  bool good() const { return *status_ == Status::good; }
  /// False if the user connected nothing and the constant of the declaration stands in.
  bool connected() const { return connected_; }

  const PortDescription& description() const { return *description_; }
  /// Real-time, between two updates: the addresses belong to the program.
  void bind(const double* value, const Status* status, bool connected) {
    value_ = value;
    status_ = status;
    connected_ = connected;
  }

 private:
  const double* value_ = nullptr;
  const Status* status_ = nullptr;
  bool connected_ = false;
  std::unique_ptr<const PortDescription> description_;  // apart: the beat only touches the addresses
};

/// One signal that a component writes. Before each `update` its status is set to the worst status of the
/// component's inputs; a component that knows better says so with `set`.
class Output {
 public:
  Output(Component& owner, std::string name, std::string unit = "1", std::string description = "");
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Output& operator=(double value) {
    *value_ = value;
    return *this;
  }
  void set(double value, Status status) {
    *value_ = value;
    *status_ = status;
  }
  /// What was written last, by this beat or an earlier one (across swaps, too).
  operator double() const { return *value_; }
  Status status() const { return *status_; }

  const PortDescription& description() const { return *description_; }
  void bind(double* value, Status* status) {
    value_ = value;
    status_ = status;
  }

 private:
  double* value_ = nullptr;
  Status* status_ = nullptr;
  std::unique_ptr<const PortDescription> description_;
};

}  // namespace tactus
