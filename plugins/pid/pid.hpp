#pragma once
#include <cstdint>
#include <limits>

#include "tactus.hpp"

namespace tactus::plugins {

/// PID controller with two degrees of freedom, for set-point r and measurement y:
///
///     v = kp (b r - y) + I + D + feedforward,      output = v, limited to low..high
///     dI/dt = ki (r - y) - (v - applied)/tracking  (the second term: anti-windup by back-calculation)
///     D = kd s/(1 + filter s) (c r - y)
///
/// Discretised as by Astrom and Wittenmark, Computer-Controlled Systems, 3rd ed., section 8.5: the integral
/// by forward differences, so that it can use what was really applied; the derivative by backward
/// differences, which stay free of ringing for every `filter`. Both take the time really elapsed, after
/// missed beats too.
///
/// Anti-windup compares v of the last beat with `applied`, wire it to the actuator's signal; without it, with
/// the controller's own limits. `back-calculation` leads the integral back with the time constant `tracking`;
/// `clamping` stops it while it would drive further into the limit.
///
/// Bumpless: the integral is kept as a contribution to the output. A new ki, c, filter or tracking acts on
/// what happens from then on only; for a new kp or b the integral takes up the difference (Astrom and
/// Hagglund, Advanced PID Control, 2006, section 13.4), if there is integral action. At its start, and after
/// a gap in its inputs or a mode in which it was not active, the output goes on from `applied`, if that is
/// connected.
///
/// While set-point, measurement or feedforward is bad or not finite the output holds with the status bad and
/// the integral rests.
class Pid final : public Controller {
 public:
  enum class AntiWindup : std::int64_t { back_calculation, clamping, none };

  void configure(Configuration& configuration) override;
  void start(const Beat&) override;
  void update(const Beat& beat) override;
  void state(StateVisitor& visitor) override;

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  struct Times {
    double filter = 0;
    double tracking = 1;
  };

  void check(Configuration& configuration) const;
  bool inputs_usable() const;
  bool applied_usable() const;
  double proportional_part(double gain, double weight, double r, double y) const;
  void take_over();
  void keep_continuous();
  void integrate(double elapsed);
  void differentiate(double elapsed);

  Input setpoint{*this, "setpoint", "Y", "what the measurement should be"};
  Input measurement{*this, "measurement", "Y", "what it is"};
  Input feedforward{*this, "feedforward", "U", "is added to the output", {.otherwise = 0.0}};
  Input applied{
      *this, "applied", "U", "what the actuator really applied on the last beat", {.otherwise = 0.0}};

  Parameter<double> kp{*this, "kp", {.unit = "U/Y"}, "proportional gain"};
  Parameter<double> ki{*this, "ki", {.unit = "U/Y/s", .initial = 0.0}, "integral gain, kp/Ti"};
  Parameter<double> kd{*this, "kd", {.unit = "U.s/Y", .initial = 0.0}, "derivative gain, kp Td"};
  Parameter<double> b{*this, "b", {.initial = 1.0}, "set-point weight of the proportional part"};
  Parameter<double> c{*this, "c", {.initial = 0.0}, "set-point weight of the derivative part"};
  Parameter<double> filter{*this,
                           "filter",
                           {.unit = "s", .initial = 0.0, .min = 0},
                           "time constant of the derivative's filter; 0: a tenth of kd/kp"};
  Parameter<double> low{*this, "low", {.unit = "U", .initial = -infinity}, "lowest output"};
  Parameter<double> high{*this, "high", {.unit = "U", .initial = infinity}, "highest output"};
  Parameter<AntiWindup> anti_windup{
      *this,
      "anti_windup",
      {.initial = AntiWindup::back_calculation, .choices = "back-calculation|clamping|none"},
      "what the integral does while the output is limited"};
  Parameter<double> tracking{*this,
                             "tracking",
                             {.unit = "s", .initial = 0.0, .min = 0},
                             "time constant of back-calculation; 0: sqrt(Ti Td), without derivative Ti"};

  Output output{*this, "output", "U", "control signal, limited"};
  Output proportional{*this, "proportional", "U", "its proportional part"};
  Output integral{*this, "integral", "U", "its integral part"};
  Output derivative{*this, "derivative", "U", "its derivative part"};

  Derived<Times> times_{*this};

  // Of the last beat with usable inputs.
  double integral_ = 0;  ///< as a contribution to the output
  double slope_ = 0;     ///< of c r - y, filtered; the derivative part without its gain
  double setpoint_ = 0;
  double measurement_ = 0;
  double error_ = 0;
  double unlimited_ = 0;
  double limited_ = 0;
  double kp_ = 0;
  double b_ = 0;
  bool continues_ = false;  ///< the values above are of the beat before this one
};

}  // namespace tactus::plugins
