// Components for tests, one for each thing that a description can say.
#include "tactus.hpp"

namespace {

using namespace tactus;

/// Unit variables, as a PID has them.
class Gain : public Controller {
  Input setpoint{*this, "setpoint", "Y", "what is wanted"};
  Input measurement{*this, "measurement", "Y", "what is"};
  Input extra{*this, "extra", "U", "added", {.otherwise = 0.0}};
  Parameter<double> kp{*this, "kp", {.unit = "U/Y"}, "gain"};
  Parameter<double> ki{*this, "ki", {.unit = "U/Y/s", .initial = 0.0, .min = 0}, "integral gain"};
  Output output{*this, "output", "U", "to the actuator"};

  void update(const Beat&) override { output = kp * (setpoint - measurement) + extra; }
};
TACTUS_PLUGIN(Gain, "parts/gain", "proportional controller")

class Wave : public Generator {
  enum class Shape { constant, ramp };
  Parameter<Shape> shape{
      *this, "shape", {.initial = Shape::constant, .choices = "constant|ramp"}, "of the signal"};
  Parameter<double> level{*this, "level", {.unit = "U", .initial = 0.0}, "of a constant"};
  Parameter<double> period{*this, "period", {.unit = "s", .initial = 1.0, .min = 0}, "of a ramp"};
  Output value{*this, "value", "U", "the signal"};

  void configure(Configuration& configuration) override {
    if (shape == Shape::ramp && period < 2 * configuration.dt())
      configuration.refuse("period", "is too short");
    if (level == 13) configuration.refuse("", "13 brings bad luck");
  }
  void update(const Beat& beat) override { value = shape == Shape::constant ? level : beat.time() / period; }
};
TACTUS_PLUGIN(Wave, "parts/wave", "constant or ramp")

/// A state that nobody can save.
class Radio : public Generator {
  Parameter<double> level{*this, "level", {.unit = "U", .initial = 0.0}, "of the signal"};
  Output value{*this, "value", "U", "the signal"};
  void update(const Beat&) override { value = level; }
  const char* unsaveable() const override { return "it listens to the world"; }
};
TACTUS_PLUGIN(Radio, "parts/radio", "what is heard")

/// Each type of parameter; fixed units.
class Everything : public Observer {
  Input angle{*this, "angle", "rad", "an angle", {.otherwise = 0.0}};
  Parameter<bool> on{*this, "on", {.initial = false}, "a truth"};
  Parameter<std::int64_t> order{*this, "order", {.initial = 2, .min = 1, .max = 4}, "a whole number"};
  Parameter<std::string> label{*this, "label", {.initial = ""}, "a text"};
  Parameter<std::vector<double>> taps{
      *this, "taps", {.unit = "V", .initial = std::vector<double>{}, .max = 5}, "a list"};
  Parameter<double> hysteresis{
      *this, "hysteresis", {.unit = "K", .initial = 0.0, .quantity = Quantity::difference}, "a difference"};
  Parameter<double> threshold{*this, "threshold", {.unit = "K", .initial = 300.0}, "an absolute"};
  Parameter<double> cutoff{*this, "cutoff", {.unit = "rad/s", .initial = 1.0}, "an angular rate"};
  Parameter<double> share{*this, "share", {.initial = 0.5, .min = 0, .max = 1}, "a ratio"};
  Parameter<double> must{*this, "must", {.unit = "V"}, "has no default"};
  Output degrees{*this, "degrees", "degree", "the angle"};
  Output total{*this, "total", "V", "sum of taps"};

  void update(const Beat&) override {
    degrees = angle * 57.29577951308232;
    double sum = 0;
    for (const double tap : *taps.operator->()) sum += tap;
    total = sum;
  }
};
TACTUS_PLUGIN(Everything, "parts/everything", "has all there is")

class Reserved : public Observer {
  Parameter<double> inputs{*this, "inputs", {.initial = 0.0}, "a word of the format"};
  Output value{*this, "value", "1", "nothing"};
  void update(const Beat&) override { value = inputs; }
};
TACTUS_PLUGIN(Reserved, "parts/reserved", "names a parameter as it must not")

class Sum : public Observer {
  Input a{*this, "a", "E", "first"};
  Input b{*this, "b", "E", "second"};
  Output value{*this, "value", "E", "a + b"};
  void update(const Beat&) override { value = a + b; }
};
TACTUS_PLUGIN(Sum, "parts/sum", "adds")

class Unmakable : public Observer {
 public:
  Unmakable() { throw std::runtime_error("no licence"); }
  void update(const Beat&) override {}
};
TACTUS_PLUGIN(Unmakable, "parts/unmakable", "cannot be made")

class NoUnit : public Observer {
  Output value{*this, "value", "blargs", "in a unit that is none"};
  void update(const Beat&) override { value = 0; }
};
TACTUS_PLUGIN(NoUnit, "parts/no-unit", "declares a wrong unit")

class Brackets : public Observer {
  Input a{*this, "a", "E", "something", {.otherwise = 0.0}};
  Output value{*this, "value", "1/(E s)", "in a unit that cannot be solved"};
  void update(const Beat&) override { value = a; }
};
TACTUS_PLUGIN(Brackets, "parts/brackets", "declares a unit with brackets")

/// A scanner that looks at what it read.
class Doubting : public Scanner {
  Parameter<double> bound{*this, "bound", {.initial = 1.0}, "beyond it a value is bad"};
  void examine(const Beat&, std::span<double> values, std::span<Status> statuses) override {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] > bound) statuses[i] = Status::bad;
  }
};
TACTUS_PLUGIN(Doubting, "parts/doubting", "a scanner that doubts")

}  // namespace
