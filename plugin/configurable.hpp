#pragma once
// State and settings apart: an object that stays while programs come and go is state; everything that
// configuration derives for it (parameter values, filter coefficients, tables) is settings and belongs to the
// program.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/parameter.hpp"

namespace tactus {

template <class T>
class Derived;

/// Owner of one derived settings object, whatever its type.
class DerivedStorage {
 public:
  virtual ~DerivedStorage() = default;
};

/// The settings of one plug-in instance in one program: made in the ordinary domain, constant while the
/// program lives.
struct Settings {
  std::vector<Value> values;                             ///< in the order of the parameters
  std::vector<std::unique_ptr<DerivedStorage>> derived;  ///< in the order of the Derived members
};

class DerivedBase;

/// What `configure` is told and may answer. Ordinary domain only.
class Configuration {
 public:
  struct Refusal {
    std::string parameter;  ///< at fault; empty when no single one is
    std::string text;
  };

  /// `dt`: the time between two updates of this component (of a device: the beat), in seconds.
  Configuration(double dt, bool virtual_time, std::string directory)
      : dt_(dt), virtual_time_(virtual_time), directory_(std::move(directory)) {}

  double dt() const { return dt_; }
  /// True when the experiment runs in virtual time, where waiting harms nobody.
  bool virtual_time() const { return virtual_time_; }

  /// The path of a file named in a parameter: relative names are relative to the file that the user wrote.
  std::string path(std::string_view name) const {
    if (name.empty() || name.front() == '/' || directory_.empty()) return std::string(name);
    return directory_ + "/" + std::string(name);
  }

  /// Refuses the configuration, with the parameter at fault and what to do instead. May be called several
  /// times.
  void refuse(std::string parameter, std::string text) {
    refusals_.push_back({std::move(parameter), std::move(text)});
  }
  const std::vector<Refusal>& refusals() const { return refusals_; }

 private:
  double dt_;
  bool virtual_time_;
  std::string directory_;
  std::vector<Refusal> refusals_;
};

/// Visits the state of a component by name, in one verb for saving, restoring and adopting.
/// The names and their order are the component's own; sizes must not depend on the moment.
class StateVisitor {
 public:
  virtual void visit(const char* name, double* values, std::size_t count) = 0;
  void visit(const char* name, double& value) { visit(name, &value, 1); }
  /// Whole numbers and flags pass as numbers: exact up to 2^53.
  template <class Integer>
  requires std::is_integral_v<Integer>
  void visit(const char* name, Integer& value) {
    double number = static_cast<double>(value);
    visit(name, &number, 1);
    value = static_cast<Integer>(number);
  }

 protected:
  ~StateVisitor() = default;
};

/// Base of everything that is loaded as a plug-in: components and devices.
class Configurable {
 public:
  // The words of a plug-in's declarations, so that it needs no `tactus::` in front of each.
  template <class T>
  using Parameter = tactus::Parameter<T>;
  template <class T>
  using Derived = tactus::Derived<T>;
  using Configuration = tactus::Configuration;
  using StateVisitor = tactus::StateVisitor;

  Configurable() = default;
  Configurable(const Configurable&) = delete;
  Configurable& operator=(const Configurable&) = delete;
  virtual ~Configurable() = default;

  /// Checks the parameters together and fills the Derived members. Ordinary domain.
  /// It runs on an instance of its own that is bound to the new settings, while the instance that holds the
  /// state may be running under the old ones: so it must leave everything but Derived members alone, if a
  /// kept instance is to notice. (On an instance that is new, whatever else it prepares is kept.)
  virtual void configure(Configuration&) {}

  /// Shows its state by name; see StateVisitor. A component without state leaves it as it is.
  virtual void state(StateVisitor&) {}
  /// What of its state `state` cannot show, for the user (`it listens to a network`); null if that is all.
  /// Ordinary domain.
  virtual const char* unsaveable() const { return nullptr; }

  const std::vector<ParameterBase*>& parameters() const { return parameters_; }
  const std::vector<DerivedBase*>& derived() const { return derived_; }

  /// Makes this instance read the given settings. Real-time; called between two updates.
  inline void bind(const Settings& settings);
  /// Fresh settings with room for the derived ones; values are the defaults, or empty where there is none.
  inline Settings make_settings() const;

 private:
  friend class ParameterBase;
  friend class DerivedBase;
  std::vector<ParameterBase*> parameters_;
  std::vector<DerivedBase*> derived_;
};

inline ParameterBase::ParameterBase(Configurable& owner, ParameterDescription description)
    : description_(std::make_unique<const ParameterDescription>(std::move(description))) {
  owner.parameters_.push_back(this);
}

/// Base of Derived<T>.
class DerivedBase {
 public:
  explicit DerivedBase(Configurable& owner) { owner.derived_.push_back(this); }
  DerivedBase(const DerivedBase&) = delete;
  DerivedBase& operator=(const DerivedBase&) = delete;
  virtual std::unique_ptr<DerivedStorage> make() const = 0;
  virtual void bind(DerivedStorage& storage) = 0;

 protected:
  virtual ~DerivedBase() = default;
};

/// Data of type T that a component computes from its parameters: filled in `configure`, read in `update`.
template <class T>
class Derived final : public DerivedBase {
  struct Storage final : DerivedStorage {
    T value{};
  };

 public:
  explicit Derived(Configurable& owner) : DerivedBase(owner) {}

  const T* operator->() const { return value_; }
  const T& operator*() const { return *value_; }
  /// The object to fill; for `configure` only.
  T& edit() { return *value_; }

  std::unique_ptr<DerivedStorage> make() const override { return std::make_unique<Storage>(); }
  void bind(DerivedStorage& storage) override { value_ = &static_cast<Storage&>(storage).value; }

 private:
  T* value_ = nullptr;
};

inline void Configurable::bind(const Settings& settings) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i]->bind(settings.values[i]);
  for (std::size_t i = 0; i < derived_.size(); ++i) derived_[i]->bind(*settings.derived[i]);
}

inline Settings Configurable::make_settings() const {
  Settings settings;
  for (const ParameterBase* parameter : parameters_) {
    const ParameterDescription& about = parameter->description();
    settings.values.push_back(about.initial.value_or(about.type));
  }
  for (const DerivedBase* derived : derived_) settings.derived.push_back(derived->make());
  return settings;
}

}  // namespace tactus
